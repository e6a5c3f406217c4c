import { expect, test } from "vitest";

import { choicesOf, whyLines, type WhySay } from "@/text/why";
import type { PlaceChoice } from "@/types";

const say: WhySay = {
  t: (key, params) => key === "comma" ? " / " : (params ? `${key}(${Object.values(params).join()})` : key), term: (_, key) => key, grid: (code) => code, limit: (text) => text,
};
const choice = (name: string): PlaceChoice => ({
  name, within: [], lon: 118.4, lat: 30.9, precision_m: 60, score: 0.5, words: name, reason: `“${name}”同名的有 2 处`,
});

test("places to choose from stand in the reasons, numbered", () => {
  const place = { how: "no_place", choices: [choice("杏林农贸市场"), choice("青梧农贸市场")] };
  expect(choicesOf(place).map(({ name }) => name)).toEqual(["杏林农贸市场", "青梧农贸市场"]);
  const [line] = whyLines({ place }, say);
  expect(line?.more).toEqual(["1. “杏林农贸市场”同名的有 2 处", "2. “青梧农贸市场”同名的有 2 处"]);
});

test("what the words decided, or contradict, is said", () => {
  const [named] = whyLines({ place: { how: "gazetteer", words: { ...choice("柳塘小学"), reason: "“柳塘小学门口”是柳塘小学" } } }, say);
  expect(named?.more).toContain("“柳塘小学门口”是柳塘小学");
  const [far] = whyLines({ place: { how: "inside", contradiction: { text: "相距 5.0 公里" } } }, say);
  expect(far?.more).toContain("相距 5.0 公里");
});

test("similar matters are lines with number, kind, likeness and distance", () => {
  const similar = [{ id: "i1", number: "261122-990101-000001-1", category_name: "暴露垃圾", score: 0.71, away_m: 20, days: 1 }];
  const [line] = whyLines({ similar }, say);
  expect(line).toEqual({ label: "why.similar", text: "261122-990101-000001-1 / 暴露垃圾 / why.alike(71) / why.away(20)", more: [] });
  expect(whyLines({ similar: [], joined: null }, say)).toEqual([]);
});
