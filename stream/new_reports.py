"""The new reports of a batch as they are compared with what is known, and what keeps two workers apart meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from zlib import crc32

import asyncpg

from gridward.domain.commands import Command, Facts, Move
from gridward.domain.events import Dispatched, Event, LevelTold, Reported
from gridward.policy.accused import recorded
from gridward.policy.classify import recorded_alarm, recorded_over
from gridward.policy.same import Likeness, Matter
from gridward.policy.same_rows import SameRows

LOCKS = 7421_0004  # the space of our advisory locks


@dataclass(frozen=True, slots=True)
class New:
    """A report that may repeat something, its place in the batch, and what it is compared by."""

    at: int
    command: Command
    reported: Reported
    facts: Facts
    matter: Matter
    said: str | None = None  # the incident that the reporter says it is

    @property
    def incident_id(self) -> str:
        return self.command.moves[0].incident_id

    @property
    def tells(self) -> list[LevelTold]:
        """The levels that are told of what its text says."""
        return [move.event for move in self.command.moves if isinstance(move.event, LevelTold)]

    @property
    def _why(self) -> Mapping[str, Any]:
        return self.facts.why or {}

    @property
    def _found(self) -> Mapping[str, Any]:
        """What triage found it to be about."""
        return self._why.get("category") or {}

    @property
    def alarm(self) -> str:
        """The words by which it is grave."""
        return recorded_alarm(self.facts.why or {})

    @property
    def guess(self) -> str | None:
        """Its kind as far as anybody can guess, which the desk may doubt."""
        return self.reported.category or self._found.get("code")

    @property
    def group(self) -> str:
        return (self.reported.category or "")[:2]

    @property
    def _is_for_joining(self) -> bool:
        """Not sensitive, and without a limit set by others."""
        return not self.reported.sensitive and self.reported.external_due is None

    @property
    def may_join(self) -> bool:
        """Of a known kind that is not sensitive, without a limit set by others."""
        return self.reported.category is not None and self._is_for_joining

    @property
    def is_in_doubt(self) -> bool:
        """Of a kind that nobody is sure of: somebody may have said the very same before."""
        return self.reported.category is None and self._is_for_joining

    def may_be_said_again(self, rules: SameRows) -> bool:
        """Of a kind that is in doubt, from a caller who is known or, where policy asks for others' too, anybody."""
        return self.is_in_doubt and (self.matter.caller is not None or rules.join.in_doubt.letters > 0)

    def may_repeat_known(self, rules: SameRows) -> bool:
        """Whether it is compared with what is known, as another report of it."""
        return self.may_join or self.may_be_said_again(rules)

    def is_grave(self, rules: SameRows) -> bool:
        """Enough to raise what is known, as far as its severity goes."""
        return self.reported.severity <= rules.graver.severity

    def may_raise_others(self, rules: SameRows) -> bool:
        """A sensitive one raises nothing: whoever handles the other would learn that it exists. One that is hidden
        only because nobody knows yet what it is does raise: the other's journal names its number and none of its words.
        """
        reported = self.reported
        is_hidden = reported.sensitive and (reported.category is not None or bool(self.excluded))
        return self.is_grave(rules) and not is_hidden and not self.is_over

    @property
    def is_over(self) -> bool:
        """Whether it tells that a danger is over, or that there was none: it makes nothing graver."""
        return recorded_over(self._why)

    @property
    def unit(self) -> str | None:
        """Who leads it, if triage was sure."""
        return next((given.unit for given in self._given), None)

    @property
    def units(self) -> frozenset[str]:
        """Who got it, with those that join."""
        return frozenset(unit for given in self._given for unit in (given.unit, *given.joint))

    @property
    def dangers(self) -> frozenset[str]:
        """The flags of its text, where it tells of a danger that nothing excuses: weapons, an injury."""
        read = (self.facts.why or {}).get("attributes") or {}
        return frozenset(read.get("flags") or ()) if self._found.get("danger") else frozenset()

    @property
    def called(self) -> frozenset[str]:
        """Who got it, or is told of it before anybody gets it."""
        return self.units.union(tell.unit for tell in self.tells)

    @property
    def _given(self) -> list[Dispatched]:
        return [move.event for move in self.command.moves if isinstance(move.event, Dispatched)]

    @property
    def excluded(self) -> frozenset[str]:
        """The units that its text accuses."""
        return frozenset(recorded(self._why))


class Other(Protocol):
    """Whatever a report was compared with."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def matter(self) -> Matter: ...


def comparable(commands: Sequence[Command], said: Mapping[str, str], rules: SameRows) -> list[New]:
    """Those of a known kind, those that somebody may have said before, and those so grave that they may raise
    what is known, whatever they are about.
    """
    found: list[New] = []
    for at, command in enumerate(commands):
        reported, facts = command.moves[0].event, command.opens
        if not isinstance(reported, Reported) or facts is None:
            continue
        card = facts.card
        caller = facts.sealed.caller_hash if facts.sealed else None
        matter = Matter(facts.text, card.received_at, reported.category, card.lon, card.lat, caller)
        named = said.get(command.moves[0].incident_id)
        one = New(at, command, reported, facts, matter, named)
        if reported.category is not None or one.is_grave(rules) or one.may_be_said_again(rules):
            found.append(one)
    return found


async def unhandled(new: Sequence[New], connection: asyncpg.Connection) -> list[New]:
    """Without those that came before: they change nothing, and may have ended meanwhile."""
    keys = [one.command.key for one in new]
    rows = await connection.fetch("SELECT key FROM handled WHERE key = ANY($1)", keys)
    handled = {row["key"] for row in rows}
    first = {one.command.key: one for one in reversed(new) if one.command.key not in handled}
    return sorted(first.values(), key=lambda one: one.at)


async def lock(new: Sequence[New], connection: asyncpg.Connection) -> None:
    """One worker at a time for each grid and group of categories, until the transaction ends."""
    keys = {crc32(f"{one.reported.grid}/{one.group}".encode()) - 2**31 for one in new}
    await connection.execute(
        "SELECT pg_advisory_xact_lock($1, key) FROM (SELECT unnest($2::int[]) AS key ORDER BY 1) AS keys",
        LOCKS,
        sorted(keys),
    )


def also(command: Command, *moves: tuple[str, Event]) -> Command:
    """The same command with more that happens to these incidents."""
    return replace(command, moves=(*command.moves, *(Move(id, event) for id, event in moves)))


def because(command: Command, reasons: Mapping[str, Any]) -> Command:
    """The same command with more reasons for the explanation."""
    assert command.opens is not None  # only what opens an incident is compared
    return replace(command, opens=replace(command.opens, why={**(command.opens.why or {}), **reasons}))


def resembling(command: Command, likely: Sequence[tuple[Other, Likeness]]) -> Command:
    """The same command with what the report may repeat, the likeliest first, on its card and among its reasons."""
    assert command.opens is not None
    card = replace(command.opens.card, likely_repeats=tuple(other.id for other, _ in likely))
    command = replace(command, opens=replace(command.opens, card=card))
    return because(command, {"similar": [view_of(other, like) for other, like in likely]})


def view_of(other: Other, like: Likeness) -> dict[str, Any]:
    """What made them alike, as the explanation keeps it: shares from 0 to 1, metres, days; no text."""
    return {
        "id": other.id,
        "number": other.number,
        "category": other.matter.category,
        "score": round(like.score, 3),
        "text": round(like.text, 3),
        "names": None if like.names is None else round(like.names, 3),
        "away_m": None if like.away_m is None else round(like.away_m),
        "days": round(like.days, 2),
        "same_caller": like.same_caller,
    }
