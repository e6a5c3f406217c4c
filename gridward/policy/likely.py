"""Which open matters one that waits at the desk may repeat, for the person who decides it: few and sure, or none. Pure.

Its kind may not be known, which takes a sign away; so the words must be alike as well as the whole.
"""

from collections.abc import Sequence

from gridward.policy.same import Likeness, Matter, likeness
from gridward.policy.same_rows import SameRows


def likeliest(one: Matter, others: Sequence[Matter], rules: SameRows) -> list[tuple[int, Likeness]]:
    """Positions in `others` of those that it may well repeat, the likeliest first; at most `rules.at_desk.most`."""
    judged = [(n, likeness(other, one, rules)) for n, other in enumerate(others)]
    likely = [(n, like) for n, like in judged if _may_be_one(like, rules)]
    likely.sort(key=lambda pair: (-pair[1].score, -others[pair[0]].at.timestamp()))
    return likely[: rules.at_desk.most]


def _may_be_one(like: Likeness, rules: SameRows) -> bool:
    rows = rules.at_desk
    if like.contradicts or like.category == 0.0 or like.days > rows.within_days or like.score < rows.score:
        return False
    if like.away_m is None:
        return like.text >= rows.text_alone
    return like.away_m <= rows.within_m and like.text >= rows.text
