import { describe, expect, test } from "vitest";

import { type EnterPress, type Focus, sends } from "@/keys/sending";

const enter = (focus: Focus, change: Partial<EnterPress> = {}): EnterPress =>
  ({ key: "Enter", repeat: false, composing: false, modified: false, focus, ...change });

describe("Enter and the form that is open", () => {
  test.each<[string, EnterPress, boolean, boolean]>([
    ["sends where nothing else wants it", enter("free"), true, true],
    ["tells what is missing where nothing else wants it", enter("free"), false, true],
    ["is a new line in a text of several lines", enter("lines"), true, false],
    ["sends such a text with Ctrl", enter("lines", { modified: true }), true, true],
    ["chooses in a list that hangs open", enter("list"), true, false],
    ["sends from a select that is filled in", enter("choice"), true, true],
    ["opens a select while something is missing", enter("choice"), false, false],
    ["is a button's own", enter("own"), true, false],
    ["ends a word that is being composed", enter("free", { composing: true }), true, false],
    ["does not send again while it is held", enter("free", { repeat: true }), true, false],
    ["is no other key", enter("free", { key: "a" }), true, false],
  ])("%s", (_, pressed, ready, expected) => {
    expect(sends(pressed, ready)).toBe(expected);
  });
});
