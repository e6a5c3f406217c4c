"""Is it new: a report that repeats an open matter beyond doubt joins it, another likely one is put to the desk.

It happens in the transaction that opens incidents, under a lock for each grid and group of categories, so that two
workers cannot open one matter at once. The report keeps its own incident, number and tracking address, merged into
the other. Never joined: what is sensitive, what brings a limit of its own, and nothing joins what is claimed to be done
(办结, 核查): that it still is not is a matter of its own. What is graver raises the matter known.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import asyncpg

from gridward.domain.commands import Command, Move
from gridward.domain.events import Cause, ChildJoined, JointAdded, Merged, Raised
from gridward.domain.transitions import DONE, Status
from gridward.policy.policy import Policy
from gridward.policy.raises import is_graver
from gridward.policy.repeats import adds_nothing, may_have_become, may_raise, voice_of
from gridward.policy.same import (
    Likeness,
    is_likely,
    likeness,
    may_be_within,
    may_join,
    may_join_as_said,
    may_join_in_doubt,
)
from gridward.store.similar import Known, still_in_hand, told_units
from stream.at_work import AtWork, at_work, joining_units
from stream.known import Found, look_around
from stream.new_reports import New, also, because, comparable, lock, resembling, unhandled, view_of
from stream.repeats import Alike, alike_ones, link

NOTHING: Mapping[str, str] = MappingProxyType({})

Compared = list[tuple[Known, Likeness]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a report. `raises`: what it makes graver, whether it joins that or goes its own way."""

    one: New
    into: tuple[Known, Likeness] | None
    likely: Compared
    raises: tuple[Known, Likeness] | None
    alike: list[Alike]

    @property
    def others(self) -> set[str]:
        return {pair[0].id for pair in (self.into, self.raises) if pair is not None}


async def join_repeats(
    commands: Sequence[Command],
    connection: asyncpg.Connection,
    policy: Policy,
    said: Mapping[str, str] = NOTHING,
) -> list[Command]:
    """The same commands, in order, those of repeats changed into joining or linked ones. Raises `Unavailable`.

    `said`: by the new incident's id, the one that its reporter says it is about. The connection's transaction must
    be the one that saves them.
    """
    rules = policy.bundle.same
    if rules.is_off:
        return list(commands)
    new = comparable(commands, said, rules)
    if not new:
        return list(commands)
    await lock(new, connection)
    # Asked under the lock: while we waited another worker may have kept some, which are known then and not new.
    new = await unhandled(new, connection)
    if not new:
        return list(commands)
    found = await look_around(new, policy, connection)
    # Comparing hundreds of texts is work for a thread: the event loop has heartbeats to send.
    verdicts = await asyncio.to_thread(_judge_all, new, found, policy)
    fresh = {one.incident_id for one in new}
    wanted = {id for verdict in verdicts for id in verdict.others} - fresh
    usable = fresh | await still_in_hand(connection, wanted)
    told = await _told(verdicts, connection)
    raised = {one.raises[0].id for one in verdicts if one.raises is not None} & usable
    opened = {one.one.incident_id: one.one for one in verdicts if one.into is None}
    working = await at_work(raised, opened, connection)
    made = list(commands)
    joined: dict[str, str] = {}
    for verdict in verdicts:
        one = verdict.one
        made[one.at] = _decided(verdict, usable, told, working, policy)
        if verdict.into is not None and verdict.into[0].id in usable:
            joined[one.incident_id] = verdict.into[0].id
    return await link(made, [(v.one, v.alike) for v in verdicts], joined, policy, connection)


Heard = dict[str, set[str]]  # incident -> the units that were told of it


async def _told(verdicts: Sequence[Verdict], connection: asyncpg.Connection) -> Heard:
    """Of the incidents that a report joins which has something to tell, and of the new ones themselves."""
    into = {one.into[0].id for one in verdicts if one.into is not None and one.one.tells}
    told = await told_units(connection, into)
    for one in verdicts:
        told.setdefault(one.one.incident_id, set()).update(tell.unit for tell in one.one.tells)
    return told


def _decided(
    verdict: Verdict, usable: set[str], told: Heard, working: Mapping[str, AtWork], policy: Policy
) -> Command:
    """The command after what was found, as far as that is still worked on."""
    one, into, raises = verdict.one, verdict.into, verdict.raises
    command = one.command
    if into is not None and into[0].id in usable:
        command = _joining(one, *into, told, policy)
    elif verdict.likely:
        command = resembling(command, verdict.likely)
    if raises is None or raises[0].id not in usable:
        return command
    reported = one.reported
    graver = Raised(
        Cause.GRAVER,
        one.incident_id,
        reported.severity,
        reported.limit_class,
        reported.finish_limit,
        told=policy.bundle.same.graver.told,
        words=one.alarm,
    )
    milder = raises[0]
    joins = joining_units(one, milder, working.get(milder.id), policy)
    added = [(milder.id, JointAdded(unit)) for unit in joins]
    return because(also(command, (milder.id, graver), *added), {"raises": view_of(*raises)})


def _judge_all(new: Sequence[New], found: Sequence[Found], policy: Policy) -> list[Verdict]:
    """One after the other, since a later one may repeat an earlier one of the same batch."""
    rules = policy.bundle.same
    verdicts: list[Verdict] = []
    fresh: list[Known] = []
    of_group: dict[str, list[Known]] = {}
    for n, one in enumerate(new):
        beside = of_group.setdefault(one.group, [])
        near = (
            [*found[n].near, *_newest(beside, one, rules.farthest_m, rules.join.looked_at)]
            if one.may_repeat_known(rules)
            else []
        )
        grave = (
            [*found[n].graver, *_newest(fresh, one, rules.graver.within_m, rules.graver.looked_at)]
            if one.may_raise_others(rules)
            else []
        )
        into, likely = _joined(one, near, policy)
        milder = _milder(one, grave, policy)
        raises = _raised(one, into, milder, policy)
        if into is None and not one.reported.sensitive:
            likely = _with_nearby(one, likely, milder, policy)
        alike = alike_ones(one, found[n].earlier, new[:n], policy)
        verdicts.append(Verdict(one, into, likely, raises, alike))
        if into is None and not one.reported.sensitive:
            fresh.append(_as_known(one))
            beside.append(fresh[-1])
    return verdicts


def _newest(known: Sequence[Known], one: New, within_m: float, most: int) -> list[Known]:
    """Of those that came before it in the batch the newest that may be near, however many are elsewhere."""
    return [other for other in known if may_be_within(within_m, other.matter, one.matter)][-most:]


def _joined(
    one: New, known: Sequence[Known], policy: Policy
) -> tuple[tuple[Known, Likeness] | None, Compared]:
    """What it joins, or else what is likely."""
    rules = policy.bundle.same
    near = [other for other in known if may_be_within(rules.farthest_m, other.matter, one.matter)]
    compared = [(other, likeness(other.matter, one.matter, rules)) for other in near]
    compared.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    for other, like in compared:
        if other.status in DONE:
            continue  # nobody would read there that it is not done, nor see an alarm
        as_said = other.id == one.said and may_join_as_said(other.matter, one.matter, like, rules)
        if (
            as_said
            or may_join(other.matter, one.matter, like, rules)
            or may_join_in_doubt(other.matter, one.matter, like, rules, one.guess)
            or _is_said_again(one, other, like, policy)
        ):
            return (other, like), []
    likely = [(other, like) for other, like in compared if is_likely(like, rules)]
    return None, likely[: rules.suggest.most]


def _is_graver(one: New, other: Known, policy: Policy) -> bool:
    return is_graver(one.reported, other, policy.urgent_class)


def _is_said_again(one: New, other: Known, like: Likeness, policy: Policy) -> bool:
    return not _is_graver(one, other, policy) and adds_nothing(other.matter, one.matter, like, policy)


def _milder(one: New, known: Sequence[Known], policy: Policy) -> Compared:
    """What it may make graver: milder matters, still worked on, that are near or that its reporter says it is."""
    rules = policy.bundle.same
    milder = [
        other
        for other in known
        if _is_graver(one, other, policy)
        and other.status not in DONE
        and (other.id == one.said or may_be_within(rules.graver.within_m, other.matter, one.matter))
    ]
    return [(other, likeness(other.matter, one.matter, rules)) for other in milder]


def _raised(
    one: New, into: tuple[Known, Likeness] | None, milder: Compared, policy: Policy
) -> tuple[Known, Likeness] | None:
    """What it makes graver: the milder matter that it joins, or else the likeliest one that it is about though it does
    not join it.
    """
    if into is not None:
        return into if _is_graver(one, into[0], policy) and not one.is_over else None
    about = [
        (other, like)
        for other, like in milder
        if (other.id == one.said and not like.contradicts)
        or may_raise(other.matter, one.matter, like, policy, one.guess)
    ]
    return max(about, key=lambda pair: (pair[0].id == one.said, pair[1].score), default=None)


def _with_nearby(one: New, likely: Compared, milder: Compared, policy: Policy) -> Compared:
    """What is likely, with what it may have grown out of as far as kind and place alone go: a person sees that."""
    rules = policy.bundle.same
    known = {other.id for other, _ in likely}
    nearby = [
        (other, like)
        for other, like in milder
        if other.id not in known
        and is_likely(like, rules)
        and may_have_become(other.matter, one.matter, like, policy, one.guess)
        and not may_raise(other.matter, one.matter, like, policy, one.guess)
    ]
    nearby.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    return [*likely, *nearby][: rules.suggest.most]


def _as_known(one: New) -> Known:
    reported = one.reported
    return Known(
        one.incident_id,
        one.facts.number,
        Status.REPORTED,
        reported.severity,
        reported.limit_class,
        reported.grid,
        None,
        one.matter,
    )


def _joining(one: New, into: Known, like: Likeness, told: Heard, policy: Policy) -> Command:
    heard = told.setdefault(into.id, set())
    tells = [tell for tell in one.tells if tell.unit not in heard]
    heard.update(tell.unit for tell in tells)
    moves = (
        one.command.moves[0],
        Move(one.incident_id, Merged(into.id)),
        Move(into.id, ChildJoined(one.incident_id, *voice_of(into.matter, one.matter, policy))),
        *(Move(into.id, tell) for tell in tells),
    )
    reasons = {**view_of(into, like), "said": one.said == into.id}
    return because(replace(one.command, moves=moves), {"joined": reasons})
