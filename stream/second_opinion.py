"""Asks a language model that the centre itself runs about what triage is unsure of. Off unless it is set up.

It speaks the OpenAI-compatible interface. Whatever goes wrong (too slow, away, an answer that is none) leaves the
matter with the desk, as if nobody had been asked; and what is urgent never waits for it.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx

from gridward.clock import Clock
from gridward.logs import get_logger
from gridward.metrics import second_opinions
from gridward.policy.classify import CHOICES, Alternative, Classification
from gridward.policy.policy import Policy
from gridward.settings import Settings

log = get_logger(__name__)

SPOKEN = "外部模型"  # stands among the words that spoke for a category
FAILURES, REST = 5, 60.0  # after so many in a row nobody is asked for so many seconds
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Answer:
    code: str
    confidence: float


class SecondOpinion:
    """One for each agent. `ask` takes no longer than the settings allow, whatever the other side does."""

    def __init__(self, settings: Settings, clock: Clock, client: httpx.AsyncClient | None = None) -> None:
        self.settings = settings
        self.clock = clock
        self.client = client or httpx.AsyncClient(timeout=settings.llm_timeout)
        self.failures = 0
        self.rests_until = 0.0

    @property
    def is_on(self) -> bool:
        return bool(self.settings.llm_url)

    async def close(self) -> None:
        await self.client.aclose()

    async def ask(
        self, texts: Sequence[str], found: Sequence[Classification], policy: Policy
    ) -> list[Classification]:
        """The same classifications, those in doubt decided where the answer is sure enough and in time.

        Beside something urgent nobody is asked: the batch is kept as one, and it would wait.
        """
        answers = list(found)
        if any(one.urgent for one in found):
            return answers
        unsure = [n for n, one in enumerate(found) if one.doubt and self.may_send(one, policy)]
        if not self.is_on or not unsure or asyncio.get_running_loop().time() < self.rests_until:
            return answers
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(n: int) -> None:
            async with limit:
                if answer := await self.answer(texts[n], policy):
                    answers[n] = self.taken(answers[n], answer, policy)

        tasks = [asyncio.create_task(one(n)) for n in unsure]
        _, late = await asyncio.wait(tasks, timeout=self.settings.llm_timeout)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if late:
            self.failed("late")
        return answers

    def may_send(self, found: Classification, policy: Policy) -> bool:
        """Nothing that may be sensitive, unless the centre allows it; nothing that policy leaves to people."""
        if found.vetoes or found.over or (found.hidden and not self.settings.llm_personal):
            return False
        # Of what has no candidates nobody knows whether it is sensitive.
        sensitive = not found.alternatives or any(
            policy.categories[code].sensitive for code, _, _ in found.alternatives
        )
        return self.settings.llm_personal or not sensitive

    async def answer(self, text: str, policy: Policy) -> Answer | None:
        try:
            response = await self.client.post(
                f"{self.settings.llm_url.rstrip('/')}/chat/completions",
                headers={"authorization": f"Bearer {self.settings.llm_key}"} if self.settings.llm_key else {},
                json=self.question(text, policy),
            )
            response.raise_for_status()
            answer = read_answer(response.json(), policy)
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            self.failed(type(error).__name__)
            return None
        self.failures = 0
        second_opinions.labels("answered").inc()
        return answer

    def question(self, text: str, policy: Policy) -> dict[str, Any]:
        listed = "\n".join(f"{code} {one.name}" for code, one in sorted(policy.categories.items()))
        return {
            "model": self.settings.llm_model,
            "temperature": 0,
            "max_tokens": 60,
            "response_format": {"type": "json_object"},
            "messages": [
                {
                    "role": "system",
                    "content": '你是社会治理事件分类员。只输出 JSON：{"code": 四位类别代码, "confidence": 0 到 1}。'
                    f"拿不准就给低的 confidence。类别：\n{listed}",
                },
                {
                    "role": "user",
                    "content": text if self.settings.llm_personal else policy.people.hidden(text),
                },
            ],
        }

    def taken(self, found: Classification, answer: Answer, policy: Policy) -> Classification:
        """Sure enough, it decides; else it is one more choice for the desk. Kinds that policy leaves to a person
        (`model.asks`) it may only offer.
        """
        others = [one for one in found.alternatives if one[0] != answer.code]
        asks = policy.voices.settings.asks if policy.voices else []
        if answer.confidence < self.settings.llm_confidence or answer.code in asks:
            return _offered(found, answer, policy) if len(others) == len(found.alternatives) else found
        told = (answer.code, round(answer.confidence, 3), (SPOKEN,))
        second_opinions.labels("decided").inc()
        severity = min(found.severity, policy.categories[answer.code].severity)
        return replace(
            found,
            code=answer.code,
            confidence=answer.confidence,
            # A danger that was heard stays as grave as it is, also where the text as a whole is not urgent.
            severity=severity
            if found.urgent or found.severity <= policy.unsure.urgent_severity
            else policy.categories[answer.code].severity,
            alternatives=(told, *_kept(others, policy)),
            words=(SPOKEN,),
            doubt=None,
        )

    def failed(self, reason: str) -> None:
        second_opinions.labels("failed").inc()
        self.failures += 1
        log.warning("second_opinion_failed", reason=reason, failures=self.failures)
        if self.failures >= FAILURES:
            self.failures = 0
            self.rests_until = asyncio.get_running_loop().time() + REST


def _offered(found: Classification, answer: Answer, policy: Policy) -> Classification:
    """Behind the others and no weightier than they: an opinion that decides nothing must not change what is hidden."""
    kept = _kept(found.alternatives, policy)
    share = min((answer.confidence, *(share for _, share, _ in kept)))
    return replace(found, alternatives=(*kept, (answer.code, round(share, 3), (SPOKEN,))))


def _kept(found: Sequence[Alternative], policy: Policy) -> tuple[Alternative, ...]:
    """The candidates beside an outside answer: the best that leave it a place among three, and whichever others may
    hide the text or are left to a person.
    """
    asks = policy.voices.settings.asks if policy.voices else []
    room = CHOICES - 1
    return tuple(
        one
        for n, one in enumerate(found)
        if n < room or policy.categories[one[0]].sensitive or one[0] in asks
    )


def read_answer(body: Any, policy: Policy) -> Answer | None:
    """From the answer's first message; None for a category that does not exist. Raises what a wrong shape raises."""
    said = json.loads(body["choices"][0]["message"]["content"])
    code, confidence = str(said["code"]), float(said["confidence"])
    if code not in policy.categories or not 0 <= confidence <= 1:
        return None
    return Answer(code, confidence)
