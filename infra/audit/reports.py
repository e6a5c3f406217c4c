"""Every message that the worker has passed is an incident, a conflict at the desk, or a dead letter."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from gridward.domain.errors import Refused
from gridward.domain.events import Doubt
from gridward.reports import Report, from_bytes
from infra.audit.finding import Finding
from infra.audit.scene import Bus, Scene
from infra.kafka_log import Record

CHUNK = 2000

_CONFLICTS = "SELECT incident_id, asked FROM tasks WHERE $1 = ANY(doubts)"
_HANDLED = """
    SELECT h.key, h.incident_id, h.body_hash, i.id IS NOT NULL AS exists
    FROM handled h LEFT JOIN incidents i ON i.id = h.incident_id WHERE h.key = ANY($1)
"""


async def reports(scene: Scene, bus: Bus) -> Finding:
    """Messages up to the worker's positions have their end; those beyond are in flight, and not for long."""
    finding = Finding("reports", "受理的上报无一丢失 / every accepted report has its end")
    note_deleted(finding, scene, bus)
    judge = Judge(finding, scene, bus)
    await judge.prepare()
    start = {place: bus.after.begins[place] for place in bus.intake()}
    end = {place: bus.before.ends[place] for place in bus.intake()}
    for records in chunks(bus.log.read(start, end), CHUNK):
        await judge.weigh(records)
    judge.conclude()
    return finding


def note_deleted(finding: Finding, scene: Scene, bus: Bus) -> None:
    """Say what retention has deleted, and accuse where it was deleted before it was handled."""
    deleted = 0
    for place in bus.intake():
        begin, position = bus.after.begins[place], scene.positions.get(place, 0)
        deleted += begin
        if position < begin:
            finding.add(
                f"{place[0]}:{place[1]}:{position}",
                f"至 {begin - 1} 号未经处置即过保留期 / deleted before they were handled",
            )
    if deleted:
        finding.notes.append(f"{deleted} 条已过保留期，无从核对 / deleted by retention, cannot be checked")


class Judge:
    """Weighs chunk after chunk of messages against the snapshot."""

    def __init__(self, finding: Finding, scene: Scene, bus: Bus) -> None:
        self.finding = finding
        self.scene = scene
        self.bus = bus
        self.dead: set[str] = set()
        self.conflicts: set[tuple[str, str]] = set()
        self.counts = {"repeated": 0, "conflicts": 0, "dead": 0, "in_flight": 0}
        self.seen: set[str] = set()

    async def prepare(self) -> None:
        """Dead letters are written before their position is passed: Kafka after the snapshot has them all."""
        topic = self.bus.topics.dead
        begins, ends = self.bus.of(topic, self.bus.after.begins), self.bus.of(topic, self.bus.after.ends)
        self.dead = {(r.key or b"").decode("utf-8", "replace") for r in self.bus.log.read(begins, ends)}
        rows = await self.scene.connection.fetch(_CONFLICTS, Doubt.CONFLICT)
        self.conflicts = {(str(row["incident_id"]), row["asked"]) for row in rows}

    async def weigh(self, records: Iterable[Record]) -> None:
        passed: list[tuple[Record, Report | None]] = []
        for record in records:
            self.finding.looked_at += 1
            if record.offset >= self.scene.positions.get(record.place, 0):
                self.in_flight(record)
            else:
                passed.append((record, report_of(record)))
        known = await self.handled(report for _, report in passed if report)
        for record, report in passed:
            if letter_key(record) in self.dead:
                self.counts["dead"] += 1
            elif report is None:
                self.finding.add(letter_key(record), "不是上报，也不在死信中 / no report, and no dead letter")
            else:
                self.settle(record, report, known)

    async def handled(self, reports: Iterable[Report]) -> Mapping[str, tuple[str, bytes]]:
        """Report id -> its incident, which exists, and the body hash it was handled with."""
        rows = await self.scene.connection.fetch(_HANDLED, [f"report:{report.id}" for report in reports])
        return {
            row["key"].removeprefix("report:"): (str(row["incident_id"]), row["body_hash"])
            for row in rows
            if row["exists"]
        }

    def settle(self, record: Record, report: Report, known: Mapping[str, tuple[str, bytes]]) -> None:
        before = known.get(report.id)
        if before is None:
            self.finding.add(
                report.id, f"已受理（{letter_key(record)}）而无事件、无死信 / accepted, and lost"
            )
            return
        incident_id, body_hash = before
        if body_hash != report.body_hash:
            self.counts["conflicts"] += 1
            if (incident_id, report.body_hash.hex()) not in self.conflicts:
                self.finding.add(report.id, "同号异文未交派单席 / another body, not put to the desk")
        elif report.id in self.seen:
            self.counts["repeated"] += 1
        self.seen.add(report.id)

    def in_flight(self, record: Record) -> None:
        self.counts["in_flight"] += 1
        if record.at < self.scene.late:
            age = (self.scene.now - record.at).total_seconds()
            report = report_of(record)
            self.finding.add(
                report.id if report else letter_key(record), f"受理 {age:.0f} 秒未处置 / still in flight"
            )

    def conclude(self) -> None:
        counts = self.counts
        self.finding.notes.append(
            f"上报 {len(self.seen)}，重复送达 {counts['repeated']}，同号异文 {counts['conflicts']}，"
            f"死信 {counts['dead']}，在途 {counts['in_flight']}"
            " / reports, repeats, conflicts, dead letters, in flight"
        )


def letter_key(record: Record) -> str:
    """The key that a message has as a dead letter."""
    return f"{record.topic}:{record.partition}:{record.offset}"


def report_of(record: Record) -> Report | None:
    try:
        return from_bytes(record.value)
    except Refused:
        return None


def chunks(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    while chunk := list(islice(records, size)):
        yield chunk
