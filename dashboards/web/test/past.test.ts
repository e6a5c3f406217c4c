import { expect, test } from "vitest";

import { sentence } from "@/text/dictionary";
import { term } from "@/text/glossary";
import { pastWords, type PastSay } from "@/text/past";
import type { PastMatter } from "@/types";

const say: PastSay = { t: (key, params) => sentence("zh", key, params), term: (group, key) => term("zh", group, key) };
const matter = (change: Partial<PastMatter>): PastMatter => ({
  id: "p1", number: "261122-990101-000001-4", status: "closed", category_name: "暴露垃圾", unit_name: "环卫所", outcome: "solved",
  line: null, days: 3.04, away_m: 295, ...change,
});

test("a finished matter says its unit, what came of it and the days", () => {
  expect(pastWords(matter({}), say)).toEqual({ what: "暴露垃圾 · 相距 295 米", became: "环卫所 · 已解决 · 历时 3 天" });
  expect(pastWords(matter({ days: 0.3 }), say).became).toBe("环卫所 · 已解决 · 当天");
});

test("an open one says its state and no days; one without a place no distance", () => {
  expect(pastWords(matter({ status: "accepted", outcome: null, days: null, away_m: null }), say)).toEqual({ what: "暴露垃圾", became: "环卫所 · 处置中" });
});

test("what was handed over names the line that took it", () => {
  expect(pastWords(matter({ status: "handed_over", unit_name: null, outcome: null, line: "110", days: 0.1 }), say).became).toBe("110 · 已转紧急专线 · 当天");
});
