import { describe, expect, test } from "vitest";

import { Book } from "@/stores/book";
import { anIncident } from "./fixture";

describe("the book of versions", () => {
  test("a later version replaces an earlier one", () => {
    const book = new Book();
    book.put(anIncident({ journal_no: 2 }));
    expect(book.put(anIncident({ journal_no: 3, status: "accepted" }))).toBe(true);
    expect(book.get("i1")?.status).toBe("accepted");
  });

  test("a version already held, or an older one, is dropped", () => {
    const book = new Book();
    book.put(anIncident({ journal_no: 3, status: "accepted" }));
    expect(book.put(anIncident({ journal_no: 3 }))).toBe(false);
    expect(book.put(anIncident({ journal_no: 2 }))).toBe(false);
    expect(book.get("i1")?.status).toBe("accepted");
  });

  test("an ended incident leaves and no late version brings it back", () => {
    const book = new Book();
    book.put(anIncident({ journal_no: 2 }));
    book.put(anIncident({ journal_no: 5, status: "closed" }));
    expect(book.size).toBe(0);
    expect(book.put(anIncident({ journal_no: 4 }))).toBe(false);
    expect(book.size).toBe(0);
  });

  test("a reopened incident comes back", () => {
    const book = new Book();
    book.put(anIncident({ journal_no: 5, status: "closed" }));
    expect(book.put(anIncident({ journal_no: 6, status: "queued" }))).toBe(true);
    expect(book.size).toBe(1);
  });

  test("a snapshot drops what it does not list, but not what arrived meanwhile", () => {
    const book = new Book();
    for (const id of ["listed", "gone", "arrived"]) book.put(anIncident({ id }));
    book.keepOnly(new Set(["listed"]), new Set(["arrived"]));
    expect([...book.all()].map(({ id }) => id)).toEqual(["listed", "arrived"]);
  });
});
