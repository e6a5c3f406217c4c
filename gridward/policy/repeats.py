"""Repeat matters (重复事项): which reports count as reports of one, who only says the same again, what is graver.

Pure. `gridward.policy.same` says how alike two reports are; here stands what follows from it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gridward.policy.raises import Standing, lifted
from gridward.policy.same import (
    Likeness,
    Matter,
    alike_beside_names,
    is_kept_apart,
    is_same_caller,
    names_of,
    parties_of,
    said_before,
    tells_of_harm,
)
from gridward.policy.same_rows import SameRows

if TYPE_CHECKING:
    from gridward.policy.policy import Policy


def may_repeat(category: str | None, rules: SameRows) -> bool:
    """Whether reports of this kind make repeat matters at all."""
    rows = rules.repeat
    if rows.count == 0 or category is None or category.startswith(tuple(rows.never)):
        return False
    return not rows.categories or category.startswith(tuple(rows.categories))


def is_repeat(like: Likeness, rules: SameRows) -> bool:
    """Whether the two are reports of one matter, as far as a link is concerned: less sure than to join them."""
    rows = rules.repeat
    if like.contradicts or not like.category:
        return False
    if like.away_m is None:
        return like.text >= rows.text_alone
    return like.away_m <= rows.within_m and like.text >= rows.text and like.score >= rows.score


def new_facts(earlier: Matter, later: Matter, policy: "Policy") -> tuple[str, ...]:
    """Names, numbers, words of danger and people that the later text has and the earlier one has not."""
    rules = policy.bundle.same
    names = names_of(later.text, rules) - names_of(earlier.text, rules)
    before, now = policy.attributes.read(earlier.text), policy.attributes.read(later.text)
    words = [
        word for flag in rules.repeat.facts if flag not in before.flags for word in now.flags.get(flag, ())
    ]
    most = before.people.most if before.people else 0
    people = [now.people.words] if now.people and now.people.most > most else []
    return tuple(dict.fromkeys((*sorted(names), *words, *people)))


def voice_of(earlier: Matter, later: Matter, policy: "Policy") -> tuple[bool, tuple[str, ...]]:
    """Of a report that joins another: whether the same person says it, and what that person adds."""
    if not is_same_caller(earlier, later):
        return False, ()
    return True, new_facts(earlier, later, policy)


def adds_nothing(earlier: Matter, later: Matter, like: Likeness, policy: "Policy") -> bool:
    """Whether the same person says the same again; how grave it is, and whether it is open, is the caller's to ask.

    While nobody knows of what kind the later one is, only the very same words count.
    """
    rules = policy.bundle.same
    rows = rules.same_person
    in_doubt = later.category is None
    if not like.same_caller or not (in_doubt or like.category == 1.0) or like.days > rows.days:
        return False
    if like.contradicts or (like.away_m is not None and like.away_m > rows.within_m):
        return False
    known = [matter for matter in (earlier, later) if matter.category is not None]
    if any(is_kept_apart(matter, rules, rows.never) for matter in known):
        return False
    if in_doubt and tells_of_harm(later.text, rules):
        return False
    share = said_before(earlier.text, later.text, rules)
    enough = rows.text if like.letters >= rows.letters and not in_doubt else max(rows.text, 1.0)
    return share >= enough and not new_facts(earlier, later, policy)


def nth(earlier: Sequence[Matter], new: Matter, policy: "Policy") -> int:
    """The how many-th report of the matter `new` is; 0 when it does not count.

    A person counts once, and again with new facts. Who is not known counts each time: nobody can tell them apart.
    """
    said: dict[bytes, list[Matter]] = {}
    count, counts = 0, False
    for one in (*sorted(earlier, key=lambda matter: matter.at), new):
        own = said.setdefault(one.caller, []) if one.caller is not None else []
        counts = all(new_facts(other, one, policy) for other in own)
        count += counts
        own.append(one)
    return count if counts else 0


def one_step(old: Standing, reason: str, moment: datetime, policy: "Policy") -> Standing:
    """Raised one step: graver by one, no further than the policy lets repetition go, and under the next class."""
    rows = policy.bundle.same.repeat
    severity = max(old.severity - 1, rows.gravest)
    limit_class = rows.steps.get(old.limit_class, old.limit_class)
    return lifted(old, severity, limit_class, reason, moment, policy)


def reason_of(count: int, returning: bool, policy: "Policy") -> str:
    days = f"{policy.bundle.same.repeat.days:g}"
    return f"重复事项：{days} 天内办结后再次发生" if returning else f"重复事项：{days} 天内第 {count} 次反映"


def may_raise(
    earlier: Matter, later: Matter, like: Likeness, policy: "Policy", guess: str | None = None
) -> bool:
    """Whether a graver report seems to be about the open matter `earlier`: nothing speaks against it, it is near and
    recent, it is what such a matter turns into (a quarrel into a fight and no fire), and either told alike or by the
    same person. Where not both say where they are, that person's words must be of a known kind. `guess`: what the later
    one may be about while its kind is in doubt.
    """
    rows = policy.bundle.same.graver
    if like.contradicts or (like.away_m is not None and like.away_m > rows.within_m):
        return False
    turned = rows.may_become(earlier.kinds, _kinds(later, guess))
    if turned is False:
        return False
    if like.same_caller and like.days * 24 <= rows.caller_hours and (like.away_m is not None or turned):
        return True
    return may_have_become(earlier, later, like, policy, guess) and _is_told_alike(
        earlier, later, like, policy
    )


def may_have_become(
    earlier: Matter, later: Matter, like: Likeness, policy: "Policy", guess: str | None = None
) -> bool:
    """Whether the graver report is near and recent, and what such a matter turns into: enough to show it to a person,
    and not to raise anything. Two matters of one village group are near, and share its names.
    """
    rows = policy.bundle.same.graver
    if like.contradicts or rows.may_become(earlier.kinds, _kinds(later, guess)) is False:
        return False
    is_near = like.away_m is not None and like.away_m <= rows.within_m
    return is_near and like.days * 24 <= rows.hours and like.score >= rows.score


def _kinds(later: Matter, guess: str | None) -> Collection[str]:
    return later.kinds or ({guess} if guess else ())


def _is_told_alike(earlier: Matter, later: Matter, like: Likeness, policy: "Policy") -> bool:
    """Alike beside the names in them, the less so where both are of one kind; or about the same persons or house."""
    rules = policy.bundle.same
    rows = rules.graver
    least = rows.text_kind if like.category == 1.0 else rows.text
    if least == 0.0 or alike_beside_names(earlier, later, rules) >= least:
        return True
    if like.text < rows.text_party:
        return False
    first, second = (parties_of(one.text, rules, policy.people) for one in (earlier, later))
    return not first.isdisjoint(second)
