"""Repeat matters (重复事项): so many reports of one matter within so many days, or one that was finished and is back.

The new incident is linked to the earlier ones, on both journals, and raised one step. Where reports join an open matter
and make it the how-many-th, that one is raised, once. A link shows a number and a state, never a text.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import asyncpg

from gridward.domain.commands import Command, Move
from gridward.domain.events import Cause, Linked, LinkedBy, Raised
from gridward.domain.transitions import OPEN, Status
from gridward.policy.policy import Policy
from gridward.policy.raises import Standing
from gridward.policy.repeats import is_repeat, may_repeat, new_facts, nth, one_step, reason_of
from gridward.policy.same import Likeness, Matter, likeness, may_be_as_said, may_be_within
from gridward.policy.same_rows import RepeatRows, SameRows
from gridward.store.earlier import (
    Earlier,
    InGrid,
    Since,
    in_grids,
    of_callers,
    raised_before,
    these,
    voices_of,
)
from gridward.store.held import Concerned, concerned_by
from stream.new_reports import New, also, because, view_of

Alike = tuple[Earlier, Likeness]


async def earlier_of(
    new: Sequence[New], policy: Policy, connection: asyncpg.Connection
) -> list[list[Earlier]]:
    """For each new one what came before in its grid and from its caller, open or not, and what its reporter says it
    is. Raises `Unavailable`.
    """
    rules, lineage = policy.bundle.same, policy.lineage
    days = max(rules.repeat.days, rules.same_person.days)
    first = min(one.matter.at for one in new)
    since = Since(first - timedelta(days=days), first - timedelta(days=max(days, rules.repeat.received_days)))
    looks = [
        InGrid(n, grid, group, one.reported.sensitive, one.matter.lon, one.matter.lat)
        for n, one in enumerate(new)
        if may_repeat(one.reported.category, rules)
        for group in sorted(lineage.groups(str(one.reported.category)))
        for grid in dict.fromkeys((one.reported.grid, *one.facts.card.grid_candidates))
        if grid is not None
    ]
    callers = [
        (n, one.matter.caller, one.reported.sensitive and one.reported.category is not None)
        for n, one in enumerate(new)
        if one.matter.caller
    ]
    found: list[dict[str, Earlier]] = [{} for _ in new]
    for n, other in (
        *await in_grids(connection, looks, rules.repeat.within_m, since, rules.repeat.looked_at),
        *await of_callers(connection, callers, since, rules.repeat.looked_at),
    ):
        found[n][other.id] = other
    named = await these(connection, {one.said for one in new if one.said})
    for n, one in enumerate(new):
        meant = named.get(one.said or "")
        if meant is None or meant.status == Status.CANCELLED or meant.sensitive != one.reported.sensitive:
            continue
        found[n][meant.id] = meant
    return [lineage.of_today(list(others.values())) for others in found]


def alike_ones(one: New, earlier: Sequence[Earlier], before: Sequence[New], policy: Policy) -> list[Alike]:
    """Which of them, and of those before it in the batch, are reports of the same matter."""
    rules = policy.bundle.same
    if not may_repeat(one.reported.category, rules):
        return []
    within_m = rules.repeat.within_m
    fresh = [
        other
        for other in before
        if other.group == one.group
        and other.reported.sensitive == one.reported.sensitive
        and may_be_within(within_m, other.matter, one.matter)
    ]
    near = [
        other
        for other in earlier
        if other.id == one.said or may_be_within(within_m, other.matter, one.matter)
    ]
    near += [as_earlier(other) for other in fresh[-rules.repeat.looked_at :]]
    compared = [(other, likeness(other.matter, one.matter, rules)) for other in near]
    return [
        (other, like)
        for other, like in compared
        if is_repeat(like, rules) or _is_said(one, other, like, rules)
    ]


def _is_said(one: New, other: Earlier, like: Likeness, rules: SameRows) -> bool:
    """Its reporter says that it is this one, and it may well be."""
    return other.id == one.said and may_be_as_said(like, rules)


def as_earlier(one: New) -> Earlier:
    reported = one.reported
    return Earlier(
        one.incident_id,
        one.facts.number,
        Status.QUEUED,
        reported.severity,
        reported.limit_class,
        reported.finish_limit,
        reported.sensitive,
        reported.grid,
        one.unit,
        None,
        None,
        one.matter,
    )


@dataclass
class Book:
    """What is known of the matters that reports of the batch repeat, as the batch goes on."""

    policy: Policy
    known: dict[str, Earlier]  # by id, the reports found and the incidents that they were merged into
    voices: dict[str, list[Matter]]  # by head, the reports that were merged into it
    raised: set[str]  # heads that were raised as repeats before
    concerned: dict[str, Concerned]
    joined: dict[str, str] = field(default_factory=dict)  # of this batch

    def head_of(self, one: Earlier) -> str:
        """What it was merged into; itself where only one of the two is sensitive: then no link may name the other."""
        head = self.known.get(self.joined.get(one.id) or one.merged_into or one.id)
        return head.id if head is not None and head.sensitive == one.sensitive else one.id

    def reports_of(self, heads: Iterable[str]) -> list[Matter]:
        """All reports that count for these matters, each once."""
        found = []
        for id in dict.fromkeys(heads):
            found += [self.known[id].matter] if id in self.known else []
            found += self.voices.get(id, [])
        return found

    def add(self, one: New, into: str | None) -> None:
        if into is None:
            self.known[one.incident_id] = as_earlier(one)
            self.concerned[one.incident_id] = Concerned(one.units, one.excluded)
        else:
            self.joined[one.incident_id] = into
            self.voices.setdefault(into, []).append(one.matter)


async def link(
    commands: Sequence[Command],
    found: Sequence[tuple[New, Sequence[Alike]]],
    joined: Mapping[str, str],
    policy: Policy,
    connection: asyncpg.Connection,
) -> list[Command]:
    """The same commands, in order, with links and raises. `joined`: what joins which. Raises `Unavailable`."""
    made = list(commands)
    if policy.bundle.same.repeat.count == 0 or not found:
        return made
    book = await _open_book(found, joined, policy, connection)
    # In a storm hundreds of texts are read for new facts: the event loop has heartbeats to send.
    return await asyncio.to_thread(_link_all, made, found, joined, book)


def _link_all(
    made: list[Command],
    found: Sequence[tuple[New, Sequence[Alike]]],
    joined: Mapping[str, str],
    book: Book,
) -> list[Command]:
    for one, alike in found:
        into = joined.get(one.incident_id)
        if may_repeat(one.reported.category, book.policy.bundle.same):
            command = made[one.at]
            made[one.at] = (
                _linked(command, one, alike, book) if into is None else _joined(command, one, into, book)
            )
        book.add(one, into)
    return made


async def _open_book(
    found: Sequence[tuple[New, Sequence[Alike]]],
    joined: Mapping[str, str],
    policy: Policy,
    connection: asyncpg.Connection,
) -> Book:
    fresh = {one.incident_id for one, _ in found}
    rows = {other.id: other for _, alike in found for other, _ in alike if other.id not in fresh}
    wanted = {other.merged_into or other.id for other in rows.values()} | (set(joined.values()) - fresh)
    known = rows | await these(connection, wanted - rows.keys())
    since = min(one.matter.at for one, _ in found) - timedelta(days=policy.bundle.same.repeat.days)
    voices = await voices_of(connection, wanted, since)
    matters = {id: [one.matter for one in them] for id, them in voices.items()}
    raised = await raised_before(connection, set(joined.values()) - fresh)
    return Book(policy, known, matters, raised, await concerned_by(connection, known.keys()))


def _joined(command: Command, one: New, into: str, book: Book) -> Command:
    """A voice that makes the matter a repeat raises it, the first time that there are enough."""
    rows = book.policy.bundle.same.repeat
    count = nth(_within(book.reports_of([into]), one, rows.days), one.matter, book.policy)
    head = book.known.get(into)
    if count < rows.count or into in book.raised or head is None:
        return command
    old = Standing(head.severity, head.limit_class, head.finish_limit)
    new = one_step(old, reason_of(count, False, book.policy), one.matter.at, book.policy)
    if new is old:
        return command
    book.raised.add(into)
    event = Raised(
        Cause.REPEAT, one.incident_id, new.severity, new.limit_class, new.finish_limit, count, rows.told
    )
    return also(command, (into, event))


def _linked(command: Command, one: New, alike: Sequence[Alike], book: Book) -> Command:
    """A matter of its own that repeats earlier ones: linked to them, and raised when there are enough."""
    rows, policy = book.policy.bundle.same.repeat, book.policy
    best: dict[str, Likeness] = {}
    for other, like in sorted(alike, key=lambda pair: -pair[1].score):
        best.setdefault(book.head_of(other), like)
    heads = {id: book.known[id] for id in best if id in book.known and _may_be_named(id, one, book)}
    count = nth(_within(book.reports_of(heads), one, rows.days), one.matter, policy)
    returning = any(_came_back(head, one, rows.days) for head in heads.values())
    heads = _named(heads, one, rows)
    if not returning and count < rows.count:
        return _with_new_facts(command, one, heads, best, book)
    count = max(count, 2)
    command = _raised(command, one, reason_of(count, returning, policy), policy)
    book.raised.add(one.incident_id)
    event = Linked(tuple(heads), count, returning, rows.told)
    seen = [
        (id, _seen(one, head, best[id], count, policy))
        for id, head in heads.items()
        if _may_see(id, one, book)
    ]
    reasons = {
        "nth": count,
        "returning": returning,
        "text": reason_of(count, returning, policy),
        "earlier": [view_of(head, best[id]) for id, head in heads.items()],
    }
    return because(also(command, (one.incident_id, event), *seen), {"repeat": reasons})


def _named(heads: Mapping[str, Earlier], one: New, rows: RepeatRows) -> dict[str, Earlier]:
    """Those that are linked: in a storm of reports the journals stay readable, and all of them count all the same."""
    order = sorted(heads.values(), key=lambda head: (_came_back(head, one, rows.days), head.matter.at))
    return {head.id: head for head in reversed(order[-rows.linked :])}


def _with_new_facts(
    command: Command,
    one: New,
    heads: Mapping[str, Earlier],
    best: Mapping[str, Likeness],
    book: Book,
) -> Command:
    """What the same person adds to an open matter is read there, also where it makes no repeat matter (nth 0)."""
    told = [
        (id, event)
        for id, head in heads.items()
        if head.status in OPEN and _may_see(id, one, book)
        if (event := _seen(one, head, best[id], 0, book.policy)).new
    ]
    return also(command, *told)


def _seen(one: New, head: Earlier, like: Likeness, count: int, policy: Policy) -> LinkedBy:
    """What the journal of the earlier one says of it; words of the text only where nothing is sensitive."""
    tells = like.same_caller and not one.reported.sensitive
    new = new_facts(head.matter, one.matter, policy) if tells else ()
    back = count > 0 and _came_back(head, one, policy.bundle.same.repeat.days)
    return LinkedBy(one.incident_id, count, like.same_caller, new, back)


def _may_see(head: str, one: New, book: Book) -> bool:
    """A unit that the new report accuses is not told of it by way of its own matter."""
    return not book.concerned[head].units & one.excluded


def _may_be_named(head: str, one: New, book: Book) -> bool:
    """Nor is a unit that gets the new report told of an earlier one that accuses it."""
    return not book.concerned[head].accused & one.units


def _within(reports: Sequence[Matter], one: New, days: float) -> list[Matter]:
    return [matter for matter in reports if one.matter.at - matter.at <= timedelta(days=days)]


def _came_back(head: Earlier, one: New, days: float) -> bool:
    """Reported after it was finished, or after its unit said so, and within the window."""
    if head.finished_at is None:
        return False
    return timedelta(0) <= one.matter.at - head.finished_at <= timedelta(days=days)


def _raised(command: Command, one: New, reason: str, policy: Policy) -> Command:
    """One step, before its clocks start; the reason beside those of what its text says."""
    reported, why = one.reported, dict((command.opens.why if command.opens else None) or {})
    read = dict(why.get("attributes") or {})
    lines = tuple((read.get("raised") or {}).get("text") or ())
    old = Standing(reported.severity, reported.limit_class, reported.finish_limit, lines)
    new = one_step(old, reason, one.matter.at, policy)
    if new is old:
        return command
    read["raised"] = {"severity": new.severity, "limit_class": new.limit_class, "text": new.why}
    event = replace(
        reported, severity=new.severity, limit_class=new.limit_class, finish_limit=new.finish_limit
    )
    moves = (Move(one.incident_id, event), *command.moves[1:])
    return because(replace(command, moves=moves), {"attributes": read})
