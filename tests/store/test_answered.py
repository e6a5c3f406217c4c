"""What counts as a correction when categories were renamed, merged or split since: by pairs of guess and category."""

from datetime import timedelta

import asyncpg
import pytest

from gridward.policy.category_rows import Categories
from gridward.policy.load import load_bundle
from gridward.store.corrections import Answered, answered
from tests.policy.test_history import with_changes
from tests.store.asked import NOW
from tests.store.benches import PostgresBench

pytestmark = pytest.mark.postgres

INSERT = """
WITH made AS (
    INSERT INTO incidents (id, number, report_id, status, severity, limit_class, sensitive, version, journal_no,
      rules_version, extended, updated_at, received_at, occurred_at, source, text, flags, grid_candidates,
      boundary_version, policy_version, category, why)
    SELECT gen_random_uuid(), 'C-' || gen_random_uuid(), gen_random_uuid(), 'dispatched', 3, 'C', false, 1, 1, 1, false,
      $1, $1, $1, 'hotline', 'x', '{}', '{}', 1, 1, $3, $4
    FROM generate_series(1, $2) RETURNING id
)
INSERT INTO tasks
  (incident_id, no, role, unit, status, offered_at, designated, accepted_at, handlers, doubts, asked)
SELECT id, 1, 'lead', 'unit', 'offered', $1, false, CASE WHEN $5 THEN $1::timestamptz END, '{}', '{}', '' FROM made
"""


async def put(
    conn: asyncpg.Pool,
    n: int,
    guessed: str | None,
    category: str | None,
    *,
    asked: bool = False,
    accepted: bool = False,
) -> None:
    why = {"category": {"code": guessed, "doubt": "ambiguous_category" if asked else None, "confidence": 0.5}}
    await conn.execute(INSERT, NOW, n, category, why, accepted)


async def figures(bench: PostgresBench, table: Categories) -> dict[str | None, Answered]:
    found = await answered(bench.pool, NOW - timedelta(days=7), NOW + timedelta(days=7), table)
    return {one.category: one for one in found}


async def test_a_code_that_only_changed_its_name_was_not_wrong(postgres_bench: PostgresBench) -> None:
    table = with_changes(load_bundle(), ("rename", "0591", "0501"), ("split", "0592", "0502 0503")).categories
    for category, accepted in (("0591", True), ("0591", False), ("0501", False), ("0502", False)):
        await put(postgres_bench.pool, 1, "0591", category, accepted=accepted)
    for category in ("0592", "0502", "0504"):
        await put(postgres_bench.pool, 2, "0592", category)
    for category in ("0591", "0501", "0502", None):
        await put(postgres_bench.pool, 1, "0501", category, asked=True)
    await put(postgres_bench.pool, 1, None, "0501", asked=True)

    found = await figures(postgres_bench, table)
    renamed, split, asked, nothing = found["0591"], found["0592"], found["0501"], found[None]
    assert (renamed.sent, renamed.seen, renamed.corrected) == (4, 2, 1)
    assert (split.sent, split.seen, split.corrected) == (6, 2, 2)
    assert (asked.asked, asked.settled, asked.agreed) == (4, 3, 2)
    assert (nothing.asked, nothing.settled, nothing.agreed) == (1, 1, 0)
    assert {one.confidence for one in found.values()} == {0.5}
    # Without the table that says what became of them they are others.
    plain = await figures(postgres_bench, load_bundle().categories)
    assert (plain["0591"].corrected, plain["0592"].corrected, plain["0501"].agreed) == (2, 4, 1)
