"""A dispatcher at the console, in the words of the trade; and a reporter who sends in what they see."""

import base64
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import ConsoleMessage, FloatRect, Locator, Page, Request, expect

# What a request that failed on purpose leaves on the console is no fault of the page.
EXPECTED = ("409 (Conflict)", "net::ERR_", "503 (Service Unavailable)")

WATCH_POLICY = """
addEventListener("securitypolicyviolation", (e) =>
  console.error(`policy violated: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""

COUNT_PIXELS = """
async ([picture, colours, within]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const sheet = new OffscreenCanvas(image.width, image.height).getContext("2d");
  sheet.drawImage(image, 0, 0);
  const { data } = sheet.getImageData(0, 0, image.width, image.height);
  return colours.map(([r, g, b]) => {
    let [count, x, y] = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) {
      const far = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b);
      if (far > within) continue;
      count += 1;
      x += (at / 4) % image.width;
      y += Math.floor(at / 4 / image.width);
    }
    return [count, x / Math.max(count, 1), y / Math.max(count, 1)];
  });
}
"""

FOOT = 40  # pixels

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """How many pixels have a colour, and the middle of them all."""

    pixels: int
    x: float
    y: float


class Incidents:
    """The front door and the list, as programs use them."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def report(self, text: str, **fields: Any) -> dict[str, Any]:
        """Send one report and return its incident's summary, once triage has made it."""
        body = {"id": str(uuid4()), "text": text, "source": "grid", **fields}
        for _ in range(20):
            answer = self.client.post("/api/reports", json=body, headers={"Prefer": "wait=5"})
            answer.raise_for_status()
            if answer.status_code == 201:
                return self.one(answer.json()["incident"]["id"])
        raise AssertionError(f"no incident came of {body['id']}")

    def one(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = (
            self.client.get(f"/api/incidents/{id}", params={"role": "desk"}).raise_for_status().json()
        )
        return found

    def act(self, id: str, action: str, actor: dict[str, Any], **fields: Any) -> None:
        body = {"id": str(uuid4()), "action": action, "version": self.one(id)["version"], "actor": actor}
        self.client.post(f"/api/incidents/{id}/actions", json={**body, **fields}).raise_for_status()

    def total(self) -> int:
        return int(self.client.get("/api/incidents", params={"open": "true"}).json()["total"])


class Desk:
    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("request", self._requested)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.add_init_script(WATCH_POLICY)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((self.address + "/", "data:", f"blob:{self.address}/")):
            self.faults.append(f"request to another host: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(word in message.text for word in EXPECTED):
            self.faults.append(f"{message.type}: {message.text}")

    def sit_down(self, at: str = "") -> "Desk":
        """Open the console and wait until it is live and loaded."""
        self.page.goto(f"{self.address}/{at}")
        expect(self.line).to_have_text("实时")
        expect(self.page.locator(".skeletons")).to_have_count(0)
        return self

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def search(self, words: str) -> None:
        self.press("/")
        self.page.keyboard.insert_text(words)
        self.page.get_by_role("searchbox").blur()

    def open(self, incident: dict[str, Any]) -> None:
        """Find it in the list by its number, and open it."""
        self.press("g", "l")
        self.search(incident["number"])
        expect(self.rows).to_have_count(1)
        self.rows.first.click()
        expect(self.number).to_have_text(incident["number"])

    def become(self, name: str) -> None:
        self.page.locator(".identity").click()
        self.page.keyboard.insert_text(name)
        self.choose(name)
        expect(self.page.locator(".identity input")).not_to_be_focused()

    def choose(self, name: str) -> None:
        """Take an entry of the list that hangs open. (Incidents are options of a list, too.)"""
        self.page.locator(".el-select-dropdown__item:visible", has_text=name).first.click()

    def begin(self, key: str, words: str = "") -> None:
        """Open an action's form by its key, and type."""
        self.press(key)
        expect(self.form).to_be_visible()
        if words:
            expect(self.form.locator("textarea").first).to_be_focused()
            self.page.keyboard.insert_text(words)

    def send(self) -> None:
        self.press("Control+Enter")

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("option").and_(self.page.locator(".row"))

    @property
    def line(self) -> Locator:
        return self.page.locator(".top .line")

    @property
    def form(self) -> Locator:
        return self.page.locator("form.form")

    @property
    def status(self) -> Locator:
        return self.page.locator(".head .status")

    @property
    def number(self) -> Locator:
        return self.page.locator(".head .number")

    @property
    def failure(self) -> Locator:
        return self.page.locator(".failure")

    @property
    def map(self) -> Locator:
        return self.page.locator(".map .box")

    def seen_on_map(self, *colours: Colour, within: int = 12) -> list[Seen]:
        """For each colour how much of it the map shows, and where, counted from the map's corner.

        The line of words at its foot is no part of it.
        """
        box = self.map.bounding_box()
        assert box is not None
        clip: FloatRect = {
            "x": box["x"],
            "y": box["y"],
            "width": box["width"],
            "height": box["height"] - FOOT,
        }
        picture = base64.b64encode(self.page.screenshot(clip=clip)).decode()
        found = self.page.evaluate(COUNT_PIXELS, [picture, colours, within])
        return [Seen(int(count), x, y) for count, x, y in found]
