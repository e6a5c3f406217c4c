"""Asks a language model that the centre itself runs about what triage is unsure of. Off unless it is set up.

It speaks the OpenAI-compatible interface. Whatever goes wrong (too slow, away, an answer that is none) leaves the
matter with the desk, as if nobody had been asked; and what is urgent never waits for it.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx

from gridward.clock import Clock
from gridward.domain.personal import mask_text
from gridward.logs import get_logger
from gridward.metrics import second_opinions
from gridward.policy.classify import CHOICES, Alternative, Classification
from gridward.policy.numerals import NUMERAL
from gridward.policy.policy import Policy
from gridward.settings import Settings

log = get_logger(__name__)

SPOKEN = "外部模型"  # stands among the words that spoke for a category
FAILURES, REST = 5, 60.0  # after so many in a row nobody is asked for so many seconds
AT_ONCE = 8
# Names as people introduce themselves and others, bare ones where a person would stand in a sentence, and where
# somebody lives to the door. Rather a word too many (of those in _WORDS none) than a name too few; a given name alone
# (小明) and rare surnames are not told from other words: who cannot accept that asks only a model of the centre's own.
_HAN = r"[\u4e00-\u9fff]"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_WHO = (
    "名叫|叫做|村民|业主|户主|住户|邻居|老人|学生|家长|租户|房东|老板|男子|女子|儿子|女儿|丈夫|妻子|老公|老婆"
)
_TITLES = (
    "某|总|师傅|老师|大爷|大妈|大娘|阿姨|婆婆|奶奶|爷爷|叔|婶|伯|哥|姐|嫂"
    "|老板|书记|主任|医生|支书|警官|校长|经理|律师|法官"
)
_WORDS = (
    "马上|马路|高速|高空|高压|高峰|高温|石头|方便|方向|白天|白色|黄色|任何|任务|常常|经常|时候|安全|万一|万元|雷雨|田里|田间|江边|江里"
    "|段时|史上|毛病|水管|金额|叶子|汤水|易燃|文件|文明|文化|武装|范围|夏天|钟头|钱款|钱财|路灯|路边|路上|路口|何时|何况|何人|曾经|成天"
    "|谢谢|郑州|武汉|高兴|高考|何依|方面|方名"
)
_ACTS = "说讲打骂欠把将在家被的和跟与来去到找要又也不没就带开用拿骑住叫让向对拖借卖偷抢推砸堵占是天经常多"
_BARE = (
    rf"(?:^|(?<=[,，。;；!！?？、：:\s“”\"])|(?<=[找给跟和与被是向让告欠对叫替帮把为]))"
    rf"(?!{_WORDS})[{_SURNAMES}]{_HAN}{{1,2}}?(?=[{_ACTS},，。;；!！?？、]|$)"
)
_NAMES = re.compile(
    rf"(?<=我叫){_HAN}{{2,3}}|(?<=姓名[:：]){_HAN}{{2,4}}|{_HAN}(?=先生|女士|某某)"
    rf"|(?<={_WHO})[{_SURNAMES}]{_HAN}{{1,2}}|[{_SURNAMES}](?={_TITLES})|(?<=[老小])[{_SURNAMES}](?=[家的说打骂欠])"
    rf"|{_BARE}"
)
_DOORS = re.compile(rf"{NUMERAL}(?=栋|幢|号楼|单元|室|号|户)")


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
                {"role": "user", "content": text if self.settings.llm_personal else without_people(text)},
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


def without_people(text: str) -> str:
    """Without numbers of people, without names that are given as such, and without the numbers of doors."""
    return _DOORS.sub("某", _NAMES.sub("某", mask_text(text).text))
