"""Duties that law keeps from lower levels (职责不得下放): who may never lead a matter, and on what basis.

To lead is to answer for it; a village that helps (协助) joins, and is never refused for that.
"""

from collections.abc import Collection, Iterable, Iterator

from gridward.policy.assign import is_conditional, rule_id
from gridward.policy.problem import Place, Problem
from gridward.policy.schema import MatterRow, PolicyBundle, Responsibility, RuleRow

UNCHECKED = "待法制机构核对"


def covering(category: str, matters: Iterable[MatterRow]) -> list[MatterRow]:
    """The rows that speak of `category`, the most specific first."""
    return sorted(
        (row for row in matters if category.startswith(row.category)), key=lambda row: -len(row.category)
    )


def pushed_down(category: str, kinds: Collection[str], matters: Iterable[MatterRow]) -> MatterRow | None:
    """The row that keeps `category` from a unit of these `kinds`; None when one of them may lead it.

    A unit of several kinds leads by whichever may, whatever rows keep it from the others.
    """
    rows = covering(category, matters)
    if not kinds or not set(kinds) <= {kind for row in rows for kind in row.never_led_by}:
        return None
    return next(row for row in rows if set(kinds) & set(row.never_led_by))


def basis_of(row: MatterRow) -> str:
    """The legal basis (法律依据) as people read it, with the mark of one that nobody has checked."""
    return row.basis if row.checked else f"{row.basis}〔{UNCHECKED}〕"


def unchecked(bundle: PolicyBundle) -> list[Problem]:
    """One line for each basis that the county's legal office must still compare with the law."""
    return [
        Problem(
            "responsibility",
            ("matters", number, "basis"),
            f"法律依据{UNCHECKED}，核对后写 checked: true（{row.basis}） "
            "(legal basis not yet checked: have it checked, then set checked: true)",
            about=f"matters: {row.category}",
        )
        for number, row in enumerate(bundle.responsibility.matters)
        if not row.checked
    ]


def mistakes(bundle: PolicyBundle) -> Iterator[Problem]:
    """Every place in the table that would push a duty down."""
    table, codes = bundle.responsibility, [row.code for row in bundle.categories.categories]
    for number, rule in enumerate(table.rules):
        mine = (code for code in codes if _may_decide(rule, code, table))
        at = ("rules", number, "lead")
        yield from _refused("responsibility", at, f"rule {rule_id(rule)}", rule.lead, mine, table)
    for number, near in enumerate(table.nearby):
        mine = (code for code in codes if code.startswith(tuple(near.groups)))
        at = ("nearby", number, "lead")
        yield from _refused("responsibility", at, f"nearby: {near.special}", near.lead, mine, table)
    for number, kind in enumerate(table.across.superiors if table.across else ()):
        mine = (code for code in codes if table.across and code.startswith(tuple(table.across.categories)))
        yield from _refused("responsibility", ("across", "superiors", number), "", kind, mine, table)
    for number, one in enumerate(bundle.attributes.raises):
        if one.lead is not None:
            mine = (code for code in codes if code.startswith(tuple(one.categories) or ""))
            at = ("raises", number, "lead")
            yield from _refused("attributes", at, f"raises: {one.name}", one.lead, mine, table)
    if (instead := bundle.attributes.accused.instead) is not None:
        yield from _refused("attributes", ("accused", "instead"), "", instead, codes, table)


def _may_decide(rule: RuleRow, code: str, table: Responsibility) -> bool:
    """Whether no rule for a longer category holds wherever and whenever this one does."""
    return code.startswith(rule.category) and not any(
        len(other.category) > len(rule.category)
        and code.startswith(other.category)
        and not (other.special or other.area or is_conditional(other))
        for other in table.rules
    )


def _refused(
    file: str, place: Place, about: str, lead: str, codes: Iterable[str], table: Responsibility
) -> Iterator[Problem]:
    """One line for each basis, with the categories that it keeps from `lead`."""
    kept: dict[str, list[str]] = {}
    for code in codes:
        if row := pushed_down(code, [lead], table.matters):
            kept.setdefault(basis_of(row), []).append(code)
    for basis, them in kept.items():
        yield Problem(
            file,
            place,
            f"{'、'.join(them)} 不得由{lead}主办（{basis}），请改由有权单位主办 "
            f"(law keeps this matter from {lead}: name another lead)",
            about=about,
        )
