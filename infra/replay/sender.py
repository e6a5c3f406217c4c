"""Sends reports through the front door until each one is answered for good."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import httpx

from infra.replay.lines import Line

AWAY = frozenset({429, 502, 503, 504})  # the same report, with the same id, may succeed later
LONGEST_PAUSE = 5.0


@dataclass(slots=True)
class Answers:
    """What the door said. `refused` names line, id and reason of each one it did not take."""

    accepted: set[str] = field(default_factory=set)
    sent_again: int = 0  # answers for an id that had one already
    retries: int = 0
    refused: list[str] = field(default_factory=list)


class Sender:
    """A number of clients that share one list of lines. `tell` hears of each answer and each wait."""

    def __init__(self, client: httpx.AsyncClient, speed: float, tell: Callable[[str], None]) -> None:
        self.client = client
        self.speed = speed
        self.tell = tell
        self.answers = Answers()

    async def send_all(self, lines: Sequence[Line], clients: int) -> Answers:
        """Send every line; at `speed` reports per second, or as fast as it goes when that is 0."""
        start = asyncio.get_running_loop().time()
        turns = iter(enumerate(lines))  # shared: whoever is free takes the next one
        await asyncio.gather(*(self.work(turns, start) for _ in range(clients)))
        return self.answers

    async def work(self, turns: "enumerate[Line]", start: float) -> None:
        for turn, line in turns:
            if self.speed:
                due = start + turn / self.speed
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            self.note(line, await self.until_answered(line))
            self.tell("")

    async def until_answered(self, line: Line) -> httpx.Response:
        """Try with the same id for as long as the door is away: what it accepted unseen is then only repeated."""
        pause = 0.1
        while True:
            try:
                answer = await self.client.post(
                    "/api/reports", content=line.body, headers={"Content-Type": "application/json"}
                )
                if answer.status_code not in AWAY:
                    return answer
                why, wait = f"HTTP {answer.status_code}", retry_after(answer, pause)
            except httpx.TransportError as error:
                why, wait = type(error).__name__, pause
            self.answers.retries += 1
            self.tell(f"等待受理端 / the door is away: {why}")
            await asyncio.sleep(min(wait, LONGEST_PAUSE))
            pause = min(pause * 2, LONGEST_PAUSE)

    def note(self, line: Line, answer: httpx.Response) -> None:
        if not answer.is_success:
            reason = answer.text.replace("\n", " ")[:300]
            self.answers.refused.append(
                f"第 {line.no} 行 line {line.no} {line.id}: {answer.status_code} {reason}"
            )
        elif line.id in self.answers.accepted:
            self.answers.sent_again += 1
        else:
            self.answers.accepted.add(line.id)


def retry_after(answer: httpx.Response, otherwise: float) -> float:
    """The seconds that the door asks us to wait."""
    try:
        return max(0.0, float(answer.headers.get("Retry-After", otherwise)))
    except ValueError:
        return otherwise
