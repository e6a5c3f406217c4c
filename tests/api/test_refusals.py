"""Whatever the domain refuses is said in Chinese."""

import ast
from pathlib import Path

import pytest

import gridward.domain
from api.errors import problem_of
from api.refusals import in_chinese
from gridward.domain.events import Accepted, Closed
from gridward.domain.transitions import IllegalTransition, Status

FOLDER = Path(gridward.domain.__file__).parent
# Moves of incidents; what other files refuse is caught in fields before, with the field's own reason.
FILES = ("desk_moves.py", "unit_moves.py", "draft.py")


def refusals() -> list[str]:
    """Every reason in the source, with 7 for what is filled in."""
    found: list[str] = []
    for name in FILES:
        for node in ast.walk(ast.parse((FOLDER / name).read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
                parts = getattr(node.args[0], "values", [node.args[0]])
                found.append("".join(str(p.value) if isinstance(p, ast.Constant) else "7" for p in parts))
    return found


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("an extension may be at most 3.5 days", "不超过 3.5 天"),
        ("a suspension ends in the future, within 30 CD", "最长 30 天"),
        ("others have set a limit: it may be extended until 2026-12-01 23:59 at most", "2026-12-01 23:59"),
        ("class A may not be extended", "A 类"),
    ],
)
def test_what_would_be_allowed_is_said(reason: str, said: str) -> None:
    assert said in in_chinese(reason)


def test_a_refusal_that_is_new_is_chinese_all_the_same() -> None:
    said = in_chinese("something nobody has thought of")
    assert said.startswith("不符合规则，没有保存。请")
    assert "something nobody has thought of" in said


def test_an_impossible_action_names_the_status_and_what_is_possible() -> None:
    problem = problem_of(IllegalTransition(Status.SUSPENDED, Closed()))
    assert problem.detail == "事件现在是“挂账”，不能这样做。现在可以：恢复办理、并案、阶段反馈"
    assert problem.detail_en.endswith("possible now: resume, merge, progress")
    looked_up = problem_of(IllegalTransition(Status.SUSPENDED, Closed()), {"possible": ["merge"]})
    assert looked_up.detail.endswith("现在可以：并案")


def test_there_are_refusals_to_look_at() -> None:
    assert len(refusals()) > 10


@pytest.mark.parametrize("reason", refusals())
def test_a_refusal_has_its_chinese(reason: str) -> None:
    assert not in_chinese(reason).startswith("不符合规则")


def test_a_limit_that_others_set_is_named() -> None:
    until = "2026-03-09 12:00"
    for reason in (
        f"others have set the limit, {until}: no extension fits before it",
        f"others have set a limit: it may be extended until {until} at most",
    ):
        assert until in in_chinese(reason)


def test_what_only_a_joint_unit_may_still_do_is_said_to_be_so() -> None:
    again = IllegalTransition(Status.ACCEPTED, Accepted())
    said = problem_of(again, {"possible": ["accept", "resolve"]}).detail
    assert "签收（仅会办单位）、办结" in said
