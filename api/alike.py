"""Incidents like another one, open or long finished: of which kinds they are looked for, and what is said of each."""

from typing import Protocol

from api.details import category_choices
from api.names import Names
from api.terms import term
from api.views import View
from gridward.policy.lineage import Lineage
from gridward.policy.same import Likeness, Matter
from gridward.store.queries import Full


class Like(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def matter(self) -> Matter: ...


def kinds_of(full: Full, names: Names, lineage: Lineage) -> set[str]:
    """Today's categories that the incident is of; while nobody knows it, the machine's best guesses."""
    own = full.incident.category
    return (
        set(lineage.now(own))
        if own
        else {choice["code"] for choice in category_choices(full.row["why"], names)}
    )


def alike_view(one: Like, like: Likeness, names: Names) -> View:
    """Its number, kind and state, how far it is and how sure that is: never a text."""
    return {
        "id": one.id,
        "number": one.number,
        "status": one.status,
        "status_zh": term("statuses", one.status),
        "category": one.matter.category,
        "category_name": names.category(one.matter.category),
        "score": round(like.score, 3),
        "away_m": None if like.away_m is None else round(like.away_m),
    }
