"""What became of a category (事项类别) that a later policy split, merged, retired or renamed: for figures over time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gridward.policy.category_rows import Categories, ChangeRow


def today(code: str, table: Categories) -> frozenset[str]:
    """Today's categories of a code that any version may have given; empty when none took its place.

    After a split there are several: a figure then belongs to their common group, or to the split as a whole.
    """
    followers = _followers(table.changes)
    current = {row.code for row in table.categories}
    reached: set[str] = set()
    open_codes = [code]
    seen: set[str] = set()
    while open_codes:
        one = open_codes.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in followers:
            open_codes += followers[one]
        elif one in current:
            reached.add(one)
    return frozenset(reached)


def heirs_of(table: Categories) -> dict[str, frozenset[str]]:
    """Each code that was changed -> today's categories of it, as `today`, without those whose place nothing took."""
    gone = (code for change in table.changes for code in change.sources)
    return {code: heirs for code in gone if (heirs := today(code, table))}


def todays(codes: Iterable[str], table: Categories) -> dict[str, frozenset[str]]:
    """Each code -> today's categories of it, as `today`; itself alone where nothing took its place."""
    return {code: today(code, table) or frozenset({code}) for code in codes}


def may_be_one(one: str | None, other: str | None, heirs: Mapping[str, frozenset[str]]) -> bool:
    """Whether one category of today can be both; None only with None. `heirs` as `todays` gives them.

    The old code of a split may be each of its parts, and no figure can tell which: what a person said of one of them
    does not contradict it.
    """
    if one is None or other is None:
        return one is other
    return not heirs[one].isdisjoint(heirs[other])


def comparable(heirs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Each code -> the categories of today that it is compared by over time, the fewest in which no code is in two.

    What a split took apart is one again wherever its old code is among the `heirs` (as of `todays`), or else the
    split alone would make the world look changed.
    """
    parts: list[frozenset[str]] = []
    for some in heirs.values():
        touched = [part for part in parts if part & some]
        parts = [part for part in parts if not part & some] + [some.union(*touched)]
    return {code: next(part for part in parts if some <= part) for code, some in heirs.items()}


def counted_as(code: str, table: Categories) -> str | None:
    """The code that a figure counts under: one category, the two-digit group that a split stayed in, or None."""
    codes = today(code, table)
    if len(codes) == 1:
        return next(iter(codes))
    groups = {one[:2] for one in codes}
    return groups.pop() if len(groups) == 1 else None


def counts_today(counts: Mapping[str, int], table: Categories) -> tuple[dict[str, int], dict[str, int]]:
    """Counts by any version's codes -> by today's categories and groups; and by the codes that fit nowhere."""
    mapped: dict[str, int] = {}
    unmapped: dict[str, int] = {}
    for code, number in counts.items():
        target = counted_as(code, table)
        into, key = (unmapped, code) if target is None else (mapped, target)
        into[key] = into.get(key, 0) + number
    return dict(sorted(mapped.items())), dict(sorted(unmapped.items()))


def mistakes(table: Categories) -> Iterator[tuple[int | None, str]]:
    """What is wrong with the changes, with the number of one or None: codes in use, targets that are none, circles."""
    current = {row.code for row in table.categories}
    followers = _followers(table.changes)
    gone = [code for change in table.changes for code in change.sources]
    for code in sorted({code for code in gone if gone.count(code) > 1}):
        yield None, f"{code}: 有两条变更，只能有一条 is changed twice: keep one"
    for number, change in enumerate(table.changes):
        for code in change.sources:
            if code in current:
                yield number, f"{code} 仍在类别表中，请删去类别或变更 is still a category: remove one of them"
        for code in change.targets:
            if code not in current and code not in followers:
                yield number, f"{code} 不是类别，请写现有类别 is no category: write one that exists"
    for code in followers:
        if _in_circle(code, followers):
            yield None, f"{code} 的变更绕回自身 the changes of {code} lead back to it"


def _followers(changes: Sequence[ChangeRow]) -> dict[str, list[str]]:
    return {code: change.targets for change in changes for code in change.sources}


def _in_circle(code: str, followers: Mapping[str, list[str]]) -> bool:
    seen: set[str] = set()
    ahead = list(followers[code])
    while ahead:
        one = ahead.pop()
        if one == code:
            return True
        if one not in seen:
            seen.add(one)
            ahead += followers.get(one, [])
    return False
