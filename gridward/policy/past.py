"""Which earlier matters (类似的办过的事) resemble one enough to show where they went. Pure.

What tells one matter from its twin (names, time, who reported) says nothing about whose such matters are: only
words, place and kind count here.
"""

from collections.abc import Sequence

from gridward.policy.same import Likeness, Matter, likeness
from gridward.policy.same_rows import SameRows


def most_alike(one: Matter, others: Sequence[Matter], rules: SameRows) -> list[tuple[int, Likeness]]:
    """Positions in `others` of those that are alike enough, the most alike first; at most `rules.past.most`."""
    past = rules.past
    timeless = rules.model_copy(
        update={"weights": rules.weights.model_copy(update={"names": 0.0, "time": 0.0, "reporter": 0.0})}
    )
    judged = ((n, likeness(one, other, timeless)) for n, other in enumerate(others))
    alike = [
        (n, like)
        for n, like in judged
        if like.text >= past.text and (like.away_m is None or like.away_m <= past.within_m)
    ]
    alike.sort(key=lambda pair: (-pair[1].score, -others[pair[0]].at.timestamp()))
    return alike[: past.most]
