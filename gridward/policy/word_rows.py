"""What the file of words (词表) must look like: words of danger, words of each category, how loud they speak."""

from typing import Annotated

from pydantic import Field, model_validator

from gridward.policy.row import Code, Row, Severity, Words


class UrgentRow(Row):
    """Words that tell of people in danger, and the severity they bring."""

    severity: Severity
    words: Words
    vowed: bool = False  # what somebody vows to do (就杀了他): no fear, lesson or condition excuses it
    # category -> the weight with which each of the words votes for it, beside those that `categories` gives it
    votes: dict[Code, Annotated[float, Field(gt=0)]] = {}


class LaterRow(Row):
    """An end that begins the next sentence is of a danger where each has one of these: 着火了。已经扑灭了."""

    dangers: Words
    ends: Words


class ContextRows(Row):
    """What takes the danger out of a word: said right before it, near it, or after it.

    `joins`: a denial right before a danger reaches over these to the next one (没有着火或者爆炸).
    """

    before: Words
    near: Words
    sentence: Words
    over: Words
    cues: Words
    joins: Words = []  # none in versions published before it was a field; the same of those below
    supposed: Words = []  # a condition (如果): the danger after it is none where the sentence goes on to ask
    hearsay: Words = []  # right before an end: somebody else says so, and nothing is over
    asking: Words = []  # what then asks (怎么逃生)
    # before the danger in its clause: somebody is meant (如果他拿刀砍我), or it follows from the condition (就)
    meant: Words = []
    later: list[LaterRow] = []
    since: Words = []  # what may stand before an end that begins a sentence
    past: Words = []  # as `near`, unless the text says what is `now`: 去年就漏煤气，今天味道更大
    now: Words = []


class Thresholds(Row):
    confidence: Annotated[float, Field(ge=0, le=1)]
    margin: Annotated[float, Field(ge=0)]
    score: Annotated[float, Field(ge=0)]
    scale: Annotated[float, Field(gt=0)]
    generic: Annotated[int, Field(ge=0)] = 0  # as in versions published before it was a field


class FewRow(Row):
    """Of so few letters (快来人) more is asked before anything counts as known."""

    letters: Annotated[int, Field(ge=0)] = 0
    known: Annotated[float, Field(ge=0, le=1)] = 0.0


class MildRow(Row):
    """A matter that is urgent with this likelihood is left to a person in categories of this severity and milder."""

    severity: Severity
    urgent: Annotated[float, Field(ge=0, le=1)]


class ModelRow(Row):
    """How the trained model and the words decide together; a policy without it decides by its words alone."""

    confidence: Annotated[float, Field(ge=0, le=1)]  # below it a person decides
    words: Annotated[float, Field(ge=0)]  # how loud the words speak beside the model
    urgent: Annotated[float, Field(ge=0, le=1)]  # likelihood from which a matter is urgent
    known: Annotated[float, Field(ge=0, le=1)] = (
        0.0  # share of belief below which nothing is known of a matter
    )
    few: FewRow = FewRow()
    asks: list[Code] = []  # categories that say nothing (其他): a person decides, however sure the guess
    mild: MildRow | None = None
    # A matter of the urgent class, at least so grave, whose end is told waits for a person and is no graver;
    # None: it is sent.
    over: Severity | None = None
    # surety from which words of danger stand against the model
    plain: Annotated[float, Field(ge=0, le=1)] = 0.0
    cry: Annotated[int, Field(ge=0)] = 120  # letters up to which words of danger speak before the model


class DriftRow(Row):
    """From which population stability index on what comes in counts as changed somewhat, and as greatly changed.

    The defaults are the usual bounds of credit scoring, where the index comes from.
    """

    some: Annotated[float, Field(gt=0)] = 0.1
    great: Annotated[float, Field(gt=0)] = 0.25

    @model_validator(mode="after")
    def _some_comes_first(self) -> "DriftRow":
        if self.some >= self.great:
            raise ValueError(
                f"some 应小于 great，请改小 some 或改大 great some {self.some:g} must be less than great {self.great:g}"
            )
        return self


class WordLists(Row):
    thresholds: Thresholds
    model: ModelRow | None = None
    drift: DriftRow = DriftRow()
    must_never_miss: list[UrgentRow]
    contexts: ContextRows
    categories: dict[Code, dict[Annotated[float, Field(gt=0)], Words]]
