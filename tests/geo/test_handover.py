"""What a new boundary set would change for open incidents is told before; what was decided stays."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from geo.handover import Change, by_grid, changes
from geo.index import GridIndex
from gridward.clock import SystemClock
from gridward.domain.place import Point
from gridward.policy.load import load_bundle
from gridward.store.open_places import OpenIncident
from gridward.store.policies import publish_policy
from tests.geo.helpers import square
from tests.geo.test_grids_command import gridward_grids, published, write

A, B = "331125001001001", "331125001001002"


def incident(number: str, lon: float, grid: str | None = A) -> OpenIncident:
    return OpenIncident(number, grid, "unit", Point(lon, 28.005), datetime(2026, 11, 25, 2, tzinfo=UTC))


def test_only_those_whose_grid_differs_are_told_with_old_and_new() -> None:
    new = GridIndex(
        [square(A, 119.50, 28.0), square(B, 119.505, 28.0, 0.005), square(B + "1", 119.60, 28.0)], 2
    )
    stays, moves, leaves = incident("1", 119.502), incident("2", 119.601), incident("3", 119.9)
    old = GridIndex([square(A, 119.50, 28.0), square(A + "1", 119.60, 28.0, 0.5)], 1)
    found = changes([stays, moves, leaves, incident("4", 119.602, None)], old, new)
    assert [(one.incident.number, one.grid, one.how) for one in found] == [
        ("2", B + "1", "inside"),
        ("3", None, "outside"),
        ("4", B + "1", "inside"),
    ]


def test_the_tolerance_of_policy_counts_here_too() -> None:
    new = GridIndex([square(A, 119.50, 28.0)], 2)
    old = GridIndex([square(A, 119.50, 28.0, 0.02)], 1)
    beside = incident("1", 119.51 + 10 / 98_363)
    assert changes([beside], old, new, 20.0) == []
    assert [one.grid for one in changes([beside], old, new, 0.0)] == [None]


def test_what_was_given_to_another_grid_by_hand_is_not_moved_by_boundaries_that_stay() -> None:
    same = [square(A, 119.50, 28.0), square(B, 119.51, 28.0)]
    by_hand, never_placed = incident("1", 119.512, A), incident("2", 119.502, None)
    assert changes([by_hand, never_placed], GridIndex(same, 1), GridIndex(same, 2)) == []


def test_who_already_is_where_the_new_boundaries_would_put_it_does_not_move() -> None:
    old, new = GridIndex([square(A, 119.50, 28.0)], 1), GridIndex([square(B, 119.50, 28.0)], 2)
    found = changes([incident("1", 119.502, B), incident("2", 119.502, A)], old, new)
    assert [(one.incident.number, one.grid) for one in found] == [("2", B)]


def test_while_no_set_stands_the_grid_that_was_given_is_compared() -> None:
    new = GridIndex([square(A, 119.50, 28.0), square(B, 119.51, 28.0)], 1)
    found = changes([incident("1", 119.502), incident("2", 119.512)], None, new)
    assert [(one.incident.number, one.grid) for one in found] == [("2", B)]


def test_the_counts_by_grid_have_the_most_first() -> None:
    found = [
        Change(incident(str(n), 119.5, old), new, "inside")
        for n, (old, new) in enumerate([(A, B), (A, None), (A, B), (None, B)])
    ]
    assert by_grid(found) == [(A, B, 2), (None, B, 1), (A, None, 1)]


INSERT = """
INSERT INTO incidents (id, number, report_id, status, severity, limit_class, sensitive, grid, version, journal_no,
  rules_version, extended, unit, updated_at, received_at, occurred_at, source, text, lon, lat, flags,
  grid_candidates, boundary_version, policy_version, why)
VALUES (gen_random_uuid(), $1, gen_random_uuid(), $2, 2, 'C', false, $3, 1, 1, 1, false, 'unit', now(), now(), now(),
  'hotline', 'x', $4, 28.005, '{}', '{}', 1, 1, '{}')
"""


async def put_incidents(url: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(INSERT, "E-1", "dispatched", A, 119.512)
        await conn.execute(INSERT, "E-2", "queued", A, 119.502)
        await conn.execute(INSERT, "E-3", "closed", A, 119.512)
    finally:
        await conn.close()


async def grids_of_incidents(url: str) -> list[tuple[str, str]]:
    conn = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await conn.fetch("SELECT number, grid FROM incidents ORDER BY number")]
    finally:
        await conn.close()


@pytest.mark.postgres
def test_a_dry_run_names_the_open_incidents_and_stores_nothing(tmp_path: Path, database_url: str) -> None:
    asyncio.run(put_incidents(database_url))
    file = write(tmp_path / "g.geojson", [square(A, 119.50, 28.0), square(B, 119.51, 28.0)])
    words = ["import", file, "--database-url", database_url]
    dry = gridward_grids(*words, "--dry-run")
    assert dry.exit_code == 0
    assert "2 open incidents have a place, 1 of them" in dry.output
    assert re.search(rf"E-1 .*{A}.*{B}", dry.output)
    assert "E-2" not in dry.output
    assert "E-3" not in dry.output
    assert published(database_url) == (None, [])

    assert gridward_grids(*words).exit_code == 0
    assert published(database_url)[0] == 1
    # The incident's grid is the decision that was made then; no import rewrites it.
    assert asyncio.run(grids_of_incidents(database_url)) == [("E-1", A), ("E-2", A), ("E-3", A)]


@pytest.mark.postgres
def test_it_says_which_unit_has_each_and_which_would_lead(tmp_path: Path, database_url: str) -> None:
    """Every one of them, by the names of the policy in force."""
    old, new = "990101101001001", "990101101001002"
    asyncio.run(put_in_a_town(database_url, old, 60))
    file = write(tmp_path / "g.geojson", [square(old, 119.50, 28.0), square(new, 119.51, 28.0)])
    told = gridward_grids("import", file, "--database-url", database_url, "--dry-run").output
    assert "60 open incidents have a place, 60 of them" in told
    for n in range(60):
        assert re.search(rf"E-{n:02} .*{old}.*{new}.*青梧派出所.*青梧综合执法与环卫队", told)


async def put_in_a_town(url: str, grid: str, count: int) -> None:
    conn = await asyncpg.connect(url)
    try:
        await publish_policy(conn, load_bundle(), "the town's", SystemClock().now())
        for n in range(count):
            await conn.execute(INSERT, f"E-{n:02}", "dispatched", grid, 119.512)
        # Rubbish that a person gave to the police.
        await conn.execute("UPDATE incidents SET category = '0501', unit = '99010110120002'")
    finally:
        await conn.close()


@pytest.mark.postgres
def test_the_same_file_again_moves_nothing_and_another_only_what_it_moves(
    tmp_path: Path, database_url: str
) -> None:
    asyncio.run(put_incidents(database_url))
    at = ["--database-url", database_url, "--dry-run"]
    file = write(tmp_path / "g.geojson", [square(A, 119.50, 28.0), square(B, 119.51, 28.0)])
    assert gridward_grids("import", file, *at[:2]).exit_code == 0
    again = gridward_grids("import", file, *at)
    assert "2 open incidents have a place, 0 of them" in again.output
    assert "0 of them" in gridward_grids("publish", "1", *at).output

    other = write(tmp_path / "h.geojson", [square(B, 119.50, 28.0), square(A, 119.51, 28.0)])
    moved = gridward_grids("import", other, *at)
    assert "2 open incidents have a place, 1 of them" in moved.output
    assert re.search(rf"E-2 .*{A}.*{B}", moved.output)
    assert "E-1" not in moved.output


@pytest.mark.postgres
def test_a_set_can_wait_be_listed_be_taken_back_and_be_published_after_all(
    tmp_path: Path, database_url: str
) -> None:
    file = write(tmp_path / "g.geojson", [square(A, 119.50, 28.0)])
    at = ["--database-url", database_url]
    assert gridward_grids("import", file, *at).exit_code == 0
    later = gridward_grids("import", file, *at, "--name", "新版", "--effective", "2099-01-01T00:00")
    assert later.exit_code == 0
    assert "2099-01-01 00:00" in later.output
    assert published(database_url)[0] == 1
    listed = gridward_grids("list", *at).output
    assert re.search(r"2 .*新版.*2099-01-01 00:00.*waits", listed)
    assert re.search(r"1 .*current", listed)
    again = gridward_grids("publish", "1", *at).output
    assert "gridward grids withdraw 2" in again
    assert gridward_grids("withdraw", "2", *at).exit_code == 0
    assert "not published" in gridward_grids("list", *at).output
    assert gridward_grids("withdraw", "2", *at).exit_code == 2
    assert gridward_grids("publish", "2", *at, "--dry-run").exit_code == 0
    assert published(database_url)[0] == 1
    assert gridward_grids("publish", "2", *at).exit_code == 0
    assert published(database_url)[0] == 2


@pytest.mark.postgres
@pytest.mark.parametrize(("moment", "said"), [("tomorrow", "write the moment"), ("2020-01-01", "has passed")])
def test_a_moment_that_cannot_be_is_one_line_and_nothing_is_stored(
    tmp_path: Path, database_url: str, moment: str, said: str
) -> None:
    file = write(tmp_path / "g.geojson", [square(A, 119.50, 28.0)])
    result = gridward_grids("import", file, "--database-url", database_url, "--effective", moment)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "no boundary" not in result.output
    listed = gridward_grids("list", "--database-url", database_url).output
    assert "网格" in listed
    assert "waits" not in listed
    assert "not published" not in listed
