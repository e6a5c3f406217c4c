"""Why a report was decided so, as its incident keeps it for whoever asks: words, place, rule, versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gridward.domain.place import GridMatch
from gridward.policy.accused import Accused
from gridward.policy.assign import Assignment
from gridward.policy.attributes import Attributes
from gridward.policy.classify import Classification
from gridward.policy.policy import Policy
from gridward.policy.raises import Standing
from gridward.policy.tells import Told
from gridward.reports import Report


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a decision rests on: `assignment` is None where kind or place is in doubt."""

    found: Classification
    match: GridMatch
    assignment: Assignment | None
    accused: Sequence[Accused]
    read: Attributes
    standing: Standing
    tells: Sequence[Told]


def why_of(report: Report, on: Grounds, policy: Policy, boundary_version: int) -> dict[str, Any]:
    """The reasons as they were at that moment: words, place, rule, versions."""
    return {
        "category": {
            "code": on.found.code,
            "confidence": on.found.confidence,
            "words": on.found.words,
            "urgent": on.found.urgent,
            "danger": on.found.danger.words if on.found.danger else None,
            "over": on.found.over,
            "vetoes": on.found.vetoes,
            "hidden": on.found.hidden,
            "doubt": on.found.doubt,
            "alternatives": on.found.alternatives,
        },
        "place": {
            "grid": on.match.grid,
            "how": on.match.how,
            "candidates": on.match.candidates,
            "distance_m": on.match.distance_m,
            **flags_of(on.match, policy),
            "given": {
                "lon": report.lon,
                "lat": report.lat,
                "crs": report.crs,
                "accuracy_m": report.accuracy_m,
            },
        },
        "unit": {
            "unit": on.assignment.unit if on.assignment else None,
            "joint": on.assignment.joint if on.assignment else (),
            "rule": on.assignment.rule if on.assignment else None,
            "window": on.assignment.window if on.assignment else None,
            "limit_class": on.assignment.limit_class if on.assignment else None,
            "beside": on.assignment.beside if on.assignment else None,
            "across": list(on.assignment.across) if on.assignment else [],
            "text": on.assignment.why if on.assignment else None,
            "excluded": [
                {"unit": one.unit, "name": one.name, "deed": one.deed, "text": one.text} for one in on.accused
            ],
        },
        "attributes": read_of(on.read, on.standing),
        "told": [{"level": one.level, "unit": one.unit, "text": one.why} for one in on.tells],
        "versions": {"policy": policy.version, "boundary": boundary_version},
    }


def read_of(read: Attributes, standing: Standing) -> dict[str, Any]:
    """What was read from the text, as the explanation keeps it."""
    people = read.people
    return {
        "flags": dict(read.flags),
        "people": {"least": people.least, "most": people.most, "words": people.words} if people else None,
        "times": read.times,
        "raised": {
            "severity": standing.severity,
            "limit_class": standing.limit_class,
            "text": standing.why,
        }
        if standing.why
        else None,
    }


def flags_of(match: GridMatch, policy: Policy) -> dict[str, Any]:
    """The flag of a grid that holds the point unsurely, or not at all, with what it rests on."""
    if match.how == "border":
        return {"flags": ["near_border"], "probabilities": [round(one, 3) for one in match.probabilities]}
    if match.how != "nearest" or match.distance_m is None:
        return {}
    within = policy.nearest_within_m
    return {
        "flags": ["nearest_grid"],
        "nearest_within_m": within,
        "text": f"不在任何网格内，距最近的网格 {match.distance_m:.0f} 米，在策略允许的 {within:g} 米以内",
    }
