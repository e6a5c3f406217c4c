import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nextTick } from "vue";

import { readAddress, writeAddress } from "@/stores/address";
import { followAddress, open, selected } from "@/stores/selection";
import { screen } from "@/stores/view";

describe("an address", () => {
  test("names screen and incident, and reads as it was written", () => {
    expect(writeAddress("unsure", "a/b")).toBe("#/unsure/a%2Fb");
    expect(readAddress("#/unsure/a%2Fb")).toEqual({ screen: "unsure", id: "a/b" });
    expect(readAddress("#/map")).toEqual({ screen: "map", id: null });
  });

  test("that makes no sense names nothing, and breaks nothing", () => {
    expect(readAddress("#/nowhere")).toEqual({ screen: null, id: null });
    expect(readAddress("#/list/%E4%B8")).toEqual({ screen: "list", id: "%E4%B8" });
    expect(readAddress("")).toEqual({ screen: null, id: null });
  });
});

describe("the page", () => {
  const place = { hash: "#/unsure/one" };
  let stop = (): void => undefined;
  let events: EventTarget;

  beforeEach(() => {
    events = new EventTarget();
    place.hash = "#/unsure/one";
    vi.stubGlobal("location", place);
    vi.stubGlobal("history", { replaceState: (_: null, __: string, hash: string) => (place.hash = hash) });
    vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
    vi.stubGlobal("removeEventListener", events.removeEventListener.bind(events));
    stop = followAddress();
  });
  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
  });

  function go(hash: string, how: "hashchange" | "popstate"): void {
    place.hash = hash;
    events.dispatchEvent(new Event(how));
  }

  test("opens what a pasted link names while another is open", () => {
    go("#/list/two", "hashchange");
    expect([screen.value, selected.value]).toEqual(["list", "two"]);
  });

  test("goes back with Back, also to where nothing was open", () => {
    go("#/unsure", "popstate");
    expect([screen.value, selected.value]).toEqual(["unsure", null]);
  });

  test("puts an address right that names no screen", () => {
    go("#/nowhere", "hashchange");
    expect(place.hash).toBe("#/unsure");
  });

  test("says in the address what was opened", async () => {
    open("three");
    await nextTick();
    expect(place.hash).toBe("#/unsure/three");
  });
});
