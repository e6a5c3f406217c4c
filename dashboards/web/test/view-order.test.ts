import { afterEach, expect, test } from "vitest";

import { order, screen } from "@/stores/view";

afterEach(() => { screen.value = "list"; });

test("what waits for a decision begins with the most serious; an order somebody chose stays with its screen", () => {
  expect(order.value).toBe("due");
  screen.value = "unsure";
  expect(order.value).toBe("severity");
  order.value = "newest";
  screen.value = "list";
  expect(order.value).toBe("due");
  screen.value = "unsure";
  expect(order.value).toBe("newest");
});
