import { expect, test } from "vitest";

import { sentence } from "@/text/dictionary";
import { term } from "@/text/glossary";
import { whyLines } from "@/text/why";
import type { Why } from "@/types";

const lines = (why: Why) => whyLines(why, {
  t: (key, params) => sentence("zh", key, params), term: (group, key) => term("zh", group, key), grid: (code) => `${code}网格`, limit: String,
});
const reading = (name: string, share: number) => ({ code: "0000", name, share, words: [] });

test.each<[string, Why, { text: string; more: string[] }]>([
  ["other readings come with their shares, and those that nobody would choose are left out",
    { category: { name: "占道经营", words: ["摆摊"], confidence: 0.72, alternatives: [reading("乱停车", 0.214), reading("噪声", 0.001)] } },
    { text: "占道经营，把握 72%", more: ["依据词语 「摆摊」", "其他可能（占模型判断的份额） 乱停车 21%"] }],
  ["what is urgent says so, and a guess without words says who guessed",
    { category: { name: "火灾隐患", words: [], confidence: 0.9, urgent: true } },
    { text: "火灾隐患，把握 90%", more: ["判为紧急：正有危险或伤害", "没有哪个词单独起决定作用，由模型按全文判断"] }],
  ["words of danger are quoted where they made it urgent",
    { category: { name: "邻里纠纷", words: ["邻居"], confidence: 0.9, urgent: true, danger: "拎着斧头" } },
    { text: "邻里纠纷，把握 90%", more: ["判为紧急：正文有危险词 「拎着斧头」", "依据词语 「邻居」"] }],
  ["near a border each grid has its share, and the error of the position is told",
    { place: { name: "甲网格", how: "border", distance_m: 9.24, candidates: ["甲", "乙"], probabilities: [0.936, 0.064], given: { accuracy_m: 15 } } },
    { text: "甲网格，靠近网格边界，距边界 9 米", more: ["定位误差 15 米，可能落在几个网格", "候选 甲网格 94%、乙网格 6%"] }],
  ["why no unit was found is told too",
    { unit: { name: null, text: "没有网格，无法确定责任单位" } },
    { text: "未派单位", more: ["没有网格，无法确定责任单位"] }],
])("%s", (_, why, expected) => {
  const [{ text, more } = { text: "", more: [] }] = lines(why);
  expect({ text, more }).toEqual(expected);
});

test("a unit that nobody looked for is no line", () => {
  expect(lines({ unit: { name: null, text: null } })).toEqual([]);
});
