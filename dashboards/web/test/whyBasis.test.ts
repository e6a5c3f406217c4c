import { expect, test } from "vitest";

import { whyLines, type WhySay } from "@/text/why";

const say: WhySay = { t: (key) => key, term: (_, key) => key, grid: (code) => code, limit: (text) => text };

test("legal bases stand after the unit, the most specific first, and only where there are any", () => {
  const basis = [{ text_zh: "《食品安全法》" }, { text_zh: "参照" }];
  const lines = whyLines({ unit: { name: "市场监管所" }, basis, raised: [{ text_zh: "规则“五人以上”" }], told: [{ text_zh: "告知镇街级" }] }, say);
  expect(lines.map(({ label }) => label)).toEqual(["why.unit", "why.basis", "why.raised", "why.told"]);
  expect(lines[1]).toEqual({ label: "why.basis", text: "《食品安全法》", more: ["参照"] });
  expect(whyLines({ basis: [] }, say)).toEqual([]);
});
