"""The book of policies: one version is whole, the others give rules and names, and a broken one stops no other."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
import pytest_asyncio

from gridward.clock import SystemClock
from gridward.domain.errors import Refused, Unavailable
from gridward.policy import load
from gridward.policy.load import compile_policy, load_bundle
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from gridward.store import policy_book
from gridward.store.connect import open_pool
from gridward.store.policies import publish_policy, roll_back
from gridward.store.policy_book import PolicyBook
from tests.policy.test_check import number_of, with_unit
from tests.policy.test_history import renamed

pytestmark = pytest.mark.postgres


@pytest_asyncio.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    found = await open_pool(database_url)
    yield found
    await found.close()


async def put(pool: asyncpg.Pool, *bundles: PolicyBundle) -> None:
    async with pool.acquire() as connection:
        for bundle in bundles:
            await publish_policy(connection, bundle, "test", SystemClock().now())


async def spoil(pool: asyncpg.Pool, version: int, path: str, value: object) -> None:
    """Make a published version one that this program no longer accepts."""
    await pool.execute(
        "UPDATE policy_versions SET bundle = jsonb_set(bundle, $2::text[], $3::text::jsonb) WHERE version = $1",
        version,
        path.split("."),
        json.dumps(value),
    )


def a_week_later(bundle: PolicyBundle, week: int) -> PolicyBundle:
    """Another name of a unit, as an import of units brings it."""
    return with_unit(bundle, number_of(bundle, "派出所"), name=f"第{week}派出所")


def faster(bundle: PolicyBundle) -> PolicyBundle:
    limits = bundle.limits
    classes = limits.classes | {"C": limits.classes["C"].model_copy(update={"finish": "1 EH"})}
    return bundle.model_copy(update={"limits": limits.model_copy(update={"classes": classes})})


async def test_only_the_newest_is_compiled_and_the_others_give_their_own_rules(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = load_bundle()
    bundles = [bundle, faster(bundle), a_week_later(bundle, 3)]
    await put(pool, *bundles)
    checked: list[PolicyBundle] = []
    monkeypatch.setattr(load, "problems", lambda one: checked.append(one) or [])
    book = PolicyBook(pool)
    assert await book.refresh()
    assert not await book.refresh()
    assert checked == [bundles[2]]
    assert book.current.bundle == bundles[2]
    for version, one in enumerate(bundles, 1):
        assert book.rules(version) == compile_policy(one, version).rules
    assert book.rules(0) is book.current.rules
    assert book.as_of(2)(0) == book.rules(2)
    with pytest.raises(Unavailable, match="version 4 is not loaded"):
        book.rules(4)


async def test_what_goes_out_of_force_keeps_its_rules_and_nothing_else(pool: asyncpg.Pool) -> None:
    bundle = load_bundle()
    await put(pool, faster(bundle))
    book = PolicyBook(pool)
    await book.refresh()
    before = book.current
    await put(pool, bundle)
    assert await book.refresh()
    assert book.current.version == 2
    assert book.rules(1) == before.rules
    assert [isinstance(one, Policy) for _, one in sorted(book.versions.items())] == [False, True]


async def test_a_content_that_comes_back_has_its_new_number(pool: asyncpg.Pool) -> None:
    bundle = load_bundle()
    await put(pool, faster(bundle), bundle)
    async with pool.acquire() as connection:
        assert await roll_back(connection, 1, "back", SystemClock().now()) == 3
    await put(pool, a_week_later(bundle, 4))
    book = PolicyBook(pool)
    await book.refresh()
    assert [book.rules(version).version for version in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert book.rules(3).classes == book.rules(1).classes != book.rules(2).classes


async def test_a_retired_category_has_the_last_name_it_had(pool: asyncpg.Pool) -> None:
    bundle = load_bundle()
    old = bundle.model_validate_json(bundle.model_dump_json(by_alias=True).replace("占道经营", "占道"))
    await put(pool, old, bundle, renamed(bundle, "0502", "0582"), renamed(bundle, "0501", "0581"))
    book = PolicyBook(pool)
    await book.refresh()
    names = {row.code: row.name for row in bundle.categories.categories}
    assert book.retired() == {"0501": names["0501"], "0582": names["0502"]}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("responsibility.rules", []),  # what a stricter check refuses
        ("words.categories", {"9998": {}}),  # a shape that is no longer read
        ("categories.categories", "none"),
        ("categories", None),
        ("limits.classes.C.ladder", "nowhere"),
        ("limits.classes", {"C": {}}),
        ("limits", None),
    ],
)
async def test_an_old_version_that_is_broken_keeps_no_other_from_taking_effect(
    pool: asyncpg.Pool, path: str, value: object
) -> None:
    bundle = load_bundle()
    await put(pool, bundle, a_week_later(bundle, 2), a_week_later(bundle, 3))
    await spoil(pool, 1, path, value)
    book = PolicyBook(pool)
    assert await book.refresh()
    assert book.current.version == 3
    assert book.rules(2) == compile_policy(bundle, 2).rules
    assert book.retired() == {}
    if path.startswith("limits"):
        with pytest.raises(Refused, match="第 1 版"):
            book.rules(1)
    else:
        assert book.rules(1) == compile_policy(bundle, 1).rules


async def test_a_newest_version_that_is_broken_leaves_the_one_before_in_force(pool: asyncpg.Pool) -> None:
    bundle = load_bundle()
    await put(pool, bundle)
    book = PolicyBook(pool)
    await book.refresh()
    before = book.current
    await put(pool, a_week_later(bundle, 2))
    await spoil(pool, 2, "responsibility.rules", [])
    for _ in range(2):
        with pytest.raises(Refused):
            await book.refresh()
    assert book.current is before
    assert book.rules(2) == compile_policy(bundle, 2).rules, "what another program moved to it runs on"
    await put(pool, a_week_later(bundle, 3))
    assert await book.refresh()
    assert book.current.version == 3
    assert book.rules(2).version == 2


async def test_after_a_restart_the_newest_that_can_be_used_stands_in(pool: asyncpg.Pool) -> None:
    bundle = load_bundle()
    await put(pool, bundle, a_week_later(bundle, 2), a_week_later(bundle, 3), a_week_later(bundle, 4))
    for version in (3, 4):
        await spoil(pool, version, "responsibility.rules", [])
    book = PolicyBook(pool)
    with pytest.raises(Refused):
        await book.refresh()
    assert book.current.version == 2
    assert [book.rules(version).version for version in (1, 2, 3, 4)] == [1, 2, 3, 4]
    await put(pool, a_week_later(bundle, 5))
    assert await book.refresh()
    assert book.current.version == 5


async def with_a_broken_newest(pool: asyncpg.Pool) -> PolicyBook:
    """Version 1 is right, and 2 is one that no program decides by."""
    bundle = load_bundle()
    await put(pool, bundle, a_week_later(bundle, 2))
    await spoil(pool, 2, "responsibility.rules", [])
    return PolicyBook(pool)


async def test_what_failed_half_way_is_looked_for_again(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, real = await with_a_broken_newest(pool), policy_book.policy_version

    async def lost(connection: asyncpg.Connection, version: int) -> Policy:
        if version == 1:
            raise Unavailable("the database is away")
        return await real(connection, version)

    monkeypatch.setattr(policy_book, "policy_version", lost)
    with pytest.raises(Unavailable):
        await book.refresh()
    monkeypatch.undo()
    with pytest.raises(Refused):
        await book.refresh()
    assert book.current.version == 1


async def test_a_policy_that_cannot_be_used_is_read_once(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked for every two seconds, and a policy is megabytes."""
    book = await with_a_broken_newest(pool)
    with pytest.raises(Refused) as first:
        await book.refresh()
    monkeypatch.setattr(policy_book, "policy_version", None)
    with pytest.raises(Refused) as again:
        await book.refresh()
    assert str(again.value) == str(first.value)


async def test_three_years_of_weekly_changes_are_read_at_once(pool: asyncpg.Pool) -> None:
    bundle = load_bundle()
    await put(pool, bundle)
    await pool.execute(
        "INSERT INTO policy_versions (version, created_at, sha256, note, bundle, published_by) "
        "SELECT n, created_at + $1::interval * n, md5(n::text), note, bundle, '' "
        "FROM policy_versions, generate_series(2, 160) AS n",
        timedelta(days=7),
    )
    book = PolicyBook(pool)
    assert await book.refresh()
    assert [isinstance(one, Policy) for one in book.versions.values()].count(True) == 1
    assert book.rules(7) == compile_policy(bundle, 7).rules
