"""Names of places in a text: what they mean, and when nobody may guess."""

from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from geo.places import places_of
from geo.source import read_grids
from gridward.policy.gazetteer import Gazetteer, Place, compile_gazetteer
from gridward.policy.load import load_bundle
from gridward.policy.numerals import in_digits, spellings, value_of, written
from gridward.policy.place_rows import GazetteerRows, PlaceEntry
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from gridward.policy.spots import candidates, good

TOWNSHIP = Path(__file__).parents[2] / "infra" / "demo" / "township.geojson"

# What people write, and the one place that it is.
CLEAR = [
    ("青梧小学后门有人摆摊，孩子过不去", "青梧中心小学"),
    ("柳塘小学对面的沟盖板没了", "柳塘小学"),
    ("石桥湾村三组水管爆了", "石桥湾村三组"),
    ("石桥湾3组水管爆了", "石桥湾村三组"),
    ("柳塘二组路灯全黑了", "柳塘村二组"),
    ("青梧大道和石桥路路口红绿灯坏了", "青梧大道与石桥路路口"),
    ("青梧大道与石桥路交叉口积水", "青梧大道与石桥路路口"),
    ("石桥路青梧大道口积水", "青梧大道与石桥路路口"),
    ("学府路口那块广告牌要掉了", "麦香路与学府路路口"),
    ("梧桐苑5栋二单元电梯困人", "梧桐苑"),
    ("青梧镇杏林社区杏林农贸市场污水横流", "杏林农贸市场"),
    ("杏林社区的农贸市场污水横流", "杏林农贸市场"),
    ("青梧镇云岭脚村李家坳塌方", "李家坳"),
    ("柳塘水库边上有小孩在游泳", "柳塘水库"),
    ("竹坞里村第4网格有人焚烧秸秆", "竹坞里村第4网格"),
    ("竹坞里村第四网格有人焚烧秸秆", "竹坞里村第4网格"),
]

# And where a person must look: (text, why).
UNSURE = [
    ("农贸市场污水横流", "two bear the name"),
    ("李家坳塌方了", "two bear the name"),
    ("石拱桥栏杆断了", "two bear the name"),
    ("柳塘村有人打架", "a village is too coarse"),
    ("青梧大道堵死了", "a road is too long"),
    ("新青梧中学的围墙倒了", "another name may begin before it"),
    ("青梧中学小区电动车充电冒烟", "another name may go on behind it"),
    ("梧桐苑居民反映路灯不亮", "it says where somebody is from"),
    ("青梧派出所的人到了，柳塘小学门口还在打", "two places"),
    ("杏林街和竹坞路路口堵车", "roads that do not meet"),
    ("青梧大道和石桥路都堵了", "two roads, and no crossing"),
]


@pytest.fixture(scope="module")
def gazetteer(policy: Policy) -> Gazetteer:
    records = read_grids(TOWNSHIP, None).records
    return compile_gazetteer(policy.bundle.gazetteer, places_of(records))


@pytest.mark.parametrize(("text", "name"), CLEAR)
def test_a_clear_name_is_one_place(gazetteer: Gazetteer, text: str, name: str) -> None:
    found = candidates(gazetteer, text)
    best = good(found, gazetteer)
    assert best is not None, found
    assert best.place.name == name
    assert best.words in text.replace(" ", "")
    assert best.words in best.reason


@pytest.mark.parametrize(("text", "why"), UNSURE)
def test_what_is_not_clear_has_choices_and_no_winner(gazetteer: Gazetteer, text: str, why: str) -> None:
    found = candidates(gazetteer, text)
    assert found, why
    assert good(found, gazetteer) is None, why


def test_a_text_without_a_known_name_has_no_candidates(gazetteer: Gazetteer) -> None:
    assert candidates(gazetteer, "门口的路灯坏了，三组的") == []


def test_a_name_that_two_places_bear_offers_both_with_their_points(gazetteer: Gazetteer) -> None:
    found = candidates(gazetteer, "李家坳塌方了")
    assert [one.place.within[-1] for one in found] == ["云岭脚村", "松坪上村"]
    assert all("同名的有 2 处" in one.reason and one.place.lon is not None for one in found)


def test_the_village_in_the_address_tells_two_of_a_name_apart(gazetteer: Gazetteer) -> None:
    best = good(candidates(gazetteer, "塌方了", "松坪上村李家坳"), gazetteer)
    assert best is not None
    assert best.place.within[-1] == "松坪上村"
    assert "松坪上村" in best.reason


def test_a_name_right_before_it_wins_over_the_same_elsewhere(gazetteer: Gazetteer) -> None:
    best = good(candidates(gazetteer, "松坪上村李家坳的车开到云岭脚村去了"), gazetteer)
    assert best is None  # the text names the other village as a place too
    (held, *_) = candidates(gazetteer, "松坪上村李家坳的车开到云岭脚村去了")
    assert held.place.within[-1] == "松坪上村"


def test_beside_a_place_is_less_precise_than_at_it(gazetteer: Gazetteer) -> None:
    at, near = (candidates(gazetteer, f"柳塘小学{where}有积水")[0] for where in ("门口", "对面"))
    assert (at.words, near.words) == ("柳塘小学门口", "柳塘小学对面")
    assert near.precision_m > at.precision_m


def test_every_bundled_place_lies_in_the_village_that_it_names() -> None:
    records = read_grids(TOWNSHIP, None).records
    shapes = [(record, shapely.from_wkb(record.wkb)) for record in records]
    villages = {record.code[:12]: record.name.split("第")[0] for record in records if not record.special}
    for row in load_bundle().gazetteer.places:
        assert row.lon is not None
        assert row.lat is not None
        held = [record for record, shape in shapes if shape.contains(shapely.Point(row.lon, row.lat))]
        assert len(held) == 1, row.name
        if len(row.within) > 1:
            assert villages[held[0].code[:12]] == row.within[-1], row.name


def test_villages_come_from_the_names_of_their_grids() -> None:
    places = {place.name: place for place in places_of(read_grids(TOWNSHIP, None).records)}
    village = places["柳塘村"]
    assert len(village.grids) == 7
    assert all(code.startswith("990101101003") for code in village.grids)
    assert 500 < village.precision_m < 3_000


def test_many_villages_of_one_name_are_all_offered_up_to_the_limit_and_none_wins() -> None:
    rows = GazetteerRows(
        places=[
            PlaceEntry(name="三联村", kind="village", code=f"{330000000000 + n}", within=[f"第{n}镇"])
            for n in range(1, 22)
        ]
    )
    found = candidates(compile_gazetteer(rows), "三联村委会门口有人闹事")
    assert len(found) == rows.deciding.most
    assert "同名的有 21 处" in found[0].reason
    assert good(found, compile_gazetteer(rows)) is None


def test_a_division_is_where_the_grids_of_its_code_are() -> None:
    entry = PlaceEntry(name="东门村", kind="village", code="990101101001")
    drawn = Place("某网格", "grid", 118.0, 30.0, 300.0, ("990101101001001",))
    place = compile_gazetteer(GazetteerRows(places=[entry]), [drawn]).places[0]
    assert place.grids == ("990101101001001",)


def test_a_policy_of_before_goes_by_no_name(bundle: PolicyBundle) -> None:
    rows = GazetteerRows(places=bundle.gazetteer.places)
    gazetteer = compile_gazetteer(rows)
    assert good(candidates(gazetteer, "柳塘小学"), gazetteer) is None
    assert compile_gazetteer(GazetteerRows()).mentions("柳塘小学") == []


def test_full_width_and_spaces_are_no_hindrance(gazetteer: Gazetteer) -> None:
    best = good(candidates(gazetteer, "石桥湾 村３组 水管爆了"), gazetteer)
    assert best is not None
    assert best.place.name == "石桥湾村三组"


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("二十三", 23), ("一百零五", 105), ("一二三", 123), ("32", 32), ("两", 2), ("十百", None)],
)
def test_numerals(text: str, number: int | None) -> None:
    assert value_of(text) == number


def test_every_number_below_a_hundred_is_read_as_it_is_written() -> None:
    assert all(value_of(written(number)) == number for number in range(100))


def test_both_writings_of_a_name_are_known() -> None:
    assert spellings("石桥湾村三组") == {"石桥湾村三组", "石桥湾村3组"}
    assert "青梧社区第十二网格" in spellings("青梧社区第12网格")
    assert in_digits("二十三人") == "23人"


def test_a_finer_place_within_a_coarser_one_is_no_contradiction(gazetteer: Gazetteer) -> None:
    best = good(candidates(gazetteer, "麦田坝村反映，青梧中学门口堵车"), gazetteer)
    assert best is not None
    assert best.place.name == "青梧中学"


def test_a_place_cannot_have_half_a_point() -> None:
    with pytest.raises(ValueError, match="both or neither"):
        PlaceEntry(name="某地", kind="school", lon=118.0)
    with pytest.raises(ValueError, match="crossing"):
        PlaceEntry(name="某路口", kind="crossing", roads=["一路"])


def test_candidates_are_values(gazetteer: Gazetteer) -> None:
    (one,) = candidates(gazetteer, "柳塘小学")
    assert replace(one) == one


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("石桥湾那边的水管爆了", ["石桥湾村"]),
        ("我们柳塘一直没有路灯", ["柳塘村"]),
        ("柳塘人都知道他家的狗", ["柳塘村"]),
        ("去柳塘的路塌了半边", ["柳塘村"]),
        ("这家杏林开的诊所没有证", []),  # two characters that nothing shows to be a place
    ],
)
def test_villages_are_known_as_people_call_them(gazetteer: Gazetteer, text: str, names: list[str]) -> None:
    found = candidates(gazetteer, text)
    assert [one.place.name for one in found] == names
    assert all("简称" in one.reason for one in found)
    assert good(found, gazetteer) is None


def test_a_short_name_is_told_apart_and_tells_apart_as_the_full_one(gazetteer: Gazetteer) -> None:
    best = good(candidates(gazetteer, "松坪上李家坳塌方了"), gazetteer)
    assert best is not None
    assert best.place.within[-1] == "松坪上村"


def test_a_word_for_any_of_a_kind_offers_all_of_them_and_decides_nothing(gazetteer: Gazetteer) -> None:
    found = candidates(gazetteer, "小学后门有人摆摊卖三无零食")
    assert {one.place.name for one in found} == {"青梧中心小学", "柳塘小学"}
    assert all("这样的有 2 处" in one.reason for one in found)
    assert good(found, gazetteer) is None
    (only,) = candidates(gazetteer, "卫生院没有医生值班")
    assert only.place.name == "青梧镇卫生院"
    assert good([only], gazetteer) is None
    assert [one.place.name for one in candidates(gazetteer, "柳塘小学，不是中学")] == ["柳塘小学"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("柳塘村跟杏林社区的人为水渠打架", {"柳塘村", "杏林社区"}),
        ("柳塘村村民同麦田坝村村民争山", {"柳塘村", "麦田坝村"}),
        ("柳塘村、麦田坝村都停水了", {"柳塘村", "麦田坝村"}),
        ("石桥湾和竹坞里争一口井", {"石桥湾村", "竹坞里村"}),
        ("青梧镇柳塘村的水渠", {"柳塘村"}),
        ("云岭脚村李家坳的路", {"李家坳"}),
    ],
)
def test_a_name_beside_another_is_a_place_of_its_own_unless_it_holds_it(
    gazetteer: Gazetteer, text: str, names: set[str]
) -> None:
    assert {one.place.name for one in candidates(gazetteer, text)} == names
