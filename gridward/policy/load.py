"""Compiles a bundle of policy files into the policy that decisions are made by."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from gridward.domain.limits import Limit, after
from gridward.domain.rules import ClassRule, DeadlineKind, Ladder, Night, Rules, Step
from gridward.policy.assign import Responsibility, specificity
from gridward.policy.attributes import AttributeReader
from gridward.policy.check import problems
from gridward.policy.files import BUNDLED, fingerprint, load_bundle
from gridward.policy.gazetteer import compile_gazetteer
from gridward.policy.lexicon import Lexicon, compile_lexicon
from gridward.policy.limit_rows import ClassRow, LadderRows, Limits
from gridward.policy.model import Model, read
from gridward.policy.policy import Actions, Category, Intake, Policy, Unsure
from gridward.policy.problem import PolicyError
from gridward.policy.schema import PolicyBundle
from gridward.policy.schema import Responsibility as ResponsibilityRows
from gridward.policy.units import areas_by_kind, unit_of
from gridward.policy.voices import Voices, voices

__all__ = ["BUNDLED", "PolicyError", "bundled_policy", "compile_policy", "load_bundle"]


def bundled_policy(folder: Path = BUNDLED, version: int = 1) -> Policy:
    """The policy of a folder without a database, for tests and tools."""
    return compile_policy(load_bundle(folder), version)


def compile_policy(bundle: PolicyBundle, version: int, model: Model | None = None) -> Policy:
    """Check the bundle as a whole and make it ready to decide, with the model that ships unless another is given.

    Raises `PolicyError` with every problem, `Refused` when the model cannot be read.
    """
    found = problems(bundle)
    if found:
        raise PolicyError(found)
    units = {row.code: unit_of(row) for row in bundle.units.units}
    rules = sorted(bundle.responsibility.rules, key=specificity, reverse=True)
    limits = bundle.limits
    lexicon = compile_lexicon(bundle.words)
    return Policy(
        version=version,
        sha256=fingerprint(bundle),
        rules=rules_of(limits, version),
        groups=bundle.categories.groups,
        categories=_categories(bundle),
        units=units,
        responsibility=Responsibility(
            tuple(rules),
            areas_by_kind(units.values()),
            _special(bundle.responsibility),
            bundle.responsibility.windows,
        ),
        lexicon=lexicon,
        voices=_voices(bundle, lexicon, model),
        attributes=AttributeReader(bundle.attributes),
        gazetteer=compile_gazetteer(bundle.gazetteer),
        intake=_intake(limits),
        unsure=Unsure(**limits.unsure.model_dump()),
        urgent_class=limits.urgent_class,
        nearest_within_m=limits.place.nearest_within,
        actions=_actions(limits),
        bundle=bundle,
    )


def _voices(bundle: PolicyBundle, lexicon: Lexicon, model: Model | None) -> Voices | None:
    settings = bundle.words.model
    if settings is None:
        return None
    urgent = bundle.limits.urgent_class
    codes = {row.code: (row.limit_class == urgent, row.severity) for row in bundle.categories.categories}
    return voices(codes, lexicon.codes, model or shipped(), settings)


@cache
def shipped() -> Model:
    """The model in the repository, read once."""
    return read()


def _categories(bundle: PolicyBundle) -> dict[str, Category]:
    groups = bundle.categories.groups
    return {
        row.code: Category(
            row.code,
            row.name,
            row.code[:2],
            groups[row.code[:2]],
            row.severity,
            row.limit_class,
            Limit.parse(row.finish_limit) if row.finish_limit else None,
            row.sensitive,
            tuple(row.emergency_lines),
            row.note,
            row.placeless,
        )
        for row in bundle.categories.categories
    }


def rules_of(limits: Limits, version: int) -> Rules:
    """What `decide` goes by under that version. The limits are not checked against the rest of a policy here."""
    return Rules(
        version=version,
        classes={code: _class(code, row, limits) for code, row in limits.classes.items()},
        desk={severity: Limit.parse(text) for severity, text in limits.desk.limits.items()},
        desk_ladder=_ladder(limits.desk.ladder),
        verify_within=Limit.parse(limits.verify.within),
        verify_ladder=_ladder(limits.verify.ladder),
        night=Night(limits.night.start, limits.night.end),
        rework_share=limits.rework_share,
        extension_share=limits.extension.at_most_share,
        suspension_at_most=Limit.parse(limits.suspension_at_most),
    )


def _class(code: str, row: ClassRow, limits: Limits) -> ClassRule:
    ladders = limits.ladders[row.ladder]
    return ClassRule(
        code=code,
        accept=Limit.parse(row.accept) if row.accept else None,
        contact=Limit.parse(row.contact) if row.contact else None,
        finish=Limit.parse(row.finish),
        may_return=row.may_return,
        may_extend=row.may_extend,
        above_unit_at_night=row.above_unit_at_night,
        ladders={
            DeadlineKind.ACCEPT: _ladder(ladders.accept),
            DeadlineKind.CONTACT: _ladder(ladders.contact),
            DeadlineKind.FINISH: _ladder(ladders.finish),
        },
    )


def _ladder(rows: LadderRows) -> Ladder:
    return tuple(Step(row.at, row.tell, row.light) for row in rows)


def _intake(limits: Limits) -> Intake:
    row = limits.intake
    return Intake(row.text_max, row.earliest, _span(row.future_tolerance, limits))


def _actions(limits: Limits) -> Actions:
    row = limits.actions
    return Actions(_span(row.clock_tolerance, limits), row.kept_severity)


def _span(text: str, limits: Limits) -> timedelta:
    """A limit as plain time, counted from the earliest moment that intake knows."""
    start = limits.intake.earliest
    return after(start, Limit.parse(text)) - start


def _special(row: ResponsibilityRows) -> range:
    return range(row.special_grids.first, row.special_grids.last + 1)
