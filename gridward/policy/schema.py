"""What a policy's data files must look like: five files, each checked on its own before they are joined.

Field names are the ones people write in YAML. What one file alone cannot know (that a rule's kind of unit
exists, say) is checked in `gridward.policy.check`.
"""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from gridward.domain.errors import Refused
from gridward.domain.limits import Limit
from gridward.domain.rules import Level, Light
from gridward.policy.place_rows import GazetteerRows
from gridward.policy.same_rows import SameRows
from gridward.policy.time_rows import HoursRow, Weekday, WindowRow

FARTHEST_M = 2_000  # no grid is looked for beyond this (`geo.index.REACH_M`)


def _is_limit(text: str) -> str:
    try:
        Limit.parse(text)
    except Refused as error:
        raise ValueError(str(error)) from None
    return text


LimitText = Annotated[str, AfterValidator(_is_limit)]
Code = Annotated[str, Field(pattern=r"^\d{4}$")]
GroupCode = Annotated[str, Field(pattern=r"^\d{2}$")]
Severity = Annotated[int, Field(ge=1, le=4)]
Prefix = Annotated[str, Field(pattern=r"^\d{2,20}$")]
UnitCode = Annotated[str, Field(pattern=r"^\d{14}$")]
SequenceNumber = Annotated[int, Field(ge=1, le=999)]
Words = list[Annotated[str, Field(min_length=1, max_length=30)]]


class Row(BaseModel):
    """Unknown fields are typing slips, and are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CategoryRow(Row):
    code: Code
    name: str
    severity: Severity
    limit_class: str
    finish_limit: LimitText | None = None
    sensitive: bool = False
    emergency_lines: list[str] = []
    note: str = ""


class ChangeRow(Row):
    """What became of categories that are no longer in the table. `from` and `to` are codes."""

    sources: Annotated[list[Code], Field(min_length=1)] = Field(alias="from")
    targets: list[Code] = Field(alias="to", default=[])
    kind: Literal["split", "merge", "retire", "rename"]
    since: date

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _numbers_fit_the_kind(self) -> "ChangeRow":
        counts = (min(len(self.sources), 2), min(len(self.targets), 2))
        wanted = {"split": (1, 2), "merge": (2, 1), "retire": None, "rename": (1, 1)}[self.kind]
        if wanted not in (None, counts) or (self.kind == "retire" and self.targets):
            raise ValueError(
                "split 一变多，merge 多变一，rename 一变一，retire 无 to: "
                "split is one to several, merge several to one, rename one to one, retire to none"
            )
        return self


class Categories(Row):
    groups: dict[GroupCode, str]
    categories: list[CategoryRow]
    changes: list[ChangeRow] = []

    @model_validator(mode="after")
    def _codes_are_unique_and_grouped(self) -> "Categories":
        codes = [row.code for row in self.categories]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"category codes given twice: {', '.join(twice)}")
        stray = [code for code in codes if code[:2] not in self.groups]
        if stray:
            raise ValueError(f"categories of no group: {', '.join(stray)}")
        return self


class StepRow(Row):
    at: Annotated[float, Field(gt=0)]
    tell: Level
    light: Light | None = None


LadderRows = list[StepRow]


class ClassLadders(Row):
    accept: LadderRows
    contact: LadderRows
    finish: LadderRows


class ClassRow(Row):
    name: str
    accept: LimitText | None = None
    contact: LimitText | None = None
    finish: LimitText
    may_return: bool
    may_extend: bool
    above_unit_at_night: bool
    ladder: str


class DeskRows(Row):
    limits: dict[Severity, LimitText]
    ladder: LadderRows

    @model_validator(mode="after")
    def _every_severity_has_a_limit(self) -> "DeskRows":
        if set(self.limits) != {1, 2, 3, 4}:
            raise ValueError("the desk needs one limit for each severity 1, 2, 3, 4")
        return self


class VerifyRows(Row):
    within: LimitText
    ladder: LadderRows


class NightRow(Row):
    start: time
    end: time


class ExtensionRow(Row):
    """An extension (延期) is had once; how much it may add is policy."""

    at_most_share: Annotated[float, Field(gt=0)]


class IntakeRow(Row):
    text_max: Annotated[int, Field(gt=0)]
    earliest: AwareDatetime
    future_tolerance: LimitText


# The rows below came later than the first policies that counties published. Versions are never rewritten, and the
# incidents that they opened still need them; so each field has a default, the value that held before it was a field.


class UnsureRow(Row):
    """What a report counts as from its arrival until a person has named its category."""

    severity: Severity = 3
    limit_class: str = "C"
    sensitive_share: Annotated[float, Field(ge=0, le=1)] = 0.0


class PlaceRow(Row):
    nearest_within: Annotated[float, Field(ge=0, le=FARTHEST_M, allow_inf_nan=False)] = 0.0


class ActionsRow(Row):
    clock_tolerance: LimitText = "2 MIN"
    kept_severity: Annotated[int, Field(ge=0, le=4)] = 2


class SpecialGrids(Row):
    """The sequence numbers (three digits after the village's twelve) of special grids (专属网格)."""

    first: SequenceNumber = 901
    last: SequenceNumber = 999

    @model_validator(mode="after")
    def _first_comes_first(self) -> "SpecialGrids":
        if self.first > self.last:
            raise ValueError(
                f"first {self.first} is greater than last {self.last}, so that no grid is special"
            )
        return self


class Limits(Row):
    classes: dict[str, ClassRow]
    ladders: dict[str, ClassLadders]
    desk: DeskRows
    verify: VerifyRows
    night: NightRow
    extension: ExtensionRow
    suspension_at_most: LimitText
    rework_share: Annotated[float, Field(gt=0, le=1)]
    intake: IntakeRow
    unsure: UnsureRow = UnsureRow()
    urgent_class: str = "A"
    place: PlaceRow = PlaceRow()
    actions: ActionsRow = ActionsRow()


class KindRow(Row):
    """A kind of unit; `class` is the two-digit class within a unit's code."""

    level: Literal["township", "county"]
    unit_class: GroupCode = Field(alias="class")
    power: str | None = None
    backup: str | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class RuleRow(Row):
    """Who leads and who joins; what is left out does not narrow it.

    `severity`: at least so grave (1 is the gravest). `when`: a window's name. `from`, `until`: the days on which the
    rule is in effect, both included. `limit_class` takes the place of the category's.
    """

    category: Annotated[str, Field(pattern=r"^(\d{2}|\d{4})?$")]
    area: Annotated[str, Field(pattern=r"^\d{0,20}$")] = ""
    special: str | None = None
    severity: Severity | None = None
    when: str | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = None
    lead: str
    joint: list[str] = []
    limit_class: str | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _can_hold(self) -> "RuleRow":
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"from {self.since} is after until {self.until}, so that it never holds")
        return self


class MatterRow(Row):
    """A duty that law keeps from lower levels: the kinds of unit that may never lead it, and why."""

    category: Annotated[str, Field(pattern=r"^(\d{2}|\d{4})$")]
    never_led_by: Annotated[list[str], Field(min_length=1)]
    basis: Annotated[str, Field(min_length=1)]


class NearbyRow(Row):
    """Matters of `groups` within so many metres of a special grid of kind `special`, while window `when` holds.

    The unit of kind `lead` that serves the place leads; the one of kind `told` that owns the special grid joins.
    """

    groups: Annotated[list[GroupCode], Field(min_length=1)]
    special: str
    within: Annotated[float, Field(gt=0, le=FARTHEST_M, allow_inf_nan=False)]
    when: str | None = None
    lead: str
    told: str


class Responsibility(Row):
    """`centre` is the kind of unit that the others of a township stand under."""

    centre: str
    special_grids: SpecialGrids = SpecialGrids()
    kinds: dict[str, KindRow]
    windows: dict[str, WindowRow] = {}
    rules: list[RuleRow]
    nearby: list[NearbyRow] = []
    matters: list[MatterRow] = []


class Person(Row):
    name: str
    phone: str


class RosterRow(Row):
    """Who is on duty on these weekdays in these hours; what is left out means every day, all day."""

    days: list[Weekday] = []
    hours: list[HoursRow] = []
    person: Person


class UnitRow(Row):
    """A unit without a `roster` is answered for by `duty` at all times."""

    code: UnitCode
    name: str
    kinds: Annotated[list[str], Field(min_length=1)]
    areas: Annotated[list[Prefix], Field(min_length=1)]
    parent: UnitCode | None = None
    backup: UnitCode | None = None
    duty: Person
    leader: Person
    roster: list[RosterRow] = []


class Units(Row):
    units: list[UnitRow]
    look_ahead_days: Annotated[int, Field(ge=1, le=31)] = 7  # so far uncovered duty hours are looked for


class UrgentRow(Row):
    """Words that tell of people in danger, and the severity they bring."""

    severity: Severity
    words: Words


class ContextRows(Row):
    """What takes the danger out of a word: said right before it, near it, or after it."""

    before: Words
    near: Words
    sentence: Words
    over: Words
    cues: Words


class Thresholds(Row):
    confidence: Annotated[float, Field(ge=0, le=1)]
    margin: Annotated[float, Field(ge=0)]
    score: Annotated[float, Field(ge=0)]
    scale: Annotated[float, Field(gt=0)]
    generic: Annotated[int, Field(ge=0)] = 0  # as in versions published before it was a field


class ModelRow(Row):
    """How the trained model and the words decide together; a policy without it decides by its words alone."""

    confidence: Annotated[float, Field(ge=0, le=1)]  # below it a person decides
    words: Annotated[float, Field(ge=0)]  # how loud the words speak beside the model
    urgent: Annotated[float, Field(ge=0, le=1)]  # likelihood from which a matter is urgent
    known: Annotated[float, Field(ge=0, le=1)] = (
        0.0  # share of belief below which nothing is known of a matter
    )
    cry: Annotated[int, Field(ge=0)] = 120  # letters up to which words of danger speak before the model


class WordLists(Row):
    thresholds: Thresholds
    model: ModelRow | None = None
    must_never_miss: list[UrgentRow]
    contexts: ContextRows
    categories: dict[Code, dict[Annotated[float, Field(gt=0)], Words]]


class NegationRows(Row):
    words: Words = []
    gap: Annotated[int, Field(ge=0, le=10)] = 2
    ends: str = ""


class PeopleRows(Row):
    counters: Words = []
    nouns: Words = []
    never_after: str = ""


class AccusedRows(Row):
    """How a text accuses a unit, and who leads in its place. `kinds`: kind of unit -> what people call it."""

    matters: list[Code] = []
    deeds: Words = []
    inaction: Words = []
    places: Words = []
    reach: Annotated[int, Field(ge=0, le=50)] = 12
    asked_before: Words = []
    asked_after: Words = []
    kinds: dict[str, Words] = {}
    instead: str | None = None
    told: list[str] = []


class RaiseRow(Row):
    """So many people, or one of these flags, make a matter at least so grave; `first` to `last`: days it holds."""

    name: str
    people: Annotated[int, Field(ge=1)] | None = None
    flags: list[str] = []
    categories: list[Annotated[str, Field(pattern=r"^(\d{2}|\d{4})$")]] = []
    severity: Severity
    limit_class: str
    first: date | None = None
    last: date | None = None

    @model_validator(mode="after")
    def _can_hold(self) -> "RaiseRow":
        if self.people is None and not self.flags:
            raise ValueError("a raise needs people or flags, or it would raise everything or nothing")
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"first {self.first} is after last {self.last}, so that it never holds")
        return self


class AttributeRows(Row):
    """What is read from a text beside its category. A version published before has none of it."""

    flags: dict[str, Words] = {}
    negation: NegationRows = NegationRows()
    people: PeopleRows = PeopleRows()
    accused: AccusedRows = AccusedRows()
    raises: list[RaiseRow] = []


class PolicyBundle(Row):
    """All files of one policy version."""

    categories: Categories
    limits: Limits
    responsibility: Responsibility
    units: Units
    words: WordLists
    attributes: AttributeRows = AttributeRows()
    gazetteer: GazetteerRows = GazetteerRows()
    same: SameRows = SameRows()
