import { beforeEach, describe, expect, test, vi } from "vitest";

import type { ActionBody } from "@/api/endpoints";
import type { IncidentDetail, IncidentSummary, JournalEntry, Problem } from "@/types";
import { anIncident } from "./fixture";

const server = vi.hoisted(() => {
  class Memory {
    private readonly held = new Map<string, string>();
    getItem = (key: string): string | null => this.held.get(key) ?? null;
    setItem = (key: string, value: string): void => void this.held.set(key, value);
    removeItem = (key: string): void => void this.held.delete(key);
    clear = (): void => this.held.clear();
  }
  Object.assign(globalThis, { localStorage: new Memory(), sessionStorage: new Memory() });
  return { detail: vi.fn(), act: vi.fn() };
});
vi.mock("@/api/endpoints", () => ({ api: server }));
vi.mock("@/stores/settings", () => ({ t: (key: string) => key, term: (_: string, key: string) => key }));

const { ApiError, Unreachable } = await import("@/api/client");
const { adopt, begun, closeForm, drafts, failure, hasMoved, lookAt, movedBy, openAction, openForm, submit } = await import("@/stores/acting");
const { reload } = await import("@/stores/detail");
const { settle, withdrawGuess } = await import("@/stores/incidents");
const { selected } = await import("@/stores/selection");

const entry = (no: number, type: string): JournalEntry => ({ no, type, at: "2026-11-22T06:00:00Z" });
const full = (version: IncidentSummary, journal: JournalEntry[]): IncidentDetail => ({
  ...version, text: null, address: null, reporter: null, external: null, journal, why: null, flags: [], possible: ["return", "progress"], category_choices: [], grid_choices: [],
});
const late = (version: number): Error =>
  new ApiError({ title: "", status: 409, current: { version } } satisfies Problem);

let nth = 0;
let opened: IncidentSummary;
let accepted: IncidentSummary;
const journal = [entry(1, "reported"), entry(2, "dispatched")];

beforeEach(async () => {
  closeForm();
  vi.clearAllMocks();
  opened = anIncident({ id: `acting-${++nth}`, version: 2, journal_no: 2 });
  accepted = { ...opened, status: "accepted", version: 3, journal_no: 3 };
  await show(opened, journal);
});

async function show(version: IncidentSummary, entries: JournalEntry[]): Promise<void> {
  server.detail.mockResolvedValue(full(version, entries));
  selected.value = version.id;
  settle(version);
  await reload();
}

function open(): void {
  openForm("return");
  lookAt(opened, "return");
}

const goesOn = (): Promise<void> => show(accepted, [...journal, entry(3, "accepted")]);
const sent = (): ActionBody => server.act.mock.lastCall?.[1] as ActionBody;

describe("an open form", () => {
  test("sends the version it was opened over, however the incident moves on", async () => {
    open();
    await goesOn();
    server.act.mockRejectedValue(late(3));
    await submit(accepted, "return", { reason: "a" });
    expect(sent().version).toBe(2);
  });

  test("says at once what happened to the incident since", async () => {
    open();
    expect(hasMoved.value).toBe(false);
    await goesOn();
    expect(hasMoved.value).toBe(true);
    expect(movedBy.value.map(({ type }) => type)).toEqual(["accepted"]);
  });

  test("is not made stale by what leaves the decision as it was", async () => {
    open();
    await show({ ...opened, journal_no: 3 }, [...journal, entry(3, "progressed")]);
    expect(hasMoved.value).toBe(false);
  });

  test("sends the newest version once that was read", async () => {
    open();
    await goesOn();
    adopt();
    expect(hasMoved.value).toBe(false);
    server.act.mockResolvedValue({ incident: { ...accepted, version: 4, journal_no: 4 }, journal_no: 4 });
    await submit(accepted, "return", { reason: "a" });
    expect(sent().version).toBe(3);
  });

  test("comes back from a refusal with its version, its text and the choice to go on", async () => {
    open();
    drafts.type(opened.id, "return", { reason: "a" });
    server.act.mockRejectedValue(late(3));
    await submit(opened, "return", { reason: "a" });
    expect([openAction.value, hasMoved.value]).toEqual(["return", true]);
    expect(drafts.read(opened.id, "return").values).toEqual({ reason: "a" });
    adopt();
    expect(failure.value).toBeNull();
    await submit(opened, "return", { reason: "a" });
    expect(sent().version).toBe(3);
  });

  test("that broke a rule is not told that the incident has moved on", async () => {
    open();
    server.act.mockRejectedValue(late(opened.version));
    await submit(opened, "return", { reason: "a" });
    expect([openAction.value, hasMoved.value]).toEqual(["return", false]);
  });

  test("whose answer was lost goes out again as the same action, also when it was that which moved the incident", async () => {
    open();
    server.act.mockRejectedValue(new Unreachable());
    await submit(opened, "return", { reason: "a" });
    const first = sent();
    closeForm();
    await goesOn();
    openForm("return");
    lookAt(accepted, "return");
    await submit(accepted, "return", { reason: "a" });
    expect([sent().id, sent().version]).toEqual([first.id, 2]);
    withdrawGuess(opened.id);
  });

  test("that is closed and opened again decides on what is seen then", async () => {
    open();
    await goesOn();
    closeForm();
    openForm("return");
    lookAt(accepted, "return");
    expect(hasMoved.value).toBe(false);
  });
});

describe("a draft without a form", () => {
  test("is announced until it is sent, and not while its form is open", async () => {
    expect(begun.value).toEqual([]);
    openForm("progress");
    drafts.type(opened.id, "progress", { text: "a" });
    expect(begun.value).toEqual([]);
    closeForm();
    expect(begun.value).toEqual(["progress"]);
    server.act.mockResolvedValue({ incident: { ...opened, version: 3, journal_no: 3 }, journal_no: 3 });
    await submit(opened, "progress", { text: "a" });
    await reload();
    expect(begun.value).toEqual([]);
  });

  test("that was emptied again is none", () => {
    drafts.type(opened.id, "progress", { text: " ", other: null });
    openForm("progress");
    closeForm();
    expect(begun.value).toEqual([]);
  });
});
