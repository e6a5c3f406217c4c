import { describe, expect, test } from "vitest";

import { countdown, kindOf } from "@/text/countdown";
import { limitWords } from "@/text/limit";

const now = Date.parse("2026-11-22T06:00:00Z");
const at = (minutes: number): number => now + minutes * 60_000;

describe("a countdown", () => {
  test.each([
    [42, "30 分钟", "剩 42 分"],
    [0.5, "10 分钟", "剩 30 秒"],
    [200, "24 小时", "剩 3 时 20 分"],
    [180, "24 小时", "剩 3 时"],
    [14 * 60, "24 小时", "剩 14 时"],
    [3 * 24 * 60, "30 天", "剩 3 天"],
    [200, "4 工作时", "剩 3 工作时"],
    [2.5 * 24 * 60, "5 工作日", "剩 2 工作日"],
  ])("with %d minutes left of %s says %s", (minutes, limit, text) => {
    expect(countdown(at(minutes), now, limit)).toBe(text);
  });

  test("past its limit it counts what is over", () => {
    expect(countdown(at(-4), now, "10 分钟")).toBe("超 4 分");
    expect(countdown(at(-26 * 60), now, "5 工作日")).toBe("超 1 工作日");
  });

  test("at the very instant it is over, not left", () => {
    expect(countdown(now, now, "10 分钟")).toBe("超 0 秒");
  });

  test("is rounded down, so that nobody counts on time that is not there", () => {
    expect(countdown(at(42.99), now, "60 分钟")).toBe("剩 42 分");
  });

  test("speaks English too", () => {
    expect(countdown(at(42), now, "60 分钟", "en")).toBe("42 min");
    expect(countdown(at(-42), now, "60 分钟", "en")).toBe("over 42 min");
  });

  test("urgent working hours 紧急工作时 run round the clock", () => {
    expect(kindOf("3 紧急工作时")).toBe("clock");
    expect(kindOf("4 WH")).toBe("working_hour");
  });
});

test("a limit is said in words in either language, and words stay words", () => {
  expect(limitWords("4 WH", "zh")).toBe("4 工作时");
  expect(limitWords("10 MIN", "en")).toBe("10 min");
  expect(limitWords("次日中午前", "zh")).toBe("次日中午前");
});
