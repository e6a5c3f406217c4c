"""The benchmark measures every part on a real system, and a part that fails costs no other its figures."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.bench.figures import Figure, figure
from infra.bench.profile import IDLE, LOOP, OTHER, part_of, refused, shares
from infra.bench.sections import SECTIONS, Result, Section, Size, measure
from infra.commands.bench import prepare, table, write
from infra.stack.kafka import TEST_BROKER
from infra.stack.postgres import TEST_SETTINGS
from infra.stack.system import System

# More reports than one batch of the worker takes: a rate needs two commits.
TINY = Size(runs=1, reports=900, seconds=2, armed=400, places=1_000)


@pytest.fixture
def system() -> Iterator[System]:
    root = Path(tempfile.mkdtemp(prefix="gridward-bench-test-", dir="/var/tmp"))
    root.chmod(0o755)
    try:
        with System(root, {**TEST_SETTINGS, "track_commit_timestamp": "on"}, TEST_BROKER) as system:
            prepare(system)
            yield system
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.mark.postgres
@pytest.mark.kafka
def test_every_part_measures_something(system: System, tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    result = measure(system, TINY, SECTIONS, lambda line: None, lambda result: write(out, result))
    forbidden = "CAP_SYS_PTRACE" in result.failed.get(
        "profile", ""
    )  # by this machine, to look into processes
    assert result.failed.keys() == ({"profile"} if forbidden else set()), result.failed
    assert list(result.methods) == ["locate", "throughput", "live", "deadlines", "memory", "profile"]
    names = [one.name for one in result.figures]
    for part in (
        "locate in 7,701",
        "ours / PostGIS",
        "worker, Faust",
        "live stream, p99",
        "lag, p99 (400 armed",
        "memory of",
    ):
        assert any(part in name for name in names), f"{part}: {names}"
    assert all(one.median >= 0 for one in result.figures)
    looked_at = sum(one.median for one in result.figures if one.name.startswith("worker's time"))
    assert looked_at == (0 if forbidden else pytest.approx(100))
    assert len(json.loads(out.read_text())["figures"]) == len(names) == table(result.figures).row_count


def test_a_part_that_fails_is_named_and_costs_no_other_its_figures(tmp_path: Path) -> None:
    def works(system: System, size: Size) -> list[Figure]:
        return [figure("one", "s", [1.0])]

    def fails(system: System, size: Size) -> list[Figure]:
        raise RuntimeError("null value in column")

    out = tmp_path / "bench.json"
    noted: list[dict[str, object]] = []

    def note(result: Result) -> None:
        write(out, result)
        noted.append(json.loads(out.read_text()))

    sections = [Section(name, name, "", fails if name == "b" else works) for name in "abc"]
    with_nothing = System(tmp_path / "never started")
    result = measure(with_nothing, TINY, sections, lambda line: None, note)
    assert [len(one["figures"]) for one in noted] == [1, 1, 2]  # type: ignore[arg-type]
    assert noted[-1]["failed"] == result.failed == {"b": "RuntimeError: null value in column"}


@pytest.mark.parametrize(
    ("stack", "part"),
    [
        ("main (stream/__main__.py:50);run (uvloop/__init__.py:92);run (asyncio/runners.py:118)", LOOP),
        (
            "x (asyncio/runners.py:118);work (stream/desk.py:60);encode (json/encoder.py:1)",
            "triage (delivery",
        ),
        ("work (stream/desk.py:60);handle (gridward/handle.py:40);replace (dataclasses.py:3)", "handle"),
        ("x (gridward/store/postgres.py:9);executemany (asyncpg/connection.py:300)", "asyncpg"),
        ("x (mode/services.py:1);hand_over (stream/transport.py:60)", "transport"),
        ("x (gridward/domain/decide.py:1);y (stream/app.py:1);z (mode/utils/queues.py:7)", "Faust"),
        ("_bootstrap (threading.py:1002)", OTHER),
    ],
)
def test_a_sample_belongs_to_the_innermost_part(stack: str, part: str) -> None:
    assert part_of(stack.split(";")).startswith(part)


def test_what_was_not_seen_was_idle_and_other_threads_do_not_count() -> None:
    stacks = [
        "thread (7): MainThread;run (asyncio/runners.py:118);x (asyncpg/pool.py:1) 30",
        "thread (8): uvloop_0;_worker (concurrent/futures/thread.py:81) 500",
    ]
    found = {one.name.removeprefix("worker's time: "): one.median for one in shares(stacks, 120.0)}
    assert found == {IDLE: 75.0, "asyncpg": 25.0}


def test_a_machine_that_forbids_sampling_is_one_clear_line() -> None:
    trouble = refused("Error: Permission Denied: Try running again with elevated permissions\n")
    assert "CAP_SYS_PTRACE" in str(trouble)
    assert "\n" not in str(trouble)
