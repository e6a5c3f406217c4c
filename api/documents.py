"""Shapes and examples of answers, for the interface's own description (OpenAPI) and its tests."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """What is documented is there; more may be added."""

    model_config = ConfigDict(extra="allow")


class DoubtShape(Shape):
    kind: str
    text_zh: str


class LightShape(Shape):
    kind: str
    light: str = Field(description="amber 黄灯 or red 红灯")


class DeadlineShape(Shape):
    kind: str = Field(description="accept 签收, contact 联系/到场, finish 办结, desk 派单, verify 核查")
    due_at: datetime
    started_at: datetime
    limit_text: str = Field(description="such as 4 WH: MIN, EH, WH, WD or CD", examples=["4 WH"])
    light: str | None = None


class NextDeadlineShape(DeadlineShape):
    task: int


class TaskShape(Shape):
    no: int
    role: str = Field(description="lead 主办, joint 会办, desk 派单席")
    unit: str
    unit_name: str | None
    status: str
    offered_at: datetime
    accepted_at: datetime | None
    done_at: datetime | None
    deadlines: list[DeadlineShape]


class GraverShape(Shape):
    by: str = Field(description="Id of the incident that made this one graver 情况加重")
    words: str = Field(description="The words by which it did", examples=["动刀"])


class IncidentSummary(Shape):
    """An incident as lists, answers and the live stream show it. `excerpt` is null for sensitive matters."""

    id: str
    number: str = Field(examples=["261122-331125-000731-4"])
    status: str
    status_zh: str
    category: str | None
    category_name: str | None
    severity: int = Field(ge=1, le=4)
    limit_class: str
    sensitive: bool
    excerpt: str | None
    grid: str | None
    grid_name: str | None
    grid_candidates: list[str]
    unit: str | None
    unit_name: str | None
    lon: float | None
    lat: float | None
    source: str
    received_at: datetime
    occurred_at: datetime
    likely_repeats: list[str] = Field(
        description="Ids of incidents that it may repeat 可能重复, the likeliest first"
    )
    graver: GraverShape | None = Field(
        description="The last report that made it graver; null where its words may not be read here"
    )
    version: int = Field(description="Goes up with every decision; send it back with an action")
    journal_no: int = Field(description="Goes up with every entry of the journal")
    doubts: list[DoubtShape]
    lights: list[LightShape]
    next_deadline: NextDeadlineShape | None
    tasks: list[TaskShape]


class JournalEntry(Shape):
    no: int
    type: str
    type_zh: str
    at: datetime = Field(description="When it was done; `received_at` is when we heard of it")
    received_at: datetime
    actor: dict[str, Any]
    data: dict[str, Any]
    text_zh: str
    text_en: str


class WithheldShape(Shape):
    reason: str = Field(description="accused: the reader's unit stands accused in it; outside: sensitive")
    text_zh: str


class LegalBasis(Shape):
    """A row of the list of duties that are not pushed down 职责不得下放, in the policy in force."""

    category: str
    text: str
    checked: bool = Field(
        description="False while the county's legal office has not compared it with the law"
    )
    never_led_by: list[str]
    text_zh: str


class Explanation(Shape):
    """Why it was decided so: words, place and rule, with the versions they were taken from."""

    category: dict[str, Any] = Field(
        description="`confidence`: how likely `code` is right, 0 to 1, the one such figure; `alternatives`: other"
        " readings, the likeliest first, each with its `share` of the model's belief"
    )
    place: dict[str, Any]
    unit: dict[str, Any]
    basis: list[LegalBasis] = Field(description="Legal basis 法律依据, the most specific first; mostly empty")
    limits: dict[str, Any]
    versions: dict[str, int] = Field(
        description="policy: whose rules hold now; policy_at_receipt: which triage went by; boundary"
    )


class PastMatter(Shape):
    """An earlier incident like this one: where it went and how long it took. Never a sensitive one, never a text."""

    id: str
    number: str
    status: str
    category: str | None
    category_name: str | None
    unit: str | None
    unit_name: str | None
    outcome: str | None = Field(description="solved, partly, explained or impossible; null while it is open")
    received_at: datetime
    ended_at: datetime | None
    days: float | None = Field(description="From receipt until the work was done; null while it is not")
    away_m: int | None


class LikelyMatter(Shape):
    """An open matter that this one may repeat: what makes them alike, never a text."""

    id: str
    number: str
    status: str
    category: str | None = Field(description="Null while nobody knows")
    category_name: str | None
    score: float = Field(ge=0, le=1)
    away_m: int | None
    days: float
    may_merge: bool = Field(description="False where who handles the other may not know of this one")


class FullExplanation(Explanation):
    past: list[PastMatter]
    likely: list[LikelyMatter] = Field(
        description="At most three, for a report in doubt or a sensitive one; mostly empty"
    )


class Choice(Shape):
    code: str
    name: str


class CategoryChoice(Choice):
    """How likely the machine's guess is right is `why.category.confidence`, and no share."""

    share: float | None = Field(
        description="Part of the model's belief, 0 to 1: ranks the choices, measures no confidence"
    )
    words: list[str] = Field(description="That spoke for it")


class LinkShape(Shape):
    id: str
    number: str
    status: str
    status_zh: str
    received_at: datetime | None


class RepeatShape(Shape):
    """A repeat matter 重复事项: numbers and states of the others, never their texts."""

    nth: int = Field(description="The how many-th report of it; 0: the same person only added something")
    returning: bool = Field(description="A finished matter came back")
    earlier: list[LinkShape]
    later: list[LinkShape]


class IncidentDetail(IncidentSummary):
    text: str | None = Field(description="Null where `withheld` says why")
    address: str | None
    reporter: dict[str, Any] | None = Field(description="Masked: 张*, 138****5678")
    external: dict[str, Any] | None
    journal: list[JournalEntry]
    numbers: dict[str, str] = Field(description="Number by id, of the incidents that the journal names")
    repeat: RepeatShape | None = Field(description="Null when it is no repeat matter")
    why: Explanation
    possible: list[str] = Field(description="Names of the actions that are possible now")
    category_choices: list[CategoryChoice]
    grid_choices: list[Choice]
    withheld: WithheldShape | None = Field(
        description="Why the reader sees nothing of what it says; null for those who do"
    )


class Page(Shape):
    items: list[IncidentSummary]
    next: str | None = Field(description="Pass it as `cursor` for the next page; null on the last one")
    total: int = Field(description="How many there are in all with this filter")


class Receipt(Shape):
    """`state` is accepted until triage is through, then the incident's status."""

    id: str
    tracking: str
    state: str
    incident: IncidentSummary | None = None


class TrackingStep(Shape):
    step: str
    name_zh: str
    at: datetime | None


class Told(Shape):
    """What the reporter of a repeat is told: how far the matter is, not whose report it was."""

    status: str
    status_zh: str
    unit_kind: str | None = Field(description="Kind of the unit that has it; null for sensitive matters")
    due_at: datetime | None = Field(description="Its limit, while a unit is held to one")
    same_reporter: bool = Field(description="The same person reported the matter before")
    text_zh: str


class Tracking(Shape):
    id: str
    state: str
    number: str | None = None
    status_zh: str
    steps: list[TrackingStep]
    joined: bool = Field(False, description="It joined an open matter, whose handling is shown")
    told: Told | None = Field(None, description="Null when it joined none")
    incident: dict[str, Any] | None = None


class ActionAnswer(Shape):
    incident: IncidentSummary
    journal_no: int
    flags: list[str] = Field(description="clock_ahead, clock_behind: done_at was put right")


class Person(Shape):
    """The reporter in clear: name, phone, id_number, and the numbers that stood in the text."""


class ProblemField(Shape):
    field: str
    reason: str
    reason_en: str


class ProblemShape(Shape):
    """application/problem+json (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    detail_en: str
    errors: list[ProblemField] | None = None
    possible: list[str] | None = None
    current: IncidentSummary | None = None


_MEANINGS = {
    400: "Not JSON, or a host name that is not served",
    403: "The actor may not do this, or the request comes from another site",
    404: "There is no such incident, report or boundary version",
    409: "Contradicts how things stand; `possible` and `current` say how, where it is about an incident",
    413: "Larger than 64 KiB",
    415: "Not sent as application/json",
    422: "A field is wrong; `errors` names each with its reason",
    503: "Something is away for the moment; try again after Retry-After seconds",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its description."""
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}
            },
        }
        for status in statuses
    }
