"""Which levels are told of a matter because of what its text says (提级告知): many people, weapons, threats.

Pure. The rules that raise a matter name the levels; policy says which kind of unit speaks for each.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridward.policy.attributes import Attributes
from gridward.policy.raises import holding
from gridward.policy.schema import AreaLevel

if TYPE_CHECKING:
    from gridward.policy.classify import Danger
    from gridward.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Told:
    """One level, the unit that speaks for it (None: nobody serves the place), and why, in Chinese."""

    level: AreaLevel
    unit: str | None
    why: str


def levels_to_tell(
    category: str | None,
    read: Attributes,
    moment: datetime,
    grid: str | None,
    accused: Collection[str],
    policy: "Policy",
    danger: "Danger | None" = None,
) -> tuple[Told, ...]:
    """Each level once, with every rule that names it.

    It does not matter whether the rules made the matter any graver: thirty people are told of even where the
    category alone is the gravest. An accused unit is not told. Without a grid only a kind of which the county has a
    single unit can be told; the others are told of by the desk.
    """
    reasons: dict[AreaLevel, list[str]] = {}
    for rule, line in holding(category, read, moment, policy, danger):
        for level in rule.tell:
            reasons.setdefault(level, []).append(line)
    return tuple(
        Told(level, unit, "；".join(why))
        for level, why in reasons.items()
        if (unit := policy.responsibility.unit_of(policy.attributes.rows.tells.get(level), grid))
        not in accused
    )


def called_ahead(
    category: str | None,
    read: Attributes,
    moment: datetime,
    grid: str | None,
    accused: Collection[str],
    policy: "Policy",
    danger: "Danger | None",
) -> tuple[Told, ...]:
    """Each unit that the text calls (police for an axe, the clinic for who does not breathe), told before the desk
    has named the kind: whoever can stop it does not wait for that.
    """
    reasons: dict[tuple[AreaLevel, str], list[str]] = {}
    for rule, line in holding(category, read, moment, policy, danger):
        for kind in (rule.lead, *rule.joint):
            unit = policy.responsibility.unit_of(kind, grid)
            if kind is not None and unit is not None and unit not in accused:
                of_county = policy.bundle.responsibility.kinds[kind].level == "county"
                reasons.setdefault(("county" if of_county else "town", unit), []).append(line)
    return tuple(
        Told(level, unit, f"{'；'.join(dict.fromkeys(why))}，请先行处置，不等派单")
        for (level, unit), why in reasons.items()
    )
