"""A policy in memory: one numbered version, compiled and frozen. `gridward.policy.load` makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from gridward.domain.limits import Limit
from gridward.domain.rules import Rules
from gridward.policy.accused import compile_unit_words
from gridward.policy.around import AroundNames
from gridward.policy.assign import Assignment, Responsibility
from gridward.policy.attributes import AttributeReader
from gridward.policy.dropped import DroppedSubjects
from gridward.policy.gazetteer import Gazetteer
from gridward.policy.history import heirs_of
from gridward.policy.lexicon import Lexicon
from gridward.policy.lineage import Lineage
from gridward.policy.people import People
from gridward.policy.schema import PolicyBundle, RuleRow
from gridward.policy.units import Unit
from gridward.policy.vetoes import Vetoes
from gridward.policy.voices import Voices

Answers = tuple[tuple[RuleRow | None, Assignment], ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of matter (事项类别): how fast it must move, under which limits, and who may read it."""

    code: str
    name: str
    group: str
    group_name: str
    severity: int
    limit_class: str
    finish_limit: Limit | None
    sensitive: bool
    emergency_lines: tuple[str, ...]
    note: str
    placeless: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """What the door takes in."""

    text_max: int
    earliest: datetime
    future_tolerance: timedelta


@dataclass(frozen=True, slots=True)
class Unsure:
    """What a report counts as while nobody knows its category.

    It is sensitive if a sensitive candidate's score is at least `sensitive_share` of the leader's.
    """

    severity: int
    limit_class: str
    sensitive_share: float = 0.0  # 0: one sensitive candidate is enough
    urgent_severity: int = 2  # at least, where it seems urgent
    believed: float = 0.0  # surety from which a guess makes it graver than `severity`


@dataclass(frozen=True, slots=True)
class Actions:
    """What holds for people's actions.

    A device's clock may be off by `clock_tolerance`. A severity up to `kept_severity` (1 is the gravest) is not
    lowered by naming a milder category.
    """

    clock_tolerance: timedelta
    kept_severity: int


@dataclass(frozen=True, eq=False)
class Policy:
    """Everything one version decides by. Compared and hashed as the object it is."""

    version: int
    sha256: str
    rules: Rules
    groups: Mapping[str, str]
    categories: Mapping[str, Category]
    units: Mapping[str, Unit]
    responsibility: Responsibility
    lexicon: Lexicon
    voices: Voices | None  # None: a version from before there was a model
    attributes: AttributeReader
    gazetteer: Gazetteer  # of policy's places alone; with a boundary set's: `gazetteer.compile_gazetteer`
    intake: Intake
    unsure: Unsure
    urgent_class: str
    nearest_within_m: float  # a point in no grid goes to the nearest one within this; 0: never
    actions: Actions
    bundle: PolicyBundle = field(repr=False)
    assignments: dict[tuple[str, str | None], Answers] = field(default_factory=dict, repr=False)

    @cached_property
    def unit_words(self) -> Any:
        """Finds what texts call units by (`gridward.policy.accused`)."""
        return compile_unit_words(self.units.values(), self.attributes.rows.accused)

    @cached_property
    def lineage(self) -> Lineage:
        """What became of the categories of earlier versions."""
        return Lineage(heirs_of(self.bundle.categories))

    @cached_property
    def dropped_subjects(self) -> DroppedSubjects:
        """Tells whose deed it is after a comma (`gridward.policy.dropped`)."""
        rows = self.attributes.rows
        return DroppedSubjects(rows.accused, rows.negation)

    @cached_property
    def around_names(self) -> AroundNames:
        """Tells what is said around a unit's name, and who only sounds like its staff (`gridward.policy.around`)."""
        return AroundNames(self.attributes.rows.accused)

    @cached_property
    def vetoes(self) -> Vetoes:
        """Tells what no machine may send out as an ordinary matter (`gridward.policy.vetoes`)."""
        return Vetoes(self.attributes.rows.vetoes)

    @cached_property
    def people(self) -> People:
        """Takes people out of a text (`gridward.policy.people`); what speaks for a category stays in it."""
        lists = self.bundle.words.categories.values()
        return People(
            self.bundle.personal.outside,
            (word for weights in lists for words in weights.values() for word in words),
        )
