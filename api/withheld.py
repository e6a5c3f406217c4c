"""Which other incidents one names where it is shown, and which of them whoever handles it may not know of.

Every view of an incident is made with `hidden`, the ids that it leaves out: in lists, answers and details, and on the
live stream. What was named while it was ordinary may have become sensitive since, so it is asked whenever one is shown.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from gridward.domain.errors import Unavailable
from gridward.logs import get_logger
from gridward.store.held import Reading, hidden_from

LOOK_WITHIN = 1.0  # seconds: somebody waits for the answer, and all readers for the live stream

# entry of the journal -> where it names other incidents
NAMED: dict[str, str] = {
    "merged": "into",
    "rejoined": "into",
    "child_joined": "child",
    "child_left": "child",
    "linked": "earlier",
    "linked_by": "later",
    "raised": "by",
}

Bare = Mapping[str, Any]  # `gridward.wire.summary`, also after it went through Kafka
Entry = Mapping[str, Any]

log = get_logger(__name__)


def others_in(journal: Sequence[Entry]) -> list[str]:
    """Ids of the incidents that the journal names, each once."""
    return list(dict.fromkeys(id for entry in journal for id in named_by(entry)))


def named_by(entry: Entry) -> Iterator[str]:
    """Ids of the other incidents that an entry of the journal is about."""
    found = entry["event"].get(NAMED.get(entry["type"], ""))
    if isinstance(found, str):
        yield found
    elif found is not None:
        yield from found


def reading_of(bare: Bare, journal: Sequence[Entry] = (), more: Collection[str] = ()) -> Reading:
    """Who reads this, and the incidents that it names; `more` are those that it names elsewhere."""
    tasks = bare["tasks"]
    named = [*bare.get("likely_repeats", ()), bare.get("merged_into"), *(task.get("asked") for task in tasks)]
    ids = frozenset(id for id in (*named, *others_in(journal), *more) if _is_id(id))
    return Reading(bare["sensitive"], frozenset(task["unit"] for task in tasks), ids)


def summary_without(bare: Bare, hidden: Collection[str]) -> dict[str, Any]:
    """The same summary, naming none of these incidents."""
    return {
        **bare,
        "likely_repeats": [id for id in bare.get("likely_repeats", ()) if id not in hidden],
        "merged_into": _unless(hidden, bare.get("merged_into")),
        "graver": _graver(hidden, bare.get("graver")),
        # What a task of the desk was asked for is the graver report, where that alarmed it.
        "tasks": [{**task, "asked": _unless(hidden, task.get("asked"))} for task in bare["tasks"]],
    }


def fields_without(type_: str, fields: Mapping[str, Any], hidden: Collection[str]) -> Mapping[str, Any]:
    """The fields of an entry of this type, naming none of these incidents."""
    field = NAMED.get(type_, "")
    named = fields.get(field)
    if named is None:
        return fields
    if isinstance(named, str):
        is_hidden = named in hidden
        # The words of danger by which it raised another are its text.
        words = {"words": ""} if is_hidden and fields.get("words") else {}
        return {**fields, field: None if is_hidden else named, **words}
    return {**fields, field: [id for id in named if id not in hidden]}


async def withheld(readings: Sequence[Reading], pool: asyncpg.Pool) -> list[Collection[str]]:
    """For each reading what it may not name. All that it would name, while nobody can say: what was done stands, and an
    answer that names too little is put right by the next one.
    """
    if not any(reading.names for reading in readings):
        return [frozenset() for _ in readings]
    try:
        async with asyncio.timeout(LOOK_WITHIN):
            return list(await hidden_from(pool, readings))
    except (Unavailable, TimeoutError) as error:
        log.warning("no other incident is named: who may know of it is not to be read", reason=str(error))
        return [reading.names for reading in readings]


def _graver(hidden: Collection[str], graver: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What made it graver, with its words; nothing of a hidden report. Events from before it was told have none."""
    return None if graver is None or graver["by"] in hidden else graver


def _unless(hidden: Collection[str], id: Any) -> Any:
    return None if id in hidden else id


def _is_id(value: Any) -> bool:
    try:
        return bool(str(UUID(value)) == value)
    except (TypeError, ValueError, AttributeError):
        return False
