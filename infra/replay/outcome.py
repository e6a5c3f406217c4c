"""What became of the accepted reports: waits until each one is an incident, and counts them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import httpx

AT_ONCE = 8
STILL_WAITING = "accepted"  # the door has it, triage has not


@dataclass(slots=True)
class Outcome:
    """Incidents by where they are; an incident in the queue counts for each of its doubts."""

    numbers: set[str] = field(default_factory=set)
    dispatched: int = 0
    queued: int = 0
    joined: int = 0
    doubts: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)

    @property
    def incidents(self) -> int:
        return len(self.numbers)

    @property
    def auto_share(self) -> float:
        """The share that needed no person: dispatched, or joined to a known matter."""
        return (self.dispatched + self.joined) / self.incidents if self.incidents else 0.0

    def add(self, incident: dict[str, Any]) -> None:
        self.numbers.add(incident["number"])
        if incident["joined"]:
            self.joined += 1
        elif incident["status"] == "queued":
            self.queued += 1
            self.doubts.update(f"{doubt['text_zh']} {doubt['kind']}" for doubt in incident["doubts"])
        else:
            self.dispatched += 1


async def outcome_of(
    client: httpx.AsyncClient, ids: Collection[str], patience_s: float, tell: Callable[[int], None]
) -> Outcome:
    """Ask for each report until it is an incident, or until for `patience_s` seconds none has become one."""
    outcome = Outcome()
    waiting = list(ids)
    loop = asyncio.get_running_loop()
    moved = loop.time()
    while waiting and loop.time() - moved < patience_s:
        still = await ask_all(client, waiting, outcome, tell)
        if len(still) < len(waiting):
            moved = loop.time()
        else:
            await asyncio.sleep(0.5)
        waiting = still
    outcome.missing = sorted(waiting)
    return outcome


async def ask_all(
    client: httpx.AsyncClient, ids: list[str], outcome: Outcome, tell: Callable[[int], None]
) -> list[str]:
    """Ask once for each; those that are no incident yet."""
    turns = iter(ids)
    still: list[str] = []

    async def work() -> None:
        for id in turns:
            incident = await ask(client, id)
            if incident is None:
                still.append(id)
            else:
                outcome.add(incident)
                tell(1)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return still


async def ask(client: httpx.AsyncClient, id: str) -> dict[str, Any] | None:
    """The report's incident, and whether it joined another; None while there is none, or nobody to say so."""
    try:
        answer = await client.get(f"/api/reports/{id}")
    except httpx.TransportError:
        return None
    if not answer.is_success:
        return None
    body = answer.json()
    return (
        None if body["state"] == STILL_WAITING else {**body["incident"], "joined": body.get("joined", False)}
    )
