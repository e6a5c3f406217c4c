"""A small policy made by hand, so that what is tested here does not depend on anyone's policy files."""

from dataclasses import replace
from datetime import time

from gridward.domain.limits import Limit
from gridward.domain.rules import ClassRule, DeadlineKind, Ladder, Level, Light, Night, Rules, Step

REMIND = Step(0.5, Level.UNIT_DESK)
AMBER = Step(1.0, Level.UNIT_LEADER, Light.AMBER)
RED = Step(2.0, Level.CENTRE, Light.RED)
SHORT: Ladder = (REMIND, AMBER, RED)
FULL: Ladder = (*SHORT, Step(3.0, Level.LEADER_IN_CHARGE))
UNIT_KINDS = (DeadlineKind.ACCEPT, DeadlineKind.CONTACT, DeadlineKind.FINISH)


def class_rule(
    code: str, accept: str, contact: str | None, finish: str, *, urgent: bool = False
) -> ClassRule:
    return ClassRule(
        code,
        accept=Limit.parse(accept),
        contact=Limit.parse(contact) if contact else None,
        finish=Limit.parse(finish),
        may_return=code != "A",
        may_extend=not urgent,
        above_unit_at_night=urgent,
        ladders=dict.fromkeys(UNIT_KINDS, FULL if urgent else SHORT),
    )


def make_later_rules() -> Rules:
    """Version 2: class E is new, D is gone, C has longer limits, and the desk is told once."""
    first = make_rules(2)
    slower = class_rule("C", "8 WH", "1 WD", "9 WD")
    new = class_rule("E", "1 WH", "2 WH", "3 WD")
    kept = {code: first.classes[code] for code in "AB"}
    return replace(first, classes={**kept, "C": slower, "E": new}, desk_ladder=first.desk_ladder[:1])


def make_rules(version: int = 1) -> Rules:
    """Four classes: A and B for emergencies, C for the ordinary, D for the slow."""
    classes = (
        class_rule("A", "10 MIN", "30 MIN", "2 EH", urgent=True),
        class_rule("B", "30 MIN", "2 EH", "24 EH", urgent=True),
        class_rule("C", "4 WH", None, "5 WD"),
        class_rule("D", "1 WD", "1 WD", "15 WD"),
    )
    return Rules(
        version=version,
        classes={rule.code: rule for rule in classes},
        desk={
            1: Limit.parse("5 MIN"),
            2: Limit.parse("15 MIN"),
            3: Limit.parse("2 EH"),
            4: Limit.parse("2 EH"),
        },
        desk_ladder=(
            Step(1.0, Level.DISPATCH_DESK, Light.AMBER),
            Step(2.0, Level.DUTY_CHIEF, Light.RED),
            Step(3.0, Level.LEADER_ON_DUTY),
        ),
        extension_share=1.0,
        verify_within=Limit.parse("3 CD"),
        verify_ladder=(Step(0.8, Level.DISPATCH_DESK), Step(1.0, Level.CENTRE, Light.AMBER)),
        night=Night(time(22), time(7)),
        rework_share=0.5,
        suspension_at_most=Limit.parse("30 CD"),
    )
