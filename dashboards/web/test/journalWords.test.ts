import { describe, expect, test } from "vitest";

import { otherIncident } from "@/text/journalWords";

const entry = (type: string, data: Record<string, unknown>) => ({ no: 1, type, at: "2026-11-22T06:00:00Z", data });

describe("a journal entry", () => {
  test("of a merger names the other incident, on both sides", () => {
    expect(otherIncident(entry("merged", { into: "i2" }))).toBe("i2");
    expect(otherIncident(entry("child_joined", { child: "i1" }))).toBe("i1");
    expect(otherIncident(entry("accepted", { into: "i2" }))).toBeNull();
  });
});
