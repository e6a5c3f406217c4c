import { describe, expect, test } from "vitest";

import { type DigitPress, picks, type Place } from "@/keys/picking";

const digit = (key: string, place: Place, change: Partial<DigitPress> = {}): DigitPress => ({ key, composing: false, modified: false, place, ...change });

describe("a digit and the candidates of the form that is open", () => {
  test.each<[string, DigitPress, number | null]>([
    ["picks where nothing is typed yet", digit("2", "empty"), 2],
    ["picks where no input has the focus", digit("3", "free"), 3],
    ["is typed where a code was begun, its list hangs open or a note is written", digit("2", "taken"), null],
    ["beyond the candidates picks none", digit("4", "empty"), null],
    ["that begins a code picks none", digit("0", "empty"), null],
    ["with Ctrl is the browser's", digit("1", "empty", { modified: true }), null],
    ["of a word that is being composed is its own", digit("1", "empty", { composing: true }), null],
    ["alone picks, no letter does", digit("d", "free"), null],
  ])("%s", (_, pressed, expected) => {
    expect(picks(pressed, 3)).toBe(expected);
  });

  test("without candidates nothing is picked", () => {
    expect(picks(digit("1", "empty"), 0)).toBeNull();
  });
});
