import { describe, expect, test } from "vitest";

import glossary from "@glossary";
import { CATALOG } from "@/actions/catalog";
import { choicePoints, gridBounds, incidentPoints, labelPoints } from "@/map/features";
import { sentence } from "@/text/dictionary";
import en from "@/text/en.json";
import { term } from "@/text/glossary";
import { fromLocal, toLocal } from "@/text/localTime";
import { ageAtReceipt, clockTime, fullTime, stamp } from "@/text/time";
import { whyLines } from "@/text/why";
import zh from "@/text/zh.json";
import { anIncident } from "./fixture";

describe("words", () => {
  test("both languages have the same sentences with the same gaps", () => {
    const gaps = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const [key, text] of Object.entries(zh)) expect(gaps((en as Record<string, string>)[key] ?? ""), key).toEqual(gaps(text));
  });

  test("gaps are filled, and a missing key shows itself", () => {
    expect(sentence("zh", "list.new", { n: 3 })).toBe("3 条新事件");
    expect(sentence("en", "no.such.key")).toBe("no.such.key");
  });

  test("every action and every field has its words", () => {
    const words = zh as Record<string, string>;
    for (const [action, { fields }] of Object.entries(CATALOG)) {
      expect(glossary.actions).toHaveProperty(action);
      for (const { name, input } of fields) {
        expect(words).toHaveProperty([`field.${name}`]);
        if (input === "yes_no") expect(words).toHaveProperty([`yes.${name}`]);
      }
    }
  });

  test("every doubt says what to do about it", () => {
    for (const kind of Object.keys(glossary.doubts)) expect(zh as Record<string, string>).toHaveProperty([`doubt.${kind}`]);
  });

  test("a value that the glossary lacks is shown, not hidden", () => {
    expect(term("zh", "statuses", "queued")).toBe("待派单");
    expect(term("zh", "statuses", "brand_new")).toBe("brand_new");
  });
});

describe("times", () => {
  test("are those of the place, whatever zone the machine stands in", () => {
    expect(clockTime("2026-11-22T06:32:07Z")).toBe("14:32:07");
    expect(fullTime("2026-11-22T20:00:00Z")).toBe("2026-11-23 04:00:00");
  });

  test("say the year unless it is the present one of the place", () => {
    const newYear = Date.parse("2026-12-31T16:30:00Z"); // 2027 has begun in China
    expect(stamp("2019-11-25T17:50:00Z", newYear)).toBe("2019-11-26 01:50");
    expect(stamp("2026-12-31T15:00:00Z", newYear)).toBe("2026-12-31 23:00");
    expect(stamp("2026-12-31T16:10:00Z", newYear)).toBe("01-01 00:10");
    expect(stamp("2026-11-22T06:32:00Z", Date.parse("2026-11-25T00:00:00Z"))).toBe("11-22 14:32");
    expect(stamp("2027-01-01T00:00:00Z", Date.parse("2026-11-25T00:00:00Z"))).toBe("2027-01-01 08:00");
    expect(stamp(null)).toBe("");
  });

  test("what happened long before it was reported says how long", () => {
    const received = "2026-11-25T06:00:00Z";
    expect(ageAtReceipt("2019-11-25T06:00:00Z", received)).toEqual({ n: 7, unit: "years" });
    expect(ageAtReceipt("2026-10-14T06:00:00Z", received)).toEqual({ n: 42, unit: "days" });
    expect(ageAtReceipt("2026-10-26T06:00:00Z", received)).toBeNull();
    expect(ageAtReceipt("2026-11-26T06:00:00Z", received)).toBeNull();
    expect(ageAtReceipt(null, received)).toBeNull();
  });

  test("a date field speaks that time too", () => {
    expect(fromLocal("2026-11-22T14:32")).toBe("2026-11-22T14:32:00+08:00");
    expect(toLocal("2026-11-22T06:32:00Z")).toBe("2026-11-22T14:32");
    expect(fromLocal("")).toBeUndefined();
  });
});

test("the reasons name words, place, rule and versions, and leave out what is not known", () => {
  const lines = whyLines({
    category: { name: "占道经营", words: ["摆摊", "占道"] }, place: { how: "inside", grid_name: "元和·011", distance_m: 84.2 },
    unit: { name: "综合执法队", rule: "05", text: "规则 05：由综合执法队主办" }, limits: { limit_class: "T", accept: "4 WH", finish: "4 WH", contact: null }, versions: { policy: 3, boundary: 1 },
  }, { t: (key, params) => sentence("zh", key, params), term: (group, key) => term("zh", group, key), grid: String, limit: String });
  expect(lines.map(({ text }) => text)).toEqual(["占道经营", "元和·011，在网格内，距边界 84 米", "综合执法队", "签收 4 WH，办结 4 WH", "规则第 3 版 · 边界第 1 版"]);
  expect(lines[0]?.more).toContain("依据词语 「摆摊」「占道」");
});

test("the reasons say that it is over, and which words ask for a person", () => {
  const say = { t: (key: string, params?: Record<string, string | number>) => sentence("zh", key, params), term: (group: string, key: string) => term("zh", group, key), grid: String, limit: String };
  const [line] = whyLines({ category: { name: "火灾", doubt: "ambiguous_category", over: true, vetoes: ["反话"], hidden: ["猥亵"] } }, say as Parameters<typeof whyLines>[1]);
  expect(line?.more).toContain("原文称已结束或属误报：请核实是否还要处置");
  expect(line?.more).toContain("原文有「反话」：无论猜得多准，都由人决定");
  expect(line?.more).toContain("原文有「猥亵」：无论定为何类，只限经办链查看");
});

test("the reasons say it when the rules of a later version hold", () => {
  const say = { t: (key: string, params?: Record<string, string | number>) => sentence("zh", key, params), term: (group: string, key: string) => term("zh", group, key), grid: String, limit: String };
  const said = (versions: Record<string, number>) => whyLines({ versions }, say as Parameters<typeof whyLines>[1]).at(-1)?.text;
  expect(said({ policy: 5, policy_at_receipt: 3, boundary: 1 })).toBe("规则第 5 版（受理时第 3 版） · 边界第 1 版");
  expect(said({ policy: 3, policy_at_receipt: 3, boundary: 1 })).toBe("规则第 3 版 · 边界第 1 版");
});

describe("the map's features", () => {
  const square = (code: string, x: number, size: number) => ({
    type: "Feature" as const, properties: { code, name: code, level: "grid" },
    geometry: { type: "Polygon" as const, coordinates: [[[x, 0], [x + size, 0], [x + size, size], [x, size], [x, 0]]] },
  });
  const grids = { type: "FeatureCollection" as const, features: [square("a", 0, 1), square("b", 10, 2)] };

  test("an incident without a place is on no map", () => {
    expect(incidentPoints([anIncident({ lon: null, lat: null })]).features).toEqual([]);
  });

  test("worse incidents are drawn last, above the others", () => {
    const drawn = incidentPoints([anIncident({ severity: 1 }), anIncident({ severity: 4 })]).features;
    expect(drawn.map(({ properties }) => properties?.["severity"])).toEqual([4, 1]);
  });

  test("a grid's name stands in its middle, and shows earlier the larger it is", () => {
    const [a, b] = labelPoints(grids).features;
    expect(a?.geometry.coordinates).toEqual([0.5, 0.5]);
    expect(b?.properties?.["from_zoom"]).toBeLessThan(a?.properties?.["from_zoom"]);
  });

  test("candidates carry the numbers that choose them", () => {
    const numbered = choicePoints(labelPoints(grids), ["b", "a"]).features.map(({ properties }) => [properties?.["code"], properties?.["n"]]);
    expect(numbered).toEqual([["a", 2], ["b", 1]]);
  });

  test("the bounds are those of the wanted grids", () => {
    expect(gridBounds(grids)).toEqual([[0, 0], [12, 2]]);
    expect(gridBounds(grids, new Set(["b"]))).toEqual([[10, 0], [12, 2]]);
  });
});
