"""Whatever the domain refuses is said in Chinese."""

import ast
from pathlib import Path

import pytest

import gridward.domain
from api.refusals import in_chinese

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
