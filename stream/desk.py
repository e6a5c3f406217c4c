"""The work of a triage agent: messages in, one transaction, reasons for what had to be set aside."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from gridward.bus import DEAD, full_name
from gridward.clock import Clock
from gridward.crypto import KeyRing
from gridward.domain.commands import Applied, Command, Outcome, Position, Repeated, Sealed
from gridward.domain.draft import When
from gridward.domain.errors import Refused
from gridward.domain.transitions import Status
from gridward.handle import RulesOf, handle
from gridward.logs import get_logger
from gridward.metrics import dead_letters, report_age, triage_batch, triage_seconds, triaged
from gridward.policy.classify import Classification, classify
from gridward.policy.policy import Policy
from gridward.reports import Report, from_bytes
from gridward.store.number_blocks import Numbers
from gridward.store.policy_book import PolicyBook
from gridward.store.postgres import PostgresStore, PostgresWork
from gridward.store.unit_of_work import Begin
from stream.batches import Event
from stream.boundaries import BoundaryBook
from stream.joining import join_repeats
from stream.producer import Outgoing, Producer
from stream.progress import Progress
from stream.second_opinion import SecondOpinion
from stream.triage import incident_id_of, triage

log = get_logger(__name__)

ENDS = {Status.QUEUED: "queued", Status.MERGED: "joined"}  # of triage; all else is dispatched


def within(work: PostgresWork) -> Begin:
    """A beginning that goes on with an open transaction, which somebody else ends."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[PostgresWork]:
        yield work

    return begin


class TriageDesk:
    """Everything that a batch of reports needs on its way to committed incidents."""

    def __init__(
        self,
        store: PostgresStore,
        policies: PolicyBook,
        boundaries: BoundaryBook,
        keys: KeyRing,
        producer: Producer,
        topic_prefix: str,
        clock: Clock,
        committed: Callable[[], None],
        progress: Progress | None = None,
        second: SecondOpinion | None = None,
    ) -> None:
        self.store = store
        self.policies = policies
        self.boundaries = boundaries
        self.keys = keys
        self.producer = producer
        self.dead_topic = full_name(DEAD, topic_prefix)
        self.clock = clock
        self.committed = committed  # tells the outbox that there is something to carry
        self.progress = progress or Progress()
        self.second = second
        self.numbers: Numbers | None = None

    async def work(self, events: Sequence[Event]) -> list[Refused | None]:
        """Triage and commit these messages; for each that is none of ours, why. The consumer's positions
        commit with them when there is no such one. Raises `Unavailable`.
        """
        with triage_seconds.time():
            parsed = [parse(event) for event in events]
            reports = [report for report in parsed if isinstance(report, Report)]
            policy = self.policies.current  # one for the whole batch, whatever is published meanwhile
            commands = await self.commands(reports, policy)
            positions = self.positions_after(events) if len(reports) == len(events) else []
            rules_of = self.policies.as_of(policy.version)
            outcomes = await self.commit(commands, said_of(reports), policy, rules_of, positions)
        if not any(isinstance(outcome, Refused) for outcome in outcomes):
            self.progress.done(positions)
        self.committed()
        self.measure(reports, outcomes)
        outcome_of = iter(outcomes)
        return [reason_of(one if isinstance(one, Refused) else next(outcome_of)) for one in parsed]

    async def commit(
        self,
        commands: Sequence[Command],
        said: Mapping[str, str],
        policy: Policy,
        rules_of: RulesOf,
        positions: Sequence[Position],
    ) -> list[Outcome]:
        """Repeats are looked for in the transaction that saves what is new. Raises `Unavailable`."""
        async with self.store.begin() as work:
            commands = await join_repeats(commands, work.connection, policy, said)
            return await handle(commands, within(work), rules_of, positions)

    async def pass_on(self, events: Sequence[Event]) -> None:
        """Record the positions behind messages that were set aside. Raises `Unavailable`."""
        positions = self.positions_after(events)
        await handle([], self.store.begin, self.policies.rules, positions)
        self.progress.done(positions)

    def positions_after(self, events: Sequence[Event]) -> list[Position]:
        return self.progress.after(event.message for event in events)

    async def commands(self, reports: Sequence[Report], policy: Policy) -> list[Command]:
        now = self.clock.now()
        numbers = await self.take_numbers(len(reports))
        resealed = [self.reseal(report.sealed) for report in reports]
        classes = await self.classes([report.text for report in reports], policy)
        gazetteer = self.boundaries.gazetteer(policy)
        when = When(now, now)
        return triage(reports, policy, self.boundaries.current, numbers, resealed, when, classes, gazetteer)

    async def classes(self, texts: Sequence[str], policy: Policy) -> Sequence[Classification]:
        found = classify(texts, policy)
        return await self.second.ask(texts, found, policy) if self.second else found

    async def take_numbers(self, count: int) -> list[str]:
        county = self.boundaries.county
        if self.numbers is None or self.numbers.county != county:
            self.numbers = Numbers(self.store.pool, county)
        return await self.numbers.take(count, self.clock.now())

    def reseal(self, sealed: Sealed | None) -> Sealed | None:
        """From the dated key of the topic to the key of the table that rests; None when it was destroyed.

        A report is not refused for that: what happened counts without the reporter's name.
        """
        try:
            return self.keys.reseal_at_rest(sealed) if sealed else None
        except Refused as gone:
            log.warning("personal_data_unreadable", reason=str(gone))
            return None

    async def set_aside(self, event: Event, reason: str) -> None:
        """Put a message on the dead letter topic, as it came, with the reason. Raises `Unavailable`."""
        message = event.message
        headers = [
            ("reason", reason[:2000].encode()),
            ("topic", message.topic.encode()),
            ("partition", str(message.partition).encode()),
            ("offset", str(message.offset).encode()),
            ("set_aside_at", self.clock.now().isoformat().encode()),
            *original_headers(message),
        ]
        key = f"{message.topic}:{message.partition}:{message.offset}".encode()
        await self.producer.deliver(self.dead_topic, [Outgoing(key, message.value or b"", headers)])
        dead_letters.labels(message.topic).inc()
        log.warning("set_aside", topic=message.topic, offset=message.offset, reason=reason)

    def measure(self, reports: Sequence[Report], outcomes: Sequence[Outcome]) -> None:
        now = self.clock.now()
        triage_batch.observe(len(reports))
        ends: dict[str, list[str]] = {}
        for report, outcome in zip(reports, outcomes, strict=True):
            if isinstance(outcome, Applied):
                end = ENDS.get(outcome.incident.status, "dispatched")
                ends.setdefault(end, []).append(outcome.incident.id)
                report_age.observe((now - report.received_at).total_seconds())
            elif isinstance(outcome, Repeated):
                end = "repeated" if outcome.same_body else "conflicted"
                ends.setdefault(end, []).append(outcome.incident_id)
        for end, incidents in ends.items():
            triaged.labels(end).inc(len(incidents))
        # One line for a batch: a line for each incident would cost a tenth of the throughput.
        if ends:
            log.info("triaged", **ends)


def said_of(reports: Sequence[Report]) -> dict[str, str]:
    """By the incident that each report opens, the one that its reporter says it is about."""
    return {incident_id_of(report.id): report.same_as for report in reports if report.same_as}


def original_headers(message: Any) -> list[tuple[str, bytes]]:
    """What a replay needs: the original's key, and which letter it was a replay of itself."""
    found = [("key", message.key)] if message.key is not None else []
    headers = dict(message.headers or ())
    return found + [(name, headers[name]) for name in ("replay_of",) if name in headers]


def parse(event: Event) -> Report | Refused:
    try:
        return from_bytes(event.message.value)
    except Refused as refusal:
        return refusal


def reason_of(outcome: Outcome) -> Refused | None:
    return outcome if isinstance(outcome, Refused) else None
