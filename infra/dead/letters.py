"""The dead letters (死信): messages that could never be handled, with the reason, and whether they were replayed.

The topic is the whole record. A message that was set aside lies there under the key "topic:partition:offset"
of the original. A replay writes a marker under the same key; the letter then counts as replayed.
A message that fails again comes as a letter of its own, since its copy has an offset of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson

from gridward.bus import DEAD, full_name
from gridward.domain.personal import mask_text
from infra.kafka_log import KafkaLog, Record

REPLAYED = "replayed"
EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter. `value` and `original_key` are the original's bytes, `failed_before` its earlier key."""

    key: str
    reason: str
    topic: str
    set_aside_at: datetime
    value: bytes
    original_key: bytes | None
    failed_before: str | None
    replayed_at: datetime | None = None

    @property
    def excerpt(self) -> str:
        """The first characters of the report's text, or of whatever came; numbers of people masked."""
        return text_of(self.value)[:EXCERPT]


def read_letters(log: KafkaLog, prefix: str) -> list[Letter]:
    """Every letter, oldest first. Raises `Unavailable`."""
    places = log.places([full_name(DEAD, prefix)])
    return letters_of(log.read(log.begins(places), log.ends(places)))


def letters_of(records: Iterable[Record]) -> list[Letter]:
    """Put letters and their markers together. A message set aside twice, as happens in a crash, is one letter."""
    letters: dict[str, Letter] = {}
    replayed: dict[str, datetime] = {}
    for record in records:
        key = (record.key or b"").decode("utf-8", "replace")
        if record.header(REPLAYED) is not None:
            replayed[key] = record.at
        else:
            letters[key] = letter_of(key, record)
    return [
        Letter(
            letter.key,
            letter.reason,
            letter.topic,
            letter.set_aside_at,
            letter.value,
            letter.original_key,
            letter.failed_before,
            replayed.get(letter.key),
        )
        for letter in letters.values()
    ]


def letter_of(key: str, record: Record) -> Letter:
    original_key = next((value for name, value in record.headers if name == "key"), None)
    return Letter(
        key,
        record.header("reason") or "",
        record.header("topic") or key.rsplit(":", 2)[0],
        record.at,
        record.value or b"",
        original_key,
        record.header("replay_of"),
    )


def text_of(value: bytes) -> str:
    """What people wrote, or the raw message; phone and identity numbers masked, control characters visible."""
    try:
        data = orjson.loads(value)
        text = str(data["text"])
    except (ValueError, KeyError, TypeError):
        text = value.decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "·" for c in mask_text(text).text)
