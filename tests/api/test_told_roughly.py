"""How exactly a resident is told where somebody else's matter is stands in the policy."""

from datetime import UTC, datetime

import pytest

from api.names import Names
from api.suggesting import RESIDENT, repeat_view
from gridward.policy.load import compile_policy, load_bundle
from gridward.policy.personal_rows import ResidentRows
from gridward.policy.same import Likeness, Matter
from gridward.store.similar import Known

MATTER = Matter("路灯不亮", datetime(2026, 3, 1, tzinfo=UTC), "0501", None, None)
KNOWN = Known("1", "N1", "queued", 3, "C", None, None, MATTER)
LIKE = Likeness(
    score=0.9, text=0.9, names=None, away_m=111.0, days=1.0, category=None, same_caller=False, letters=4
)


@pytest.mark.parametrize(("step", "told"), [(50, 100), (200, 200), (10, 110)])
def test_a_resident_is_told_a_distance_in_steps_and_the_desk_in_metres(step: int, told: int) -> None:
    bundle = load_bundle()
    personal = bundle.personal.model_copy(update={"residents": ResidentRows(away_step_m=step)})
    policy = compile_policy(bundle.model_copy(update={"personal": personal}), 1)
    assert repeat_view(KNOWN, LIKE, RESIDENT, Names(policy), policy)["away_m"] == told
    assert repeat_view(KNOWN, LIKE, "desk", Names(policy), policy)["away_m"] == 111
