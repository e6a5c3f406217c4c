"""Sealed data is read with its key, and never again without it."""

import errno
import multiprocessing
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gridward.crypto import KeyRing
from gridward.domain.commands import Sealed
from gridward.domain.errors import Refused, Unavailable
from gridward.testing import ManualClock

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PERSON = {"name": "张三", "phone": "13812345678"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


@pytest.fixture
def ring(tmp_path: Path, clock: ManualClock) -> KeyRing:
    return KeyRing(tmp_path / "keys", clock)


def test_what_was_sealed_opens_in_another_process_with_the_same_folder(
    ring: KeyRing, clock: ManualClock
) -> None:
    sealed = ring.seal(PERSON, phone=PERSON["phone"])
    assert b"138" not in sealed.ciphertext
    assert KeyRing(ring.dir, clock).open_sealed(sealed) == PERSON


def test_each_day_in_china_has_its_own_key(ring: KeyRing, clock: ManualClock) -> None:
    assert ring.seal({}).key_id == "reports-2026-11-22"
    clock.advance(timedelta(hours=12, minutes=1))
    assert ring.seal({}).key_id == "reports-2026-11-23"


def test_a_destroyed_key_takes_its_day_with_it_and_no_other(ring: KeyRing, clock: ManualClock) -> None:
    other_process = KeyRing(ring.dir, clock)
    old = ring.seal(PERSON)
    assert other_process.open_sealed(old) == PERSON
    clock.advance(timedelta(days=1))
    new = ring.seal(PERSON)
    assert ring.destroy_older_than(date(2026, 11, 23)) == ["reports-2026-11-22"]
    for reader in (ring, other_process):
        with pytest.raises(Refused, match="destroyed"):
            reader.open_sealed(old)
    assert ring.open_sealed(new) == PERSON


def test_what_rests_outlives_the_days_key(ring: KeyRing, clock: ManualClock) -> None:
    at_rest = ring.reseal_at_rest(ring.seal(PERSON, phone=PERSON["phone"]))
    clock.advance(timedelta(days=60))
    ring.destroy_older_than(date(2027, 1, 1))
    assert at_rest.key_id == "rest"
    assert ring.open_sealed(at_rest) == PERSON
    assert at_rest.caller_hash == ring.caller_hash("+86 138-1234-5678")


def test_changed_or_misnamed_ciphertext_is_refused(ring: KeyRing) -> None:
    sealed = ring.seal(PERSON)
    broken = sealed.ciphertext[:-1] + bytes([sealed.ciphertext[-1] ^ 1])
    for bad in (Sealed(sealed.key_id, broken), Sealed(sealed.key_id, b"short"), Sealed("../body", b"x" * 40)):
        with pytest.raises(Refused):
            ring.open_sealed(bad)


def test_keys_are_private(ring: KeyRing) -> None:
    ring.seal(PERSON)
    assert {path.stat().st_mode & 0o777 for path in ring.dir.iterdir()} == {0o600}
    assert ring.dir.stat().st_mode & 0o777 == 0o700


def test_the_body_hash_goes_by_meaning(ring: KeyRing, tmp_path: Path, clock: ManualClock) -> None:
    one = ring.body_hash(b'{"a": 1, "b": {"c": [1, 2]}}')
    assert one == ring.body_hash(b'{"b":{"c":[1.0,2]},"a":1}')
    assert one != ring.body_hash(b'{"a": 1, "b": {"c": [2, 1]}}')
    assert one != KeyRing(tmp_path / "others", clock).body_hash(b'{"a": 1, "b": {"c": [1, 2]}}')


def _hash_in(folder: Path) -> bytes:
    return KeyRing(folder, ManualClock(NOON)).body_hash(b"{}")


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_hash_in, [tmp_path / "keys"] * 8))) == 1


def test_a_resident_has_one_reference_within_an_incident_and_another_in_the_next(ring: KeyRing) -> None:
    assert ring.reference("138 1234 5678", "one") == ring.reference("+8613812345678", "one")
    assert ring.reference("13812345678", "one") != ring.reference("13812345678", "other")
    assert ring.reference("张三", "one") != ring.reference("李四", "one")


def test_a_full_disk_is_a_passing_matter_and_leaves_nothing_half_written(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left"):
            ring.seal(PERSON)
        assert list(ring.dir.iterdir()) == []
    assert ring.open_sealed(ring.seal(PERSON)) == PERSON


def test_a_folder_that_cannot_be_used_is_a_passing_matter(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    with pytest.raises(Unavailable):
        KeyRing(tmp_path / "keys", clock).body_hash(b"{}")
