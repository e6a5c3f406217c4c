"""Matters between two villages or towns go to who stands over both."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gridward.policy.across import Area, across, apart, area_of
from gridward.policy.assign import Assignment, Case, assign
from gridward.policy.check import problems
from gridward.policy.codes import unknown_codes
from gridward.policy.gazetteer import Place
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from gridward.policy.spots import Candidate
from gridward.policy.unit_rows import UnitRow
from tests.policy.test_check import number_of, with_unit

BAMBOO, WHEAT = "990101101005001", "990101101006001"  # of two villages of one town
OTHER_TOWN = "990101102001001"
CENTRE, COUNTY, PUBLIC_SECURITY = "99010110120001", "99010100020003", "99010100020001"
CASE = Case(3, datetime(2026, 11, 25, 2, tzinfo=UTC))
QUARREL, FIGHT, LAMP = "0102", "0203", "0511"


def area(grid: str, digits: int = 12) -> Area:
    return Area(grid[:digits], grid, f"地{grid[9:12]}")


def add(bundle: PolicyBundle, *units: UnitRow) -> PolicyBundle:
    rows = bundle.units.model_copy(update={"units": [*bundle.units.units, *units]})
    return bundle.model_copy(update={"units": rows})


@pytest.fixture(scope="module")
def villages(bundle: PolicyBundle) -> Policy:
    """Each of two villages has a unit of its own, and there is a second town with its police and its centre."""
    at = number_of(bundle, "村社区")
    first = bundle.units.units[at]
    changed = with_unit(bundle, at, areas=[BAMBOO[:12]])
    village = first.model_copy(
        update={"code": "99010110160002", "name": "麦田坝村委会", "areas": [WHEAT[:12]]}
    )
    far = first.model_copy(
        update={"code": "99010110260001", "name": "邻镇村委会", "areas": [OTHER_TOWN[:9]], "parent": None}
    )
    police = bundle.units.units[number_of(bundle, "派出所")].model_copy(
        update={"code": "99010110220002", "name": "邻镇派出所", "areas": [OTHER_TOWN[:9]]}
    )
    return compile_policy(add(changed, village, far, police), 1)


def led(category: str, areas: tuple[Area, ...], policy: Policy) -> Assignment:
    return across(assign(category, areas[0].grid, policy, CASE), category, areas, CASE, policy)


def test_two_villages_of_a_town_go_to_its_centre_and_both_join(villages: Policy) -> None:
    found = led(QUARREL, (area(BAMBOO), area(WHEAT)), villages)
    assert found.unit == CENTRE
    assert {"99010110160001", "99010110160002"} <= set(found.joint)
    assert found.across == (BAMBOO, WHEAT)
    assert f"由共同上级{villages.units[CENTRE].name}主办" in found.why


def test_a_school_near_by_is_told_though_two_areas_are_named(villages: Policy) -> None:
    school = "99010110190001"
    found = replace(
        assign(FIGHT, BAMBOO, villages, CASE),
        unit=PUBLIC_SECURITY,
        joint=(school,),
        beside=("990101101901", 80.0),
    )
    told = across(found, FIGHT, (area(BAMBOO), area(OTHER_TOWN)), CASE, villages)
    assert told.unit == PUBLIC_SECURITY
    assert school in told.joint
    assert PUBLIC_SECURITY not in told.joint


def test_two_towns_go_to_the_county(villages: Policy) -> None:
    assert led(QUARREL, (area(BAMBOO), area(OTHER_TOWN)), villages).unit == COUNTY


def test_what_needs_the_polices_power_goes_to_their_common_backup(villages: Policy) -> None:
    found = led(FIGHT, (area(BAMBOO), area(OTHER_TOWN)), villages)
    assert found.unit == PUBLIC_SECURITY
    assert "99010110220002" in found.joint


def test_one_unit_for_both_stays_and_so_does_what_policy_does_not_name(
    villages: Policy, policy: Policy
) -> None:
    both = (area(BAMBOO), area(WHEAT))
    plain = assign(QUARREL, BAMBOO, policy, CASE)
    assert led(QUARREL, both, policy) == replace(
        plain, across=(BAMBOO, WHEAT)
    )  # one unit serves all villages
    assert led(LAMP, both, villages) == assign(LAMP, BAMBOO, villages, CASE)
    assert led(QUARREL, both[:1], villages) == assign(QUARREL, BAMBOO, villages, CASE)


def test_without_anybody_over_both_a_person_decides(villages: Policy) -> None:
    strangers = (area(BAMBOO), area("990201101001001"))
    units = [
        *villages.bundle.units.units,
        villages.bundle.units.units[number_of(villages.bundle, "村社区")].model_copy(
            update={"code": "99020110160001", "name": "外县村委会", "areas": ["990201"], "parent": None}
        ),
    ]
    rows = villages.bundle.units.model_copy(update={"units": units})
    found = led(QUARREL, strangers, compile_policy(villages.bundle.model_copy(update={"units": rows}), 2))
    assert found.unit is None
    assert "由派单席决定" in found.why


def named(grids: tuple[str, ...]) -> Candidate:
    return Candidate(Place("某地", "village", None, None, 500.0, grids), 500.0, 1.0, "某地", "")


def test_a_place_lies_in_the_village_or_town_that_all_its_grids_share() -> None:
    same, town, county = (BAMBOO, "990101101005002"), (BAMBOO, WHEAT), (BAMBOO, OTHER_TOWN)
    codes = [one.code if (one := area_of(named(grids), None)) else None for grids in (same, town, county)]
    assert codes == ["990101101005", "990101101", None]
    assert area_of(named(()), None) is None
    located = area_of(named(()), WHEAT)
    assert located is not None
    assert located.code == WHEAT[:12]


def test_a_town_does_not_count_beside_its_own_village() -> None:
    assert [one.code for one in apart([area(BAMBOO, 9), area(BAMBOO), area(BAMBOO)])] == [BAMBOO[:12]]
    assert len(apart([area(BAMBOO), area(WHEAT)])) == 2


def test_superiors_and_categories_that_do_not_exist_are_errors(bundle: PolicyBundle) -> None:
    table = bundle.responsibility
    assert table.across is not None
    wrong = table.across.model_copy(update={"superiors": ["天文台"], "categories": ["77"]})
    changed = bundle.model_copy(update={"responsibility": table.model_copy(update={"across": wrong})})
    found = [line for line in (*problems(changed), *unknown_codes(changed)) if "across" in line]
    assert len(found) == 2
