"""How often triage is right is seen in what people made of its guesses, and those teach the next model."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gridward.store.corrections import corrections
from infra.commands.corrections import write_examples
from infra.training.examples import read_examples
from tests.api.system import MARKET, UNCLEAR, Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

DESK = {"id": "desk-1", "role": "desk", "name": "调度员"}


async def figures(api: Api) -> dict[str, Any]:
    return await api.read("/api/triage/accuracy")


async def test_what_people_correct_counts_against_the_machine(system: System, tmp_path: Path) -> None:
    api = system.api
    right, wrong = await api.incident(), await api.incident(a_report("占道经营卖菜的把路堵了，第二处"))
    asked = await api.incident(a_report(UNCLEAR))
    code = right["category"]
    assert wrong["category"] == code
    for incident, category in ((wrong, "0507"), (asked, "0501")):
        answer = await api.act(incident, "dispatch", DESK, unit=MARKET, category=category)
        assert answer.status_code == 200, answer.text

    found = await figures(api)
    (mine,) = [one for one in found["categories"] if one["code"] == code]
    # Nobody has accepted the other one yet: whether it is right is not known.
    assert (mine["sent"], mine["seen"], mine["corrected"], mine["right"]) == (2, 1, 1, 0.0)
    answer = await api.act(right, "accept", {"id": "unit-7", "role": "unit", "unit": right["unit"]})
    assert answer.status_code == 200, answer.text
    found = await figures(api)
    (mine,) = [one for one in found["categories"] if one["code"] == code]
    assert (mine["sent"], mine["seen"], mine["corrected"], mine["right"]) == (2, 2, 1, 0.5)
    assert mine["name"]
    (week,) = found["weeks"]
    assert (week["n"], week["sent"], week["asked"], week["settled"], week["agreed"]) == (3, 2, 1, 1, 0)
    assert found["drift"]["verdict"] == "steady"
    assert found["model"]["trained"]

    given = (await api.detail(wrong["id"]))["severity"]
    assert given > 1
    # A later report made it graver, and that is not what the person gave.
    await api.services.pool.execute("UPDATE incidents SET severity = 1 WHERE id = $1", wrong["id"])
    since = system.worker.clock.now() - timedelta(hours=1)
    made = await corrections(api.services.pool, since)
    assert [(one.category, one.by) for one in made] == [("0507", "desk-1"), ("0501", "desk-1")]
    assert (made[0].guessed, made[0].severity) == (code, given)

    out = tmp_path / "corrections.jsonl"
    assert write_examples([*made, replace(made[0], incident_id="other", sensitive=True)], out) == (2, 1)
    # Urgency was the machine's own finding: nothing is learnt from that.
    assert [(one.code, one.urgent) for one in read_examples(out)] == [("0507", None), ("0501", None)]
    assert json.loads(out.read_text("utf-8").splitlines()[0])["by"] == "desk-1"


async def test_weeks_out_of_range_are_named(api: Api) -> None:
    answer = await api.client.get("/api/triage/accuracy", params={"weeks": 0})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "weeks"
