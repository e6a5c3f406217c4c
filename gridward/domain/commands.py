"""What is asked of incidents, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gridward.domain.draft import Actor, When
from gridward.domain.effects import Effect
from gridward.domain.errors import Refused
from gridward.domain.events import Event
from gridward.domain.incident import Card, Incident


@dataclass(frozen=True, slots=True)
class Sealed:
    """A reporter's personal fields, encrypted; `caller_hash` finds earlier matters of the same phone."""

    key_id: str
    ciphertext: bytes
    caller_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is written once about a new incident. `text` has phone and ID numbers masked."""

    number: str
    card: Card
    text: str
    address: str | None = None
    accuracy_m: float | None = None
    external: Mapping[str, Any] | None = None
    flags: tuple[str, ...] = ()
    boundary_version: int = 0
    policy_version: int = 0
    why: Mapping[str, Any] | None = None
    sealed: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """`by`: who does it where that is not the command's actor, such as the machine what follows of itself."""

    incident_id: str
    event: Event
    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """Moves that happen together or not at all, once for each `key`.

    `seen_version` is the decision version that a person saw of the first incident. `read` are incidents whose journals,
    up to the number that they had then, the moves were worked out from: who joined since would be overlooked.
    `opens` makes the first move's incident. `if_other_body` happens instead when the key was handled with another
    `body_hash`. A command without a body hash is fenced by its event and leaves no key behind.
    """

    key: str
    moves: tuple[Move, ...]
    actor: Actor
    when: When
    body_hash: bytes = b""
    seen_version: int | None = None
    read: tuple[Incident, ...] = ()
    opens: Facts | None = None
    if_other_body: Event | None = None


@dataclass(frozen=True, slots=True)
class Handled:
    """A key that was handled before: for which incident, and what its body hashed to."""

    incident_id: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Applied:
    incident: Incident


@dataclass(frozen=True, slots=True)
class Repeated:
    """The key was handled before; nothing changed now."""

    incident_id: str
    same_body: bool


Outcome = Applied | Repeated | Refused


@dataclass(frozen=True, slots=True)
class Position:
    """The offset that a consumer of this partition has yet to read. `log`: of which Kafka cluster, if known."""

    topic: str
    partition: int
    next_offset: int
    log: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an incident's journal, numbered without holes. `at` is when it was done."""

    incident_id: str
    no: int
    event: Event
    data: Mapping[str, Any]
    at: datetime
    received_at: datetime
    actor: Actor
    command: str


@dataclass(frozen=True, slots=True)
class Step:
    """One decision that was taken: the incident after it, its journal line, and what must follow."""

    incident: Incident
    entry: Entry
    effects: tuple[Effect, ...]


class NotFound(Refused):
    """There is no such incident."""


class Stale(Refused):
    """The incident has moved since the person looked; `incident` is what it is now."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"{incident.number} has changed since you looked: it is {incident.status} now")
        self.incident = incident


class Overtaken(Refused):
    """The journal of an incident went on after it was read for this command: read again and work it out anew."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"{incident.number} has gone on since it was read")


class OtherBody(Refused):
    """The same id came before with another body."""
