"""Gross slips are named, and what a county may well mean is not."""

from typing import Any

import pytest

from gridward.policy.check import problems, slips, warnings
from gridward.policy.place_rows import PlaceEntry
from gridward.policy.plausible import mistakes, oddities
from gridward.policy.schema import PolicyBundle
from tests.policy.test_check import number_of, with_unit


def with_place(bundle: PolicyBundle, **fields: Any) -> PolicyBundle:
    places = [*bundle.gazetteer.places, PlaceEntry(name="远处", kind="landmark", **fields)]
    return bundle.model_copy(update={"gazetteer": bundle.gazetteer.model_copy(update={"places": places})})


def with_class(bundle: PolicyBundle, name: str, **changes: Any) -> PolicyBundle:
    row = bundle.limits.classes[name].model_copy(update=changes)
    classes = {**bundle.limits.classes, name: row}
    return bundle.model_copy(update={"limits": bundle.limits.model_copy(update={"classes": classes})})


def test_the_bundled_policy_has_none(bundle: PolicyBundle) -> None:
    assert mistakes(bundle) == []
    assert oddities(bundle) == []


def test_a_place_in_another_province_is_named(bundle: PolicyBundle) -> None:
    (found,) = oddities(with_place(bundle, lon=104.06, lat=30.66))
    assert "公里，请核对坐标" in found
    assert "swapped" not in found
    assert found in warnings(with_place(bundle, lon=104.06, lat=30.66))


def test_swapped_degrees_are_guessed(bundle: PolicyBundle) -> None:
    (found,) = oddities(with_place(bundle, lon=30.95, lat=89.0))
    assert "swapped" not in found
    swapped = [place.model_copy(update={"lon": 89.5, "lat": 40.1}) for place in bundle.gazetteer.places]
    rows = bundle.gazetteer.model_copy(
        update={"places": [*swapped, PlaceEntry(name="反了", kind="landmark", lon=40.1, lat=89.5)]}
    )
    (found,) = oddities(bundle.model_copy(update={"gazetteer": rows}))
    assert "are lon and lat swapped?" in found


def test_a_unit_of_another_county_is_named_by_its_area(bundle: PolicyBundle) -> None:
    at = number_of(bundle, "派出所")
    (found,) = oddities(with_unit(bundle, at, areas=["330122001"]))
    assert "330122001 不在 990101 县内" in found
    assert found.spots == (("units", ("units", at, "areas", 0)),)


def test_units_above_each_other_are_refused_and_an_older_version_is_still_read(bundle: PolicyBundle) -> None:
    first, second = number_of(bundle, "派出所"), number_of(bundle, "村社区")
    codes = [bundle.units.units[n].code for n in (first, second)]
    circle = with_unit(with_unit(bundle, first, parent=codes[1]), second, parent=codes[0])
    found = mistakes(circle)
    assert [one.spots[0][1] for one in found] == [("units", n, "parent") for n in sorted((first, second))]
    assert all("上级绕回了自己" in one for one in found)
    assert set(found) <= set(slips(circle))
    assert not set(found) & set(problems(circle))


@pytest.mark.parametrize(
    ("name", "changes", "wrong"),
    [
        ("A", {"finish": "5 MIN"}, 2),
        ("B", {"accept": "25 EH"}, 1),
        ("C", {"contact": "6 WD"}, 1),
        ("M", {"contact": "31 CD"}, 1),
        ("C", {"contact": "4 CD"}, 0),  # five working days may be seven
        ("Q", {"accept": "8 WH", "finish": "1 WD"}, 0),
    ],
)
def test_a_class_that_ends_before_it_begins(
    bundle: PolicyBundle, name: str, changes: dict[str, str], wrong: int
) -> None:
    found = mistakes(with_class(bundle, name, **changes))
    assert len(found) == wrong, found
    assert all("短于" in one and one.spots[0][0] == "limits" for one in found)
