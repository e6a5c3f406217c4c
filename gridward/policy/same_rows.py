"""What the file about repeats (重复事项) must look like: what speaks for one matter, and how much is enough."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=10)]
Prefix = Annotated[str, Field(pattern=r"^(\d{2}|\d{4})$")]
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


class SameRows(Rows):
    """A version published before knows no repeats, and goes on opening an incident for each report."""

    weights: Weights = Weights()
    place_m: Annotated[float, Field(gt=0)] = 150.0  # the distance at which a place speaks half as loud
    time_days: Annotated[float, Field(gt=0)] = 10.0
    named_by: list[Annotated[str, Field(min_length=1, max_length=6)]] = []  # 小区, 村, 路: what names end in
    counted_by: list[Annotated[str, Field(min_length=1, max_length=6)]] = []  # 号, 栋, 组: what numbers count
    join: JoinRows = JoinRows()
    suggest: SuggestRows = SuggestRows()
