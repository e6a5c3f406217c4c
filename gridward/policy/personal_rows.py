"""What the file about personal data (个人信息) must look like: how exactly matters are told, how names are found."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from gridward.policy.row import FARTHEST_M, Row, Words
from gridward.policy.yaml_text import parse, text_of

SHIPPED = Path(__file__).parent / "data" / "personal.yaml"

Characters = Annotated[str, Field(max_length=2_000)]  # each stands for itself


class ResidentRows(Row):
    """What a resident is told of somebody else's matter. A distance, in steps of so many metres."""

    away_step_m: Annotated[int, Field(ge=1, le=FARTHEST_M)]


class OutsideRows(Row):
    """How people are found in a text that an outside opinion is asked about (`gridward.policy.people`)."""

    surnames: Annotated[str, Field(min_length=1, max_length=2_000)]
    everyday: Characters = ""  # surnames that are ordinary words, too
    compound: Words = []
    never_given: Characters = ""
    introduced: Words = []
    persons: Words = []  # before an everyday surname they speak for a name, as `beside` does
    beside: Characters = ""
    acts: Characters = ""  # behind it
    says: Characters = ""  # behind what may be a word as well as a name
    titles: Words = []
    courtesies: Words = []
    familiar: Characters = ""
    doors: Words = []
    words: Words = []


class PersonalRows(Row):
    """All of it. What a version published before was decided by stood in the program, and is `shipped`."""

    residents: ResidentRows
    outside: OutsideRows


@cache
def shipped() -> PersonalRows:
    """The file in the repository, read once: a policy that says nothing of people must not give them away."""
    return PersonalRows.model_validate(parse(text_of(SHIPPED), SHIPPED.name)[0])
