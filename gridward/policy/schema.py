"""What a policy's data files must look like, each checked on its own before they are joined.

What has a file of its own is in `category_rows`, `limit_rows`, `unit_rows`, `word_rows`, `place_rows`, `same_rows`,
`personal_rows`.

Field names are the ones people write in YAML. What one file alone cannot know (that a rule's kind of unit
exists, say) is checked in `gridward.policy.check`.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from gridward.policy.category_rows import Categories
from gridward.policy.limit_rows import Limits
from gridward.policy.personal_rows import PersonalRows, shipped
from gridward.policy.place_rows import GazetteerRows
from gridward.policy.row import FARTHEST_M, Code, GroupCode, Prefix, Row, SequenceNumber, Severity, Words
from gridward.policy.same_rows import SameRows
from gridward.policy.time_rows import WindowRow
from gridward.policy.unit_rows import Units
from gridward.policy.word_rows import ModelRow as ModelRow
from gridward.policy.word_rows import Thresholds as Thresholds
from gridward.policy.word_rows import WordLists as WordLists

AreaLevel = Literal["village", "town", "county"]


class SpecialGrids(Row):
    """The sequence numbers (three digits after the village's twelve) of special grids (专属网格)."""

    first: SequenceNumber = 901
    last: SequenceNumber = 999

    @model_validator(mode="after")
    def _first_comes_first(self) -> "SpecialGrids":
        if self.first > self.last:
            raise ValueError(
                f"first 大于 last，没有专属网格，请对调 "
                f"first {self.first} is greater than last {self.last}, so that no grid is special"
            )
        return self


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
            raise ValueError(
                f"until 早于 from，这条永不适用，请对调 "
                f"from {self.since} is after until {self.until}, so that it never holds"
            )
        return self


class MatterRow(Row):
    """A duty that law keeps from lower levels: the kinds of unit that may never lead it, and why.

    `checked`: somebody who knows the law has compared `basis` with its text; it is shown as unchecked until then.
    """

    category: Annotated[str, Field(pattern=r"^(\d{2}|\d{4})$")]
    never_led_by: Annotated[list[str], Field(min_length=1)]
    basis: Annotated[str, Field(min_length=1)]
    checked: bool = False


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


class AcrossRow(Row):
    """Matters of these categories (prefixes) whose text names two villages or towns go to a unit over both.

    `superiors`: the kinds that take them, the nearest first; the first of which one unit serves all leads.
    """

    categories: Annotated[list[Annotated[str, Field(pattern=r"^(\d{2}|\d{4})$")]], Field(min_length=1)]
    superiors: Annotated[list[str], Field(min_length=1)]


class Responsibility(Row):
    """`centre` is the kind of unit that the others of a township stand under."""

    centre: str
    special_grids: SpecialGrids = SpecialGrids()
    kinds: dict[str, KindRow]
    windows: dict[str, WindowRow] = {}
    rules: list[RuleRow]
    nearby: list[NearbyRow] = []
    matters: list[MatterRow] = []
    across: AcrossRow | None = None


class NegationRows(Row):
    words: Words = []
    gap: Annotated[int, Field(ge=0, le=10)] = 2
    ends: str = ""


class PeopleRows(Row):
    counters: Words = []
    nouns: Words = []
    never_after: str = ""


class DroppedRows(Row):
    """Whose deed it is after a comma, where nobody is named anew. A version published before carries no deed on."""

    # characters after the name; 0: no farther than `accused.reach`
    reach: Annotated[int, Field(ge=0, le=100)] = 0
    official: Words = []  # deeds that only an office can do: also one that came to help
    others: Words = []  # who else may act
    lead: Annotated[int, Field(ge=0, le=20)] = 6  # characters of a clause before the other who acts in it
    objects: str = ""  # before a noun they make it one to whom something is done: 把摊主
    me: Words = []
    told: Words = []  # who stands before them tells of the deed: 群众反映
    helped: Words = []  # the unit came to help, or others go on
    against: Words = []  # right before a deed of office the unit acts against it: 查处
    turned: Words = []  # who came to help did it after all: 反而


class StaffRows(Row):
    """Who works in a unit of one kind: `people` mean it where the text names it, also by `at`: 所长 beside 派出所."""

    people: Words
    at: Words = []  # what names it beside its names and the words for its kind, without accusing it: 我们学校


class RelativeRows(Row):
    """Relatives of a unit's people: favours to them (`before` the name) and what they take (`doing`) accuse it."""

    words: Words = []
    before: Words = []  # 是校长的小舅子, 包给支书家亲戚
    before_within: Annotated[int, Field(ge=0, le=20)] = 8  # characters before the name
    doing: Words = []  # 所长的老婆开黑超市


class AroundRow(Row):
    """What says a deed with the name in its middle: 跟派出所关系硬. Each touches the name or 的."""

    before: Annotated[Words, Field(min_length=1)]
    after: Annotated[Words, Field(min_length=1)]


class AccusedRows(Row):
    """How a text accuses a unit, and who leads in its place. `kinds`: kind of unit -> what people call it."""

    matters: list[Code] = []
    deeds: Words = []
    inaction: Words = []
    suffered: Words = []  # a deed where the name stands after 被
    places: Words = []
    reach: Annotated[int, Field(ge=0, le=50)] = 12
    asked_before: Words = []
    turned_to: Words = []  # right before the name: whom somebody turned to, mostly about another
    acting_for: bool = False  # who has its legal power from an accused unit stands back with it
    asked_before_within: Annotated[int, Field(ge=0, le=20)] = 4  # characters before the name
    asked_after: Words = []
    asked_after_within: Annotated[int, Field(ge=0, le=20)] = 6  # and after it
    dropped: DroppedRows = DroppedRows()
    kinds: dict[str, Words] = {}
    # None of these in a version published before they were fields.
    staff: dict[str, StaffRows] = {}
    elsewhere: Words = []  # who is called like staff but works elsewhere: 养老院护士
    relatives: RelativeRows = RelativeRows()
    around: list[AroundRow] = []
    charged: Words = []  # right before one of a unit's people: 举报派出所副所长
    alone: Words = []  # deeds only where nobody else at all stands between the name and them: 骂, 踢
    strangers: Words = []  # who act themselves where they stand between name and deed: 村委会有人打人
    undergone: Words = []  # between name and deed they say that it was done to the unit: 辅警被醉汉打了
    culprits: Words = []  # with one of them up to the deed the unit did its duty: 把小偷按倒
    told_after: Words = []  # after whom somebody turned to, what follows is told of others: 跟校长反映
    instead: str | None = None
    told: list[str] = []


class RaiseRow(Row):
    """So many people, one of these flags, or words of danger so grave make a matter at least so grave; `first` to
    `last`: days it holds.

    `beside`: one of these flags must be there as well, as that they block a road where it is many who do. `lead`: the
    kind of unit that then leads, while who else would have joins; `joint`: those that join.
    """

    name: str
    people: Annotated[int, Field(ge=1)] | None = None
    flags: list[str] = []
    danger: Severity | None = None  # of the words that must never be missed, where no context excuses them
    beside: list[str] = []
    categories: list[Annotated[str, Field(pattern=r"^(\d{2}|\d{4})$")]] = []
    severity: Severity
    limit_class: str
    first: date | None = None
    last: date | None = None
    tell: list[AreaLevel] = []  # whom the matter is told to, whether or not it was as grave before
    lead: str | None = None
    joint: list[str] = []

    @model_validator(mode="after")
    def _can_hold(self) -> "RaiseRow":
        if self.people is None and not self.flags and self.danger is None:
            raise ValueError(
                "要写 people（人数）、flags（标记）或 danger（危险词级别） "
                "a raise needs people, flags or danger, or it would raise everything or nothing"
            )
        if self.first and self.last and self.first > self.last:
            raise ValueError(
                f"last 早于 first，这条永不适用，请对调 "
                f"first {self.first} is after last {self.last}, so that it never holds"
            )
        return self


class VetoRow(Row):
    """What is never sent out unseen. `categories`: only under these (none: all) but not under `sent_as`."""

    words: Words
    innocent: Words = []  # longer words in which one of `words` means nothing of the kind
    categories: list[Prefix] = []
    sent_as: list[Prefix] = []
    hides: bool = False  # only the handling chain reads it, whatever its category


class AttributeRows(Row):
    """What is read from a text beside its category. A version published before has none of it."""

    flags: dict[str, Words] = {}
    negation: NegationRows = NegationRows()
    people: PeopleRows = PeopleRows()
    accused: AccusedRows = AccusedRows()
    raises: list[RaiseRow] = []
    vetoes: list[VetoRow] = []
    tells: dict[AreaLevel, str] = {}  # level -> the kind of unit that speaks for it


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
    personal: PersonalRows = Field(default_factory=shipped)


EVERY_FILE = frozenset(PolicyBundle.model_fields)
