import { afterEach, describe, expect, test } from "vitest";

import { foresee } from "@/actions/optimistic";
import { anchorShift, isCalm, range, reveal } from "@/components/virtual";
import { inTab, matches, type Tab, wanted, type Wish } from "@/stores/filter";
import type { Order } from "@/stores/order";
import { similar } from "@/stores/similar";
import { urgency } from "@/stores/urgency";
import { clearFilters, found, order, rows, showTab, toggleSeverity } from "@/stores/view";
import { rowWords } from "@/text/rowText";
import { anIncident, due } from "./fixture";

const now = Date.parse("2026-11-22T07:00:00Z");
const say = { group: (code: string | null) => (code ? "社会治安" : ""), t: (key: string) => key };

describe("the list under the eye", () => {
  test("stays put when rows come in above the anchor", () => {
    expect(anchorShift(["a", "b", "c"], ["x", "a", "y", "b", "c"], "b")).toBe(2);
  });

  test("takes the next one down when the anchor has left", () => {
    expect(anchorShift(["a", "b", "c"], ["a", "c"], "b")).toBe(-1);
  });

  test("does not move for what comes in below", () => {
    expect(anchorShift(["a", "b"], ["a", "b", "c"], "a")).toBe(0);
  });

  test("without an anchor nothing is held", () => {
    expect(anchorShift(["a"], ["x", "a"], null)).toBe(0);
  });

  test("draws what is in sight and a little more", () => {
    expect(range(400, 200, 40, 1000, 2)).toEqual({ from: 8, to: 17 });
    expect(range(0, 200, 40, 3, 2)).toEqual({ from: 0, to: 3 });
  });

  test("fades in a lone newcomer, and nothing in a flood", () => {
    expect(isCalm(1, Number.POSITIVE_INFINITY)).toBe(true);
    expect(isCalm(1, 1000)).toBe(true);
    expect(isCalm(1, 300)).toBe(false);
    expect(isCalm(2, 5000)).toBe(false);
  });

  test("a row in sight is not scrolled to", () => {
    expect(reveal(5, 100, 400, 40)).toBe(100);
    expect(reveal(0, 100, 400, 40)).toBe(0);
    expect(reveal(20, 0, 400, 40)).toBe(440);
  });
});

describe("what the list shows", () => {
  const all: Wish = { tab: "all", severities: new Set(), group: null, unit: null, grid: null, q: "", picked: null };

  test("a returned matter waits for the desk as a queued one does", () => {
    expect(inTab(anIncident({ status: "returned" }), "queued", now)).toBe(true);
  });

  test("the last quarter of a limit is soon, and its end is over", () => {
    const limit = (due_at: string) => anIncident({ next_deadline: due(due_at) });
    expect(urgency(limit("2026-11-22T12:00:00Z"), now)).toBe("calm");
    expect(urgency(limit("2026-11-22T07:15:00Z"), now)).toBe("soon");
    expect(urgency(limit("2026-11-22T07:00:00Z"), now)).toBe("over");
    expect(urgency(anIncident(), now)).toBe("none");
  });

  test("conditions add up", () => {
    const incident = anIncident();
    expect(wanted(incident, { ...all, group: "05", severities: new Set([4]) }, now)).toBe(true);
    expect(wanted(incident, { ...all, group: "05", severities: new Set([1]) }, now)).toBe(false);
  });

  test("what a search over everything found is held to the pressed chips", () => {
    found.value = [anIncident({ id: "a", severity: 1 }), anIncident({ id: "b", severity: 4, status: "closed" })];
    toggleSeverity(4);
    expect(rows.value.map(({ id }) => id)).toEqual(["b"]);
    toggleSeverity(4);
    expect(rows.value.map(({ id }) => id)).toEqual(["a", "b"]);
    clearFilters();
  });

  test("every word of a search must be found", () => {
    expect(matches(anIncident(), "元和 摆摊")).toBe(true);
    expect(matches(anIncident(), "元和 火灾")).toBe(false);
  });

  test("a sensitive matter is not found by its category", () => {
    const incident = anIncident({ sensitive: true, excerpt: null, category_name: "学生欺凌/暴力" });
    expect(matches(incident, "欺凌")).toBe(false);
  });

  test("a sensitive row says group and place and no word more", () => {
    const row = rowWords(anIncident({ sensitive: true, excerpt: "不该出现的话", category_name: "学生欺凌/暴力" }), say);
    expect(row).toEqual({ lead: "社会治安", quiet: "元和·011" });
  });

  test("the nearest of the same group is offered first for a merge", () => {
    const near = anIncident({ id: "near", lon: 119.5701 });
    const far = anIncident({ id: "far", lon: 119.7 });
    const other = anIncident({ id: "other", category: "0201", lon: 119.57 });
    expect(similar(anIncident(), [far, other, near, anIncident()]).map(({ id }) => id)).toEqual(["near", "far"]);
  });
});

describe("what an action will most likely do", () => {
  test("a dispatch leaves a conflict to whoever reads it", () => {
    const seen = foresee(anIncident({ status: "queued", unit: null, doubts: [{ kind: "no_grid" }, { kind: "conflict" }] }), "dispatch", { unit: "u2" }, () => "司法所");
    expect(seen.doubts).toEqual([{ kind: "conflict" }]);
  });

  test("a dispatch gives it the unit and settles the doubts", () => {
    const seen = foresee(anIncident({ status: "queued", unit: null, doubts: [{ kind: "no_grid" }] }), "dispatch", { unit: "u2" }, () => "司法所");
    expect([seen.status, seen.unit_name, seen.doubts]).toEqual(["dispatched", "司法所", []]);
  });

  test("a failed verification goes back to work", () => {
    expect(foresee(anIncident({ status: "resolved" }), "verify", { passed: false }, String).status).toBe("accepted");
  });

  test("a stage report moves nothing", () => {
    expect(foresee(anIncident(), "progress", { text: "到场" }, String)).toEqual(anIncident());
  });
});

afterEach(() => { showTab("all"); });

test.each<[Tab, Order]>([
  ["unsure", "severity"], ["queued", "severity"],
  ["all", "due"], ["dispatched", "due"], ["accepted", "due"], ["soon", "due"], ["over", "due"], ["resolved", "due"],
])("what waits for a decision begins with the most serious, the rest with what runs out: %s by %s", (view, expected) => {
  showTab(view);
  expect(order.value).toBe(expected);
});

test("an order that somebody chose stays with its view", () => {
  showTab("queued");
  order.value = "newest";
  showTab("unsure");
  expect(order.value).toBe("severity");
  showTab("queued");
  expect(order.value).toBe("newest");
});
