"""The keys that personal data is sealed under: one for each day on the bus, one at rest, two for hashes.

A key is a file of 32 random bytes in one folder that both processes share. Destroying a day's key makes
everything that was sealed on that day unreadable, wherever a copy of it lies.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gridward.clock import Clock
from gridward.domain.commands import Sealed
from gridward.domain.errors import Refused, Unavailable
from gridward.domain.personal import mask_text, plain
from gridward.domain.rules import CHINA

KEY_BYTES = 32
NONCE_BYTES = 12
AT_REST = "rest"
_DATED = re.compile(r"reports-(\d{4}-\d{2}-\d{2})")


class KeyRing:
    """Seals and opens personal fields (AES-256-GCM), and makes keyed hashes (HMAC-SHA256).

    Whatever needs a key raises `Unavailable` while its file can be neither read nor made.
    """

    def __init__(self, key_dir: Path, clock: Clock) -> None:
        self.dir = key_dir
        self.clock = clock
        self._keys: dict[str, bytes] = {}

    def seal(self, mapping: Mapping[str, Any], phone: str | None = None) -> Sealed:
        """Encrypt under today's key (today in Asia/Shanghai); `phone` becomes the hash that finds a caller again."""
        day = self.clock.now().astimezone(CHINA).date()
        caller = self.caller_hash(phone) if phone else None
        return self._seal(f"reports-{day}", orjson.dumps(mapping), caller)

    def open_sealed(self, sealed: Sealed) -> dict[str, Any]:
        """What was sealed. Raises `Refused` when its key was destroyed or the ciphertext was changed."""
        data: dict[str, Any] = orjson.loads(self._open(sealed))
        return data

    def reseal_at_rest(self, sealed: Sealed) -> Sealed:
        """The same under the key at rest, which outlives the days of the bus. Raises `Refused`."""
        return self._seal(AT_REST, self._open(sealed), sealed.caller_hash)

    def destroy_older_than(self, day: date) -> list[str]:
        """Destroy the dated keys of earlier days; their ids. What they sealed can never be read again."""
        destroyed: list[str] = []
        for path in sorted(self.dir.glob("reports-*.key")):
            dated = _DATED.fullmatch(path.stem)
            if dated and date.fromisoformat(dated[1]) < day:
                path.write_bytes(bytes(KEY_BYTES))
                path.unlink()
                self._keys.pop(path.stem, None)
                destroyed.append(path.stem)
        return destroyed

    def caller_hash(self, phone: str) -> bytes:
        """The same for one phone however it is written; nothing without the key, since phones are few."""
        return hmac.digest(self._key("caller"), plain(phone).encode(), hashlib.sha256)

    def reference(self, person: str, matter: str) -> str:
        """What stands for a person within one matter: who sees two of them cannot tell whether it is one person.

        A phone number gives the same one however it is written.
        """
        found = mask_text(person).found
        who = plain(found[0].original) if found else person.strip()
        digest = hmac.digest(self._key("caller"), f"{matter}\n{who}".encode(), hashlib.sha256)
        return f"reporter:{digest.hex()[:16]}"

    def person(self, id: str) -> str:
        """Somebody of ours by their id; where that is a phone or identity number, masked, with a few digits of a
        keyed digest behind it, since many numbers look alike once they are masked.
        """
        masked = mask_text(id)
        if not masked.found:
            return id
        who = "\n".join(plain(one.original) for one in masked.found)
        digest = hmac.digest(self._key("caller"), f"person\n{who}".encode(), hashlib.sha256)
        return f"{masked.text}~{digest.hex()[:8]}"

    def body_hash(self, body: bytes) -> bytes:
        """The same for JSON of the same meaning: neither white space nor the order of keys counts.

        Keyed, because a hash alone would let whoever sees it try out phone numbers.
        """
        canonical = orjson.dumps(_same_numbers(orjson.loads(body)), option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self._key("body"), canonical, hashlib.sha256)

    def _seal(self, key_id: str, plaintext: bytes, caller: bytes | None) -> Sealed:
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(self._key(key_id)).encrypt(nonce, plaintext, key_id.encode())
        return Sealed(key_id, nonce + cipher, caller)

    def _open(self, sealed: Sealed) -> bytes:
        key_id = sealed.key_id
        if key_id != AT_REST and not _DATED.fullmatch(key_id):
            raise Refused(f"there is no key of the name {key_id!r}")
        # Looked for each time: the other process may have destroyed it.
        with _disk_errors():
            is_there = self._path(key_id).exists()
        if not is_there:
            self._keys.pop(key_id, None)
            raise Refused(f"the key {key_id} was destroyed: what it sealed cannot be read any more")
        nonce, cipher = sealed.ciphertext[:NONCE_BYTES], sealed.ciphertext[NONCE_BYTES:]
        try:
            return AESGCM(self._key(key_id)).decrypt(nonce, cipher, key_id.encode())
        except (InvalidTag, ValueError) as error:
            raise Refused(f"sealed data does not fit the key {key_id}") from error

    def _key(self, key_id: str) -> bytes:
        key = self._keys.get(key_id)
        if key is None:
            with _disk_errors():
                key = self._keys[key_id] = _load_or_make(self._path(key_id))
        return key

    def _path(self, key_id: str) -> Path:
        return self.dir / f"{key_id}.key"


@contextmanager
def _disk_errors() -> Iterator[None]:
    """A full disk or a folder that may not be entered passes once somebody has seen to it."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the folder of the keys cannot be used: {error.strerror or error}") from error


def _load_or_make(path: Path) -> bytes:
    """Read the key, or make it: whole and private from the first moment, the same one for whoever races us.

    Raises `OSError`, and then leaves nothing half-written behind.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
        try:
            _write_key(fresh)
            os.link(fresh, path)
        except FileExistsError:
            pass  # another process was faster: its key counts
        finally:
            fresh.unlink(missing_ok=True)
        _sync_folder(path.parent)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Refused(f"{path.name} is no key: it has {len(key)} bytes instead of {KEY_BYTES}")
    return key


def _write_key(path: Path) -> None:
    with open(path, "xb", opener=_private) as file:
        file.write(os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """A key that a power cut loses would take what it sealed with it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _same_numbers(value: Any) -> Any:
    """1.0 and 1 mean the same."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {key: _same_numbers(inner) for key, inner in value.items()}
        case list():
            return [_same_numbers(inner) for inner in value]
        case _:
            return value
