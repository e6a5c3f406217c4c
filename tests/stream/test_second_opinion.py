"""The centre's own language model decides only where it is sure and in time; no report waits long for it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from gridward.clock import SystemClock
from gridward.domain.events import Doubt
from gridward.policy.classify import Classification
from gridward.policy.load import bundled_policy
from gridward.policy.policy import Policy
from gridward.settings import Settings
from stream.second_opinion import FAILURES, SPOKEN, SecondOpinion
from stream.triage import sensitive

UNSURE = Classification(
    "0501", 0.5, 4, (("0501", 0.4, ()), ("0506", 0.3, ())), (), False, Doubt.AMBIGUOUS_CATEGORY
)
SURE = replace(UNSURE, doubt=None)
SENSITIVE = replace(UNSURE, alternatives=(("0501", 0.4, ()), ("0101", 0.3, ())))
Handler = Callable[[web.Request], Awaitable[web.Response]]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return bundled_policy()


class Model:
    """A local server that speaks the interface: it answers what `says` holds, after `takes` seconds."""

    def __init__(self) -> None:
        self.says: Any = {"code": "0506", "confidence": 0.95}
        self.takes = 0.0
        self.status = 200
        self.asked: list[dict[str, Any]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        await asyncio.sleep(self.takes)
        content = self.says if isinstance(self.says, str) else json.dumps(self.says)
        return web.json_response({"choices": [{"message": {"content": content}}]}, status=self.status)


@pytest_asyncio.fixture
async def model() -> AsyncIterator[tuple[Model, str]]:
    model = Model()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield model, f"http://127.0.0.1:{port}/v1"
    await runner.cleanup()


async def ask(url: str, found: list[Classification], policy: Policy, **settings: Any) -> list[Classification]:
    second = SecondOpinion(replace(Settings(), llm_url=url, llm_timeout=0.5, **settings), SystemClock())
    try:
        return await second.ask(["路边有人摆摊"] * len(found), found, policy)
    finally:
        await second.close()


async def test_it_decides_what_was_unsure_and_nothing_else(model: tuple[Model, str], policy: Policy) -> None:
    first, second = await ask(model[1], [UNSURE, SURE], policy)
    assert (first.code, first.doubt, first.words) == ("0506", None, (SPOKEN,))
    assert first.severity == policy.categories["0506"].severity
    assert second == SURE
    assert len(model[0].asked) == 1


async def test_unsure_itself_it_is_one_more_choice(model: tuple[Model, str], policy: Policy) -> None:
    model[0].says = {"code": "0507", "confidence": 0.6}
    (found,) = await ask(model[1], [UNSURE], policy)
    assert (found.code, found.doubt) == (UNSURE.code, UNSURE.doubt)
    assert found.alternatives[-1] == ("0507", 0.3, (SPOKEN,))


async def test_a_kind_that_policy_leaves_to_a_person_is_only_offered(
    model: tuple[Model, str], policy: Policy
) -> None:
    model[0].says = {"code": "9999", "confidence": 0.97}
    (found,) = await ask(model[1], [UNSURE], policy)
    assert (found.code, found.doubt) == (UNSURE.code, UNSURE.doubt)
    assert found.alternatives[-1][0] == "9999"


async def test_an_undecided_opinion_weighs_no_more_than_what_it_stands_behind(
    model: tuple[Model, str], policy: Policy
) -> None:
    """What is hidden is told by how the candidates' shares compare: an outsider's own measure must not enter there."""
    hidden = replace(UNSURE, alternatives=(("0802", 0.18, ()), ("0801", 0.17, ())), code="0802")
    model[0].says = {"code": "0111", "confidence": 0.8}
    (found,) = await ask(model[1], [hidden], policy, llm_personal=True)
    assert found.alternatives == (*hidden.alternatives, ("0111", 0.17, (SPOKEN,)))


@pytest.mark.parametrize("third", ["0101", "9999"])
@pytest.mark.parametrize("confidence", [0.6, 0.95])
async def test_an_outside_answer_never_takes_the_place_of_what_may_hide_or_needs_a_person(
    model: tuple[Model, str], policy: Policy, third: str, confidence: float
) -> None:
    model[0].says = {"code": "0507", "confidence": confidence}
    kept = (third, 0.25, ())
    found = replace(UNSURE, alternatives=(*UNSURE.alternatives, kept))
    (told,) = await ask(model[1], [found], policy, llm_personal=True)
    assert kept in told.alternatives
    assert "0507" in [code for code, _, _ in told.alternatives]


async def test_an_offered_opinion_leaves_hidden_what_a_third_candidate_hides(
    model: tuple[Model, str], policy: Policy
) -> None:
    model[0].says = {"code": "0507", "confidence": 0.6}
    hidden = replace(UNSURE, alternatives=(*UNSURE.alternatives, ("0101", 0.25, ())))
    (told,) = await ask(model[1], [hidden], policy, llm_personal=True)
    assert sensitive(None, hidden, policy)
    assert sensitive(None, told, policy)


async def test_an_offered_opinion_takes_the_place_of_an_ordinary_third(
    model: tuple[Model, str], policy: Policy
) -> None:
    model[0].says = {"code": "0507", "confidence": 0.6}
    found = replace(UNSURE, alternatives=(*UNSURE.alternatives, ("0502", 0.2, ())))
    (told,) = await ask(model[1], [found], policy)
    assert [code for code, _, _ in told.alternatives] == ["0501", "0506", "0507"]


@pytest.mark.parametrize(
    "says",
    [
        "我认为是占道经营",
        "{}",
        '{"code": "1234", "confidence": 1}',
        '{"code": "0506", "confidence": 7}',
        "[]",
    ],
)
async def test_an_answer_that_is_none_changes_nothing(
    model: tuple[Model, str], policy: Policy, says: str
) -> None:
    model[0].says = says
    assert await ask(model[1], [UNSURE], policy) == [UNSURE]


async def test_a_slow_one_is_not_waited_for(model: tuple[Model, str], policy: Policy) -> None:
    model[0].takes = 2.0
    begun = asyncio.get_running_loop().time()
    assert await ask(model[1], [UNSURE] * 20, policy) == [UNSURE] * 20
    assert asyncio.get_running_loop().time() - begun < 1.5


async def test_after_failures_in_a_row_nobody_is_asked_for_a_while(
    model: tuple[Model, str], policy: Policy
) -> None:
    model[0].status = 500
    second = SecondOpinion(replace(Settings(), llm_url=model[1], llm_timeout=0.5), SystemClock())
    for _ in range(FAILURES + 3):
        assert await second.ask(["摆摊"], [UNSURE], policy) == [UNSURE]
    assert len(model[0].asked) == FAILURES
    await second.close()


async def test_what_may_be_sensitive_or_is_urgent_is_never_sent(
    model: tuple[Model, str], policy: Policy
) -> None:
    urgent = replace(UNSURE, urgent=True)
    assert await ask(model[1], [SENSITIVE, urgent], policy) == [SENSITIVE, urgent]
    assert model[0].asked == []
    (allowed,) = await ask(model[1], [SENSITIVE], policy, llm_personal=True)
    assert allowed.code == "0506"


@pytest.mark.parametrize(
    ("fields", "when_allowed"),
    [({"hidden": ("猥亵",)}, True), ({"vetoes": ("猥亵",)}, False), ({"over": True}, False)],
)
async def test_what_policy_hides_or_leaves_to_people_is_not_asked_about(
    model: tuple[Model, str], policy: Policy, fields: dict[str, Any], when_allowed: bool
) -> None:
    found = replace(UNSURE, **fields)
    assert await ask(model[1], [found], policy) == [found]
    assert model[0].asked == []
    await ask(model[1], [found], policy, llm_personal=True)
    assert bool(model[0].asked) is when_allowed


async def test_it_is_off_unless_set_up(policy: Policy) -> None:
    assert Settings().llm_url == ""
    assert await ask("", [UNSURE], policy) == [UNSURE]


async def test_whoever_a_text_names_is_not_told_outside(policy: Policy) -> None:
    text = "昨晚李秀英的儿子又来砸门"
    asked = SecondOpinion(Settings(llm_url="http://127.0.0.1:1"), SystemClock()).question(text, policy)
    assert asked["messages"][1]["content"] == "昨晚某的儿子又来砸门"
    own = SecondOpinion(Settings(llm_url="http://127.0.0.1:1", llm_personal=True), SystemClock())
    assert own.question(text, policy)["messages"][1]["content"] == text
