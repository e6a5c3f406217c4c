"""What is known of what a new report may be about: around its place, and what its caller said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from gridward.domain.transitions import OPEN
from gridward.policy.policy import Policy
from gridward.policy.same_rows import SameRows
from gridward.store.earlier import Earlier
from gridward.store.similar import Known, Spot, around, by_id, of_kind
from stream.new_reports import New
from stream.repeats import earlier_of

EVERY_GROUP = ""
BEGINNING = 4  # letters: few enough to stand before the first mark, and nearly nothing else around begins so


@dataclass(frozen=True, slots=True)
class Found:
    """What is known that a report may be about: `near` of its own group, `graver` of any, which it may raise."""

    near: list[Known]
    graver: list[Known]
    earlier: list[Earlier]


async def look_around(new: Sequence[New], policy: Policy, connection: asyncpg.Connection) -> list[Found]:
    """For each new one, in order. Raises `Unavailable`."""
    rules, lineage = policy.bundle.same, policy.lineage
    earlier = await earlier_of(new, policy, connection)
    near = await _near(new, policy, connection)
    graver = await _raisable(new, rules, connection)
    found = []
    for n, one in enumerate(new):
        own = [_as_open(other) for other in earlier[n] if _is_open_of_caller(other, one)]
        found.append(
            Found(
                lineage.of_today(_each_once([*near[n], *own])) if one.may_repeat_known(rules) else [],
                lineage.of_today(_each_once([*graver[n], *own])) if one.may_raise_others(rules) else [],
                earlier[n],
            )
        )
    return found


async def _near(new: Sequence[New], policy: Policy, connection: asyncpg.Connection) -> list[list[Known]]:
    """For each new one that may join, or is in doubt, the open incidents that it may repeat."""
    rules, lineage = policy.bundle.same, policy.lineage
    days = max(rules.join.within_days, rules.suggest.within_days)
    since = min(one.matter.at for one in new) - timedelta(days=days)
    joining = [(n, one) for n, one in enumerate(new) if one.may_join]
    kinds = {n: lineage.before(str(one.reported.category)) for n, one in joining}
    spots = [
        spot
        for n, one in joining
        for group in sorted(lineage.groups(str(one.reported.category)))
        if (spot := _spot(n, one, group)) is not None
    ]
    spots += [spot for n, one in enumerate(new) if (spot := _spot_of_words(n, one, rules)) is not None]
    found: list[list[Known]] = [[] for _ in new]
    for n, known in await around(connection, spots, rules.suggest.within_m, since, rules.join.looked_at):
        found[n].append(known)
    nowhere = [(n, one) for n, one in joining if one.matter.lon is None]
    if nowhere:
        wanted = sorted({kind for n, _ in nowhere for kind in kinds[n]})
        of_those = await of_kind(connection, wanted, since, rules.suggest.looked_at)
        for n, _ in nowhere:
            same = [known for known in of_those if known.matter.category in kinds[n]]
            found[n] = same[: rules.join.looked_at]
    named = await by_id(connection, {one.said for _, one in joining if one.said}, since)
    for n, one in joining:
        if one.said in named:
            found[n].append(named[one.said])
    return found


async def _raisable(new: Sequence[New], rules: SameRows, connection: asyncpg.Connection) -> list[list[Known]]:
    """For each grave one the newest open incidents right where it is, whatever they are about."""
    rows = rules.graver
    since = min(one.matter.at for one in new) - timedelta(hours=max(rows.hours, rows.caller_hours))
    grave = [(n, one) for n, one in enumerate(new) if one.may_raise_others(rules)]
    spots = [spot for n, one in grave if (spot := _spot(n, one, EVERY_GROUP)) is not None]
    found: list[list[Known]] = [[] for _ in new]
    for n, known in await around(connection, spots, rows.within_m, since, rows.looked_at):
        found[n].append(known)
    said_since = min(one.matter.at for one in new) - timedelta(days=rules.suggest.within_days)
    named = await by_id(connection, {one.said for _, one in grave if one.said}, said_since)
    for n, one in grave:
        if one.said in named:
            found[n].append(named[one.said])
    return found


def _spot_of_words(n: int, one: New, rules: SameRows) -> Spot | None:
    """Around one of a kind in doubt where the policy asks for its very words: of any kind, of whatever begins alike."""
    if not one.is_in_doubt or rules.join.in_doubt.letters == 0:
        return None
    return _spot(n, one, EVERY_GROUP, one.matter.text[:BEGINNING])


def _spot(n: int, one: New, group: str, begins: str = "") -> Spot | None:
    lon, lat = one.matter.lon, one.matter.lat
    return None if lon is None or lat is None else Spot(n, lon, lat, group, begins)


def _is_open_of_caller(other: Earlier, one: New) -> bool:
    caller = one.matter.caller
    return (
        caller is not None and other.matter.caller == caller and other.status in OPEN and not other.sensitive
    )


def _each_once(known: Sequence[Known]) -> list[Known]:
    return list({one.id: one for one in known}.values())


def _as_open(one: Earlier) -> Known:
    return Known(
        one.id, one.number, one.status, one.severity, one.limit_class, one.grid, one.unit, one.matter
    )
