import { expect, test } from "vitest";

import { sentence } from "@/text/dictionary";
import { otherWords, repeatChips, repeatTitle } from "@/text/repeat";
import type { Linked, Repeat, Similar } from "@/types";

const link = (id: string, status = "closed"): Linked => ({ id, number: `n-${id}`, status, status_zh: "", received_at: null });
const repeat = (fields: Partial<Repeat>): Repeat => ({ nth: 3, returning: false, earlier: [], later: [], ...fields });
const inWords = (one: Repeat | null): string | null => {
  const title = repeatTitle(one);
  return title && sentence("zh", title.key, { n: title.n });
};

test("a repeat matter says the how many-th it is", () => {
  expect(inWords(repeat({}))).toBe("重复事项 第3次");
  expect(inWords(repeat({ nth: 2, returning: true }))).toBe("办结后再次发生 第2次");
  expect(inWords(repeat({ nth: 0 }))).toBe("同一反映人有补充");
  expect(inWords(null)).toBeNull();
});

test("the others are chips, each once, earlier ones first", () => {
  const chips = repeatChips(repeat({ earlier: [link("a"), link("b", "merged")], later: [link("b"), link("c", "queued")] }));
  expect(chips).toEqual([
    { id: "a", number: "n-a", side: "earlier", status: "closed" },
    { id: "b", number: "n-b", side: "earlier", status: "merged" },
    { id: "c", number: "n-c", side: "later", status: "queued" },
  ]);
  expect(repeatChips(undefined)).toEqual([]);
});

const now = Date.parse("2026-11-22T08:00:00Z");
const other = (fields: Partial<Similar>): Similar =>
  ({ id: "o", number: "n-o", score: 0.7, away_m: 20, days: 0, status: "dispatched", unit_name: "环卫队", received_at: "2026-11-22T07:35:00Z", ...fields });

test.each<[Partial<Similar>, string]>([
  [{}, "25 分钟前 · dispatched · 环卫队"],
  [{ received_at: "2026-11-22T03:00:00Z" }, "5 小时前 · dispatched · 环卫队"],
  [{ received_at: "2026-11-21T03:00:00Z" }, "29 小时前 · dispatched · 环卫队"],
  [{ received_at: "2026-11-18T03:00:00Z" }, "4 天前 · dispatched · 环卫队"],
  [{ received_at: "2026-11-22T08:00:03Z" }, "不到 1 分钟前 · dispatched · 环卫队"],
  [{ status: "queued", unit_name: null }, "25 分钟前 · queued · 未派单位"],
  [{ status: undefined, unit_name: undefined, received_at: undefined }, ""],
])("a likely repeat says how old it is and who has it: %o", (fields, expected) => {
  expect(otherWords(other(fields), now, { t: (key, params) => sentence("zh", key, params), term: (_, key) => key })).toBe(expected);
});
