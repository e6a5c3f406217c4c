"""What the file about repeats (重复事项) must look like: what speaks for one matter, and how much is enough."""

from collections.abc import Collection
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gridward.domain.rules import Level
from gridward.policy.endings import Endings, compile_endings

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=10)]
Prefix = Annotated[str, Field(pattern=r"^(\d{2}|\d{4})$")]
Group = Annotated[str, Field(pattern=r"^\d{2}$")]
Never = Annotated[float, Field(ge=0, le=2)]


class Rows(BaseModel):
    """Unknown fields are typing slips, and are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Weights(Rows):
    """How much each sign counts. One that is not known of both reports counts neither way."""

    text: Weight = 4.0
    names: Weight = 2.0
    place: Weight = 3.0
    time: Weight = 1.0
    category: Weight = 2.0
    reporter: Weight = 0.5


class InDoubtRows(Rows):
    """When a report of whose kind nobody is sure joins another: in the same words, at the same place."""

    letters: Annotated[int, Field(ge=0)] = 0  # at least; 0, as in versions before: never
    within_m: Annotated[float, Field(gt=0, le=500)] = 50.0
    within_days: Annotated[float, Field(gt=0, le=30)] = 7.0


class JoinRows(Rows):
    """When a report joins another without a person. All must hold; the defaults never do."""

    score: Never = 2.0
    text: Share = 0.6  # how alike the texts are, with both places known and near
    text_short: Never = 2.0  # with fewer than `letters` letters, of which one may turn the meaning round
    text_alone: Share = 0.9  # without a place, and with at least `letters` letters
    letters: Annotated[int, Field(ge=1)] = 30
    within_m: Annotated[float, Field(gt=0)] = 150.0
    within_days: Annotated[float, Field(gt=0)] = 14.0
    looked_at: Annotated[int, Field(ge=1, le=500)] = 10  # of the newest nearby, for each report
    in_doubt: InDoubtRows = InDoubtRows()
    never: list[Prefix] = []  # categories; sensitive ones never join in any case
    words: list[Annotated[str, Field(min_length=1, max_length=20)]] = []  # texts with one of them never do


class SuggestRows(Rows):
    """What is shown as a likely repeat: to the desk while typing, to a unit's own people, to residents."""

    score: Never = 2.0
    within_m: Annotated[float, Field(gt=0, le=5_000)] = 500.0
    within_days: Annotated[float, Field(gt=0, le=365)] = 30.0
    most: Annotated[int, Field(ge=1, le=20)] = 5
    looked_at: Annotated[int, Field(ge=1, le=2_000)] = 300
    residents: list[
        Prefix
    ] = []  # public facilities: residents are shown category and place of these, nothing else


class PastRows(Rows):
    """Which earlier matters are shown beside a decision as alike; they are read by people and decide nothing."""

    text: Share = 0.15  # how alike the texts are at least
    within_m: Annotated[float, Field(gt=0, le=20_000)] = 1_000.0
    within_days: Annotated[float, Field(gt=0, le=3_650)] = 730.0
    most: Annotated[int, Field(ge=1, le=10)] = 3
    looked_at: Annotated[int, Field(ge=1, le=1_000)] = 200  # of the nearest, for each look


class AtDeskRows(Rows):
    """Which open matters the desk is shown beside a report in doubt or a sensitive one; they decide nothing."""

    score: Never = 0.5
    text: Share = 0.25  # how alike the texts are at least, with both places known and near
    text_alone: Share = 0.6  # without a place
    within_m: Annotated[float, Field(gt=0, le=5_000)] = 300.0
    within_days: Annotated[float, Field(gt=0, le=365)] = 30.0
    most: Annotated[int, Field(ge=1, le=10)] = 3
    looked_at: Annotated[int, Field(ge=1, le=1_000)] = 100  # of the nearest, for each look


class RepeatRows(Rows):
    """When reports make a repeat matter (重复事项), and what follows. `count` 0, as in versions before: never."""

    count: Annotated[int, Field(ge=0, le=20)] = (
        0  # of reports within `days`; one is enough after a finished one
    )
    days: Annotated[float, Field(gt=0, le=365)] = 30.0
    received_days: Annotated[float, Field(gt=0, le=730)] = 120.0  # how long ago what has ended may have come
    score: Never = 0.6  # with both places known and near
    text: Share = 0.2
    text_alone: Share = 0.7  # without a place
    within_m: Annotated[float, Field(gt=0, le=2_000)] = 150.0
    looked_at: Annotated[int, Field(ge=1, le=200)] = 20  # of the newest in the grid, for each report
    linked: Annotated[int, Field(ge=1, le=50)] = 5  # of them named on the journal; all of them count
    categories: list[Prefix] = []  # only these; none: all, the sensitive ones among themselves
    never: list[Prefix] = []
    gravest: Annotated[int, Field(ge=1, le=4)] = 2  # repetition alone makes nothing graver than this
    steps: dict[
        str, str
    ] = {}  # limit class -> the one a step stricter; a class that is not here keeps its limits
    told: Level = Level.CENTRE
    facts: list[
        str
    ] = []  # flags of attributes.yaml that are new facts when the earlier text had none of them


class SamePersonRows(Rows):
    """When somebody says the same again: a voice on the matter, not a second one. The default never holds."""

    text: Never = 2.0  # the share of what is said now that was said before
    letters: Annotated[int, Field(ge=1)] = 30  # a shorter text must be the same
    days: Annotated[float, Field(gt=0, le=365)] = 30.0
    within_m: Annotated[float, Field(gt=0, le=2_000)] = 150.0
    never: list[Prefix] = []


class GraverRows(Rows):
    """When a graver report raises an open matter that it seems to be about. The default never holds."""

    severity: Annotated[int, Field(ge=0, le=3)] = 0  # only reports that are at least so grave
    score: Never = 0.55
    text: Share = 0.0  # how alike the texts are beside the names in them, unless one person says both
    text_kind: Share = 0.0  # the same, where both are of one kind
    # How alike they are, with their names, where they share a person, a house or a shop. The default never holds.
    text_party: Never = 2.0
    parties_named: list[Annotated[str, Field(min_length=1, max_length=6)]] = []  # 店, 厂: what names end in
    parties_counted: list[
        Annotated[str, Field(min_length=1, max_length=6)]
    ] = []  # 栋, 室: what numbers count
    within_m: Annotated[float, Field(gt=0, le=2_000)] = 100.0
    hours: Annotated[float, Field(gt=0, le=720)] = 48.0
    caller_hours: Annotated[float, Field(gt=0, le=720)] = (
        12.0  # of the same person nearby, whatever the words
    )
    looked_at: Annotated[int, Field(ge=1, le=200)] = 10
    told: Level | None = None  # who hears of it beside the unit that has the earlier matter
    # Kinds of unit which join a matter that a unit has already: where the graver report goes to them or calls them, or
    # where it tells of danger and has one of these flags of attributes.yaml.
    joins: list[Annotated[str, Field(min_length=1, max_length=20)]] = []
    joins_on: list[str] = []
    # Group of categories -> others, or single ones of them, that it may turn into: a quarrel a fight, and no fire.
    # None, as in versions published before it was a field: into any.
    becomes: dict[Group, list[Prefix]] | None = None

    parties_not: Annotated[str, Field(max_length=100)] = ""  # characters of villages' names, in no person's

    @cached_property
    def parties(self) -> Endings:
        """`parties_named` and `parties_counted` as patterns."""
        return compile_endings(self.parties_named, self.parties_counted)

    def may_become(self, earlier: Collection[str], later: Collection[str]) -> bool | None:
        """Whether a matter of one of the categories may have turned into one of the later ones; None: nobody knows."""
        if self.becomes is None or not earlier or not later:
            return None
        groups = {code[:2] for code in earlier}
        into = groups.union(*(self.becomes.get(group, ()) for group in groups))
        return any(code.startswith(tuple(into)) for code in later)


class SameRows(Rows):
    """A version published before knows no repeats, and goes on opening an incident for each report."""

    weights: Weights = Weights()
    place_m: Annotated[float, Field(gt=0)] = 150.0  # the distance at which a place speaks half as loud
    time_days: Annotated[float, Field(gt=0)] = 10.0
    named_by: list[Annotated[str, Field(min_length=1, max_length=6)]] = []  # 小区, 村, 路: what names end in
    counted_by: list[Annotated[str, Field(min_length=1, max_length=6)]] = []  # 号, 栋, 组: what numbers count
    join: JoinRows = JoinRows()
    suggest: SuggestRows = SuggestRows()
    past: PastRows = PastRows()
    at_desk: AtDeskRows = AtDeskRows()
    repeat: RepeatRows = RepeatRows()
    same_person: SamePersonRows = SamePersonRows()
    graver: GraverRows = GraverRows()

    @property
    def is_off(self) -> bool:
        """Whether nothing at all is asked of reports that came before."""
        never = min(self.join.score, self.suggest.score, self.same_person.text) > 1
        return never and self.repeat.count == 0 and self.graver.severity == 0

    @cached_property
    def endings(self) -> Endings:
        """`named_by` and `counted_by` as patterns."""
        return compile_endings(self.named_by, self.counted_by)

    @property
    def farthest_m(self) -> float:
        """Farther from a matter than this, no report joins it or is shown as likely to repeat it."""
        return max(self.join.within_m, self.suggest.within_m, self.same_person.within_m)
