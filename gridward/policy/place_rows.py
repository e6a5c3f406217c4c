"""What the gazetteer's file (地名词库) must look like: places by name, and how people speak of a spot near one."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["town", "village", "group", "road", "crossing", "school", "estate", "landmark", "grid"]
Name = Annotated[str, Field(min_length=2, max_length=40)]
Words = list[Annotated[str, Field(min_length=1, max_length=10)]]
Metres = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]


class Rows(BaseModel):
    """Unknown fields are typing slips, and are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class PlaceEntry(Rows):
    """One place. Where it is: a point (WGS 84 degrees), a grid, or a division's 12-digit code; or nobody knows.

    `within`: the town or village that it lies in, by which people tell it from others of its name.
    `roads`: of a crossing, the two or more that meet there.
    """

    name: Name
    kind: Kind
    aliases: list[Name] = []
    within: list[Name] = []
    roads: list[Name] = []
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    grid: Annotated[str, Field(pattern=r"^\d{2,20}$")] | None = None
    code: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    precision_m: Metres | None = None  # None: what its kind has

    @model_validator(mode="after")
    def _says_one_thing(self) -> "PlaceEntry":
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon 和 lat 要么都写，要么都不写 lon and lat: both or neither")
        if (self.kind == "crossing") != (len(self.roads) >= 2):
            raise ValueError(
                "路口要写两条以上的路，别的地名不写 roads: two or more for a crossing, none for others"
            )
        return self


class Grammar(Rows):
    """How a spot is told from the name before it. Words, and metres that they add to the name's precision."""

    numbered: Words = []  # 组, 号, 栋: after a number
    beside: dict[Annotated[str, Field(min_length=1, max_length=10)], Annotated[float, Field(ge=0)]] = {}
    joins: Words = []  # between two roads that meet
    crossings: Words = []  # after them
    larger: Words = []  # before a name they make another one: 新, 老
    heads: Words = []  # after a name they make another one: 小学, 派出所
    not_heads: str = ""  # characters after such a word that make it none: 学校路口
    origins: Words = []  # after a name they tell where somebody is from, not where it happened
    shortened: Words = []  # what people leave off the name of a village or town: 石桥湾 for 石桥湾村
    at: Words = []  # right before a short name of two characters they tell that a place is meant: 在柳塘
    # What people say who mean the one near them, with what the names of such places end in: 学校 for 中学, 小学.
    generic: dict[Name, Annotated[list[Name], Field(min_length=1)]] = {}


class Deciding(Rows):
    """When a place told in words is good enough to go by without a person."""

    score: Annotated[float, Field(ge=0, le=1)] = 1.01  # never, as before there was a gazetteer
    margin: Annotated[float, Field(ge=0, le=1)] = 0.3
    doubtful: Annotated[float, Field(ge=0, le=1)] = 0.5  # what is left of a score for each reason against it
    within_m: Metres = 300.0  # a coarser place goes to a person
    contradiction_m: Metres = 3_000.0  # farther than this from the phone's place, it is flagged
    most: Annotated[int, Field(ge=1, le=50)] = 8


class GazetteerRows(Rows):
    """A version published before there was a gazetteer has an empty one, and goes by it as before: not at all."""

    precision_m: dict[Kind, Metres] = {}
    grammar: Grammar = Grammar()
    deciding: Deciding = Deciding()
    places: list[PlaceEntry] = []
