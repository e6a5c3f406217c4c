"""A position says that everything before it has reached its end."""

from dataclasses import dataclass

from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from gridward.domain.commands import Position
from stream.progress import Progress

HERE = TP("incident.reports", 3)


@dataclass(frozen=True)
class At:
    offset: int
    topic: str = HERE.topic
    partition: int = HERE.partition


def test_a_position_is_what_comes_next() -> None:
    progress = Progress()
    progress.begin(HERE, 10)
    assert progress.after([At(10), At(11)]) == [Position(*HERE, 12)]


def test_nothing_is_passed_beyond_a_hole() -> None:
    progress = Progress()
    progress.begin(HERE, 10)
    assert progress.after([At(10), At(12)]) == [Position(*HERE, 11)]
    assert progress.after([At(12)]) == []


def test_a_hole_that_was_filled_later_is_none() -> None:
    progress = Progress()
    progress.begin(HERE, 10)
    progress.done(progress.after([At(12), At(10)]))
    assert progress.after([At(11), At(12)]) == [Position(*HERE, 13)]


def test_what_came_twice_does_not_count_twice() -> None:
    progress = Progress()
    progress.begin(HERE, 10)
    progress.done(progress.after([At(10), At(11)]))
    assert progress.after([At(10), At(11)]) == []


def test_each_partition_has_its_own() -> None:
    progress = Progress()
    progress.begin(HERE, 10)
    other = TP(HERE.topic, 4)
    progress.begin(other, 7)
    assert progress.after([At(7, partition=4), At(11)]) == [Position(*other, 8)]


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=6), max_size=30))
def test_whatever_comes_in_whatever_order_a_position_has_no_hole_behind_it(batches: list[list[int]]) -> None:
    progress, seen = Progress(), set[int]()
    progress.begin(HERE, 0)
    for offsets in batches:
        seen |= set(offsets)
        positions = progress.after([At(offset) for offset in offsets])
        for position in positions:
            assert set(range(position.next_offset)) <= seen
        progress.done(positions)
