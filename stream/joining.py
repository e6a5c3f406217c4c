"""Is it new: a report that repeats an open matter beyond doubt joins it, another likely one is put to the desk.

It happens in the transaction that opens incidents, under a lock for each grid and group of categories, so that two
workers cannot open one matter at once. The report keeps its own incident, number and tracking address, merged into
the other. Never joined: what is sensitive, what is graver than the matter known, what brings a limit of its own.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from zlib import crc32

import asyncpg

from gridward.domain.commands import Command, Facts, Move
from gridward.domain.events import ChildJoined, LevelTold, Merged, Reported
from gridward.policy.policy import Policy
from gridward.policy.same import Likeness, Matter, is_likely, likeness, may_join, may_join_as_said
from gridward.policy.same_rows import SameRows
from gridward.store.similar import Known, Spot, around, by_id, of_kind, still_open, told_levels

LOCKS = 7421_0004  # the space of our advisory locks
NOTHING: Mapping[str, str] = MappingProxyType({})


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
    def group(self) -> str:
        return (self.reported.category or "")[:2]


async def join_repeats(
    commands: Sequence[Command],
    connection: asyncpg.Connection,
    policy: Policy,
    said: Mapping[str, str] = NOTHING,
) -> list[Command]:
    """The same commands, in order, those of repeats changed into joining ones. Raises `Unavailable`.

    `said`: by the new incident's id, the one that its reporter says it is about. The connection's transaction must
    be the one that saves them.
    """
    rules = policy.bundle.same
    if min(rules.join.score, rules.suggest.score) > 1:
        return list(commands)
    new = await _unhandled(_comparable(commands, said), connection)
    if not new:
        return list(commands)
    await _lock(new, connection)
    known = await _known_of(new, rules, connection)
    # Comparing hundreds of texts is work for a thread: the event loop has heartbeats to send.
    judged = await asyncio.to_thread(_judge_all, new, known, rules)
    stored = {one.id for found in known for one in found}
    parents = {into.id for _, into, _, _ in judged if into and into.id in stored}
    is_open = await still_open(connection, parents)
    told = await told_levels(connection, {into.id for one, into, _, _ in judged if into and one.tells})
    for one, _, _, _ in judged:
        told.setdefault(one.incident_id, set()).update(level.level for level in one.tells)
    made = list(commands)
    for one, into, like, likely in judged:
        if into is not None and like is not None and (into.id not in stored or into.id in is_open):
            made[one.at] = _joining(one, into, like, told.setdefault(into.id, set()))
            told[into.id].update(level.level for level in one.tells)
        elif likely:
            made[one.at] = _with_similar(one, likely)
    return made


def _comparable(commands: Sequence[Command], said: Mapping[str, str]) -> list[New]:
    """Those of a known kind that is not sensitive, without a limit set by others."""
    found: list[New] = []
    for at, command in enumerate(commands):
        reported, facts = command.moves[0].event, command.opens
        if not isinstance(reported, Reported) or facts is None:
            continue
        if reported.category is None or reported.sensitive or reported.external_due is not None:
            continue
        card = facts.card
        caller = facts.sealed.caller_hash if facts.sealed else None
        matter = Matter(facts.text, card.received_at, reported.category, card.lon, card.lat, caller)
        named = said.get(command.moves[0].incident_id)
        found.append(New(at, command, reported, facts, matter, named))
    return found


async def _unhandled(new: Sequence[New], connection: asyncpg.Connection) -> list[New]:
    """Without those that came before: they change nothing, and may have ended meanwhile."""
    keys = [one.command.key for one in new]
    rows = await connection.fetch("SELECT key FROM handled WHERE key = ANY($1)", keys)
    handled = {row["key"] for row in rows}
    first = {one.command.key: one for one in reversed(new) if one.command.key not in handled}
    return sorted(first.values(), key=lambda one: one.at)


async def _lock(new: Sequence[New], connection: asyncpg.Connection) -> None:
    """One worker at a time for each grid and group of categories, until the transaction ends."""
    keys = {crc32(f"{one.reported.grid}/{one.group}".encode()) - 2**31 for one in new}
    await connection.execute(
        "SELECT pg_advisory_xact_lock($1, key) FROM (SELECT unnest($2::int[]) AS key ORDER BY 1) AS keys",
        LOCKS,
        sorted(keys),
    )


async def _known_of(new: Sequence[New], rules: SameRows, connection: asyncpg.Connection) -> list[list[Known]]:
    """For each new one the open incidents that it may repeat."""
    days = max(rules.join.within_days, rules.suggest.within_days)
    since = min(one.matter.at for one in new) - timedelta(days=days)
    spots = [
        Spot(n, one.matter.lon, one.matter.lat, one.group)
        for n, one in enumerate(new)
        if one.matter.lon is not None and one.matter.lat is not None
    ]
    found: list[list[Known]] = [[] for _ in new]
    for n, known in await around(connection, spots, rules.suggest.within_m, since, rules.join.looked_at):
        found[n].append(known)
    nowhere = [n for n, one in enumerate(new) if one.matter.lon is None]
    kinds = sorted({str(new[n].reported.category) for n in nowhere})
    if kinds:
        of_those = await of_kind(connection, kinds, since, rules.suggest.looked_at)
        for n in nowhere:
            same = [one for one in of_those if one.matter.category == new[n].reported.category]
            found[n] = same[: rules.join.looked_at]
    named = await by_id(connection, {one.said for one in new if one.said}, since)
    for n, one in enumerate(new):
        if one.said in named and all(known.id != one.said for known in found[n]):
            found[n].append(named[str(one.said)])
    return found


Judged = tuple[New, Known | None, Likeness | None, list[tuple[Known, Likeness]]]


def _judge_all(new: Sequence[New], known: Sequence[Sequence[Known]], rules: SameRows) -> list[Judged]:
    """One after the other, since a later one may repeat an earlier one of the same batch."""
    judged: list[Judged] = []
    fresh: list[Known] = []
    for one, stored in zip(new, known, strict=True):
        beside = [other for other in fresh if (other.matter.category or "")[:2] == one.group]
        judged.append(_judge(one, [*stored, *beside[-rules.join.looked_at :]], rules))
        if judged[-1][1] is None:
            fresh.append(_as_known(one))
    return judged


def _judge(one: New, known: Sequence[Known], rules: SameRows) -> Judged:
    compared = [(other, likeness(other.matter, one.matter, rules)) for other in known]
    compared.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    for other, like in compared:
        if one.reported.severity < other.severity:
            continue  # graver than what is known: it goes its own way, and alarms
        as_said = other.id == one.said and may_join_as_said(other.matter, one.matter, like, rules)
        if as_said or may_join(other.matter, one.matter, like, rules):
            return one, other, like, []
    likely = [(other, like) for other, like in compared if is_likely(like, rules)]
    return one, None, None, likely[: rules.suggest.most]


def _as_known(one: New) -> Known:
    reported = one.reported
    return Known(
        one.incident_id, one.facts.number, "reported", reported.severity, reported.grid, None, one.matter
    )


def _joining(one: New, into: Known, like: Likeness, told: Collection[str]) -> Command:
    """`told`: the levels that have heard of the matter already."""
    reasons = {**view_of(into, like), "said": one.said == into.id}
    moves = (
        one.command.moves[0],
        Move(one.incident_id, Merged(into.id)),
        Move(into.id, ChildJoined(one.incident_id)),
        *(Move(into.id, level) for level in one.tells if level.level not in told),
    )
    return replace(one.command, moves=moves, opens=_because(one.facts, {"joined": reasons}))


def _with_similar(one: New, likely: Sequence[tuple[Known, Likeness]]) -> Command:
    similar = [view_of(other, like) for other, like in likely]
    return replace(one.command, opens=_because(one.facts, {"similar": similar}))


def _because(facts: Facts, reasons: dict[str, Any]) -> Facts:
    return replace(facts, why={**(facts.why or {}), **reasons})


def view_of(other: Known, like: Likeness) -> dict[str, Any]:
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
