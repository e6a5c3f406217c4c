import { expect, it } from "vitest";

import { graverWords } from "@/text/rowText";
import { sentence } from "@/text/dictionary";
import { anIncident } from "./fixture";

const t = (key: string, values?: Record<string, string>): string => sentence("zh", key, values);
const by = "i2";

it("a row says by which words a later report made it graver", () => {
  expect(graverWords(anIncident({ graver: { by, words: "动刀" } }), { t })).toBe("加重:动刀");
  expect(graverWords(anIncident({ graver: { by, words: "" } }), { t })).toBe("加重");
});

it("and nothing where none did, or whoever looks may not know of it", () => {
  for (const graver of [null, undefined]) expect(graverWords(anIncident({ graver }), { t })).toBe("");
});
