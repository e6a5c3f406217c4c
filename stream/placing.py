"""Where a report is when no phone says so: the one good place that its words name, else choices for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.verdict import MOST_CANDIDATES
from gridward.domain.commands import Command
from gridward.domain.place import GridMatch, Locator, Point
from gridward.policy.across import Area, apart, area_of
from gridward.policy.distance import metres
from gridward.policy.gazetteer import Gazetteer
from gridward.policy.policy import Policy
from gridward.policy.spots import BY_WORDS, Candidate, candidates, good, held_by, point_of
from gridward.reports import Report

PLACED_BY_WORDS = "place_by_words"
CONTRADICTION = "place_contradicts_text"


@dataclass(frozen=True, slots=True)
class Placed:
    """A report's place in WGS 84, its grid, and what its words name: `chosen` when they decided."""

    point: Point | None
    match: GridMatch
    named: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None
    grids: tuple[str | None, ...] = ()  # of `named`, where nobody decided between them
    areas: tuple[Area, ...] = ()  # villages or towns that the text plainly names, where they are several
    away_m: float | None = None  # from the phone's place to the named one, when that contradicts it


def place_by_words(
    reports: Sequence[Report],
    located: Sequence[tuple[Point | None, GridMatch]],
    policy: Policy,
    locator: Locator,
    gazetteer: Gazetteer,
) -> list[Placed]:
    """What the phone says stands; words decide only where it says nothing. One for each report, in order."""
    named = [tuple(candidates(gazetteer, report.text, report.address)) for report in reports]
    best = [good(found, gazetteer) for found in named]
    chosen = [one if point is None else None for (point, _), one in zip(located, best, strict=True)]
    points = [point_of(one) if one else None for one in chosen]
    matches = locator.locate(points, policy.nearest_within_m)
    found = [
        Placed(spot, held_by(decides, held), names, decides)
        if decides is not None
        else _undecided(point, match, names, likeliest, gazetteer)
        for (point, match), names, likeliest, decides, spot, held in zip(
            located, named, best, chosen, points, matches, strict=True
        )
    ]
    found = _with_grids(found, policy, locator)
    areas = _areas(reports, named, gazetteer, policy, locator)
    return [replace(one, areas=areas[n]) if n in areas else one for n, one in enumerate(found)]


def _undecided(
    point: Point | None,
    match: GridMatch,
    names: tuple[Candidate, ...],
    best: Candidate | None,
    gazetteer: Gazetteer,
) -> Placed:
    """Where the words decide nothing: they are kept where there is no other place, or where they contradict it."""
    away = _contradiction(point, best, gazetteer)
    return Placed(point, match, names if point is None or away else (), away_m=away)


def _areas(
    reports: Sequence[Report],
    named: Sequence[Sequence[Candidate]],
    gazetteer: Gazetteer,
    policy: Policy,
    locator: Locator,
) -> dict[int, tuple[Area, ...]]:
    """By the report's number, where its text names several. What the address says is where it is, not who it is about.

    Where somebody is from speaks for the place of a party, though not for the place of the matter.
    """
    if policy.bundle.responsibility.across is None:
        return {}
    enough = gazetteer.deciding.doubtful
    plain = {
        n: [one for one in said if one.score >= enough]
        for n, report in enumerate(reports)
        if (said := candidates(gazetteer, report.text) if report.address else named[n])
    }
    several = {n: some for n, some in plain.items() if len(some) > 1}
    points = [None if one.place.grids else point_of(one) for some in several.values() for one in some]
    held = iter(locator.locate(points, policy.nearest_within_m))
    found = {}
    for n, some in several.items():
        areas = apart(area for one in some if (area := area_of(one, next(held).grid)) is not None)
        if len(areas) > 1:
            found[n] = areas
    return found


def _with_grids(found: list[Placed], policy: Policy, locator: Locator) -> list[Placed]:
    """Where the desk must choose, the grids of the places are the candidates, which it sees on its map."""
    undecided = [n for n, one in enumerate(found) if one.point is None and one.chosen is None and one.named]
    points = [point_of(named) for n in undecided for named in found[n].named]
    located = iter(locator.locate(points, policy.nearest_within_m))
    for n in undecided:
        grids = tuple(_grid(named, next(located)) for named in found[n].named)
        coarse = [code for named in found[n].named for code in named.place.grids]
        offered = tuple(dict.fromkeys([*(code for code in grids if code), *coarse]))[:MOST_CANDIDATES]
        match = replace(found[n].match, candidates=offered)
        found[n] = replace(found[n], match=match, grids=grids)
    return found


def _grid(named: Candidate, held: GridMatch) -> str | None:
    """The one grid of a place; a village or a road that lies in several has none."""
    if named.place.grids:
        return named.place.grids[0] if len(named.place.grids) == 1 else None
    return held.grid


def _contradiction(point: Point | None, best: Candidate | None, gazetteer: Gazetteer) -> float | None:
    """Metres between the phone's place and the named one, where they cannot both be right."""
    if point is None or best is None or best.place.lon is None or best.place.lat is None:
        return None
    away = metres(point.lon, point.lat, best.place.lon, best.place.lat)
    allowed = gazetteer.deciding.contradiction_m + best.precision_m + (point.accuracy_m or 0.0)
    return away if away > allowed else None


def told(command: Command, placed: Placed) -> Command:
    """The command of a report with what its words said of the place: flags, precision, reasons."""
    facts = command.opens
    said = words_of(placed)
    if facts is None or not said:
        return command
    why = dict(facts.why or {})
    why["place"] = {**why.get("place", {}), **said}
    precision = placed.chosen.precision_m if placed.chosen else facts.accuracy_m
    flags = (*facts.flags, *flags_of(placed))
    return replace(command, opens=replace(facts, flags=flags, accuracy_m=precision, why=why))


def flags_of(placed: Placed) -> tuple[str, ...]:
    """What is odd about the place, as the incident keeps it."""
    if placed.chosen is not None:
        return (PLACED_BY_WORDS,)
    return (CONTRADICTION,) if placed.away_m is not None else ()


def words_of(placed: Placed) -> dict[str, Any]:
    """What the explanation keeps: the words that decided, what they contradict, and the choices for the desk."""
    kept: dict[str, Any] = {}
    if placed.chosen is not None:
        kept["words"] = view_of(placed.chosen)
        kept["by"] = BY_WORDS
    elif placed.away_m is not None:
        kept["contradiction"] = {
            "away_m": round(placed.away_m),
            "text": f"定位与文中“{placed.named[0].words}”相距 {placed.away_m / 1000:.1f} 公里，以定位为准",
            "named": view_of(placed.named[0]),
        }
    elif placed.named:
        grids = placed.grids or (None,) * len(placed.named)
        kept["choices"] = [
            {**view_of(one), "grid": grid} for one, grid in zip(placed.named, grids, strict=True)
        ]
    return kept


def view_of(one: Candidate) -> dict[str, Any]:
    """A candidate as the explanation keeps it: with the grids that it lies in."""
    return {**one.as_data(), "grids": one.place.grids[:MOST_CANDIDATES]}
