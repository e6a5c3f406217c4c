"""The interface's description is complete, and nothing that fits or breaks it makes the server fail."""

import asyncio
import contextlib
import json
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from tests.api.system import Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

SKIPPED = "/api/live"  # never ends; it has tests of its own
EXAMPLES = 15  # for each route and way


async def described(api: Api) -> dict[str, Any]:
    answer = await api.client.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_every_route_is_described(api: Api) -> None:
    paths = (await described(api))["paths"]
    assert len(paths) >= 17
    for path, methods in paths.items():
        for method, operation in methods.items():
            said = operation.get("description") or ""
            assert len(said) > 15, f"{method} {path} says nothing"
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                assert content.get("examples") or "reveal" in path


async def test_every_reference_leads_somewhere(api: Api) -> None:
    schema = await described(api)
    text = json.dumps(schema)
    for name in set(re.findall(r"#/components/schemas/([^\"]+)", text)):
        assert name in schema["components"]["schemas"]


async def test_no_page_loads_anything_from_another_host(api: Api) -> None:
    for path in ("/docs", "/redoc"):
        assert (await api.client.get(path)).status_code in (404, 503)


async def test_answers_have_the_shape_that_is_described(system: System) -> None:
    """What pages rely on, checked against the description itself."""
    api = system.api
    incident = await api.incident(a_report())
    schema = schemathesis.openapi.from_dict(await described(api))
    for path, concrete in (
        ("/api/incidents", "/api/incidents"),
        ("/api/incidents/{reference}", f"/api/incidents/{incident['id']}"),
        ("/api/incidents/{reference}/explain", f"/api/incidents/{incident['id']}/explain"),
        ("/api/counts", "/api/counts"),
        ("/api/units", "/api/units"),
    ):
        answer = await api.client.get(concrete)
        assert answer.status_code == 200
        schema[path]["GET"].validate_response(schemathesis.Response.from_httpx(answer, verify=True))


# The generator's own way of making strings, in which we have no say.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
async def test_whatever_is_sent_the_server_does_not_fail(system: System) -> None:
    incident = await system.api.incident()
    await asyncio.to_thread(bombard, system.api.base, await described(system.api), incident["id"])
    assert (await system.api.client.get("/readyz")).status_code == 200


def bombard(base: str, description: dict[str, Any], incident: str) -> None:
    """What fits the description, and what breaks it, to every route but the live stream."""
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=base)
    for result in schema.exclude(path=SKIPPED).get_all_operations():
        assert isinstance(result, Ok), result
        for mode in GenerationMode:
            attack(result.ok(), mode, {})
        if "{reference}" in result.ok().path:
            attack(result.ok(), GenerationMode.POSITIVE, {"reference": incident})


def attack(route: Any, mode: GenerationMode, known: dict[str, str]) -> None:
    """`known` stands in for what nobody can guess."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=route.as_strategy(generation_mode=mode))
    def hit(case: schemathesis.Case[Any]) -> None:
        case.path_parameters.update(known)
        case.call_and_validate(checks=[not_a_server_error])

    with contextlib.suppress(Unsatisfiable):  # a route that takes nothing cannot be given what breaks it
        hit()
