import { expect, test } from "vitest";

import { sentence } from "@/text/dictionary";
import { repeatChips, repeatTitle } from "@/text/repeat";
import type { Linked, Repeat } from "@/types";

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
