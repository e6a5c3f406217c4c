"""Kafka has every step of every incident, in order, or the outbox still holds it; and of no incident else."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from infra.audit.finding import Finding
from infra.audit.scene import Bus, Scene
from infra.kafka_log import Record

_INCIDENTS = "SELECT id, journal_no, updated_at FROM incidents ORDER BY id"
_OUTBOX = "SELECT incident_id, journal_no, payload FROM outbox ORDER BY id"


@dataclass(slots=True)
class Trail:
    """The steps of one incident that were seen on the topic: up to `last`, but for the holes."""

    last: int = 0
    before: int = 0  # the last one that lay there before the snapshot
    holes: list[tuple[int, int]] = field(default_factory=list)
    disorder: list[int] = field(default_factory=list)

    def see(self, first: int, last: int, whole: bool) -> None:
        """A message with the steps `first` to `last`. Not `whole`: earlier ones may be beyond retention."""
        if self.last == 0 and not whole:
            self.last = first - 1
        if last <= self.last:
            if any(low <= last <= high for low, high in self.holes):
                self.disorder.append(last)
            return
        if first > self.last + 1:
            self.holes.append((self.last + 1, first - 1))
        self.last = last


async def events(scene: Scene, bus: Bus) -> Finding:
    finding = Finding("events", "Kafka 与数据库一致 / events on Kafka agree with the database")
    trails: dict[str, Trail] = {}
    topic = bus.topics.events
    begins, ends = bus.of(topic, bus.after.begins), bus.of(topic, bus.after.ends)
    oldest = {place: scene.now for place, begin in begins.items() if begin}  # where some were deleted
    for record in bus.log.read(begins, ends):
        finding.looked_at += 1
        if begins[record.place] == record.offset and record.offset:
            oldest[record.place] = record.at
        follow(finding, bus, trails, record)
    await compare(finding, scene, trails, forgotten=max(oldest.values(), default=None))
    return finding


def follow(finding: Finding, bus: Bus, trails: dict[str, Trail], record: Record) -> None:
    """Add one message to its incident's trail."""
    where = f"{record.topic}:{record.partition}:{record.offset}"
    try:
        incident_id = str(record.header("ce_subject"))
        number = int((record.header("ce_id") or "").removeprefix(f"{incident_id}:"))
        entries = [entry["no"] for entry in orjson.loads(record.value or b"")["entries"]]
    except (ValueError, KeyError, TypeError):
        finding.add(where, "不是事件消息 / not an event of ours")
        return
    if record.key != incident_id.encode() or entries[-1:] != [number]:
        finding.add(where, "键、标识与内容不符 / key, id and body do not agree")
        return
    trail = trails.setdefault(incident_id, Trail())
    trail.see(entries[0], number, whole=bus.after.begins[record.place] == 0)
    if record.offset < bus.before.ends[record.place]:
        trail.before = max(trail.before, number)


async def compare(
    finding: Finding, scene: Scene, trails: dict[str, Trail], forgotten: datetime | None
) -> None:
    """Each incident's steps. Those not moved since `forgotten` may have none left on the topic."""
    waiting = await in_outbox(scene)
    beyond = 0
    known: dict[str, int] = {}
    async for row in scene.connection.cursor(_INCIDENTS, prefetch=5000):
        incident_id, last = str(row["id"]), row["journal_no"]
        known[incident_id] = last
        trail = trails.get(incident_id)
        if trail is None and forgotten and row["updated_at"] <= forgotten:
            beyond += 1
            continue
        trail = trail or Trail()
        gone = lost(trail, last, waiting.get(incident_id, set()))
        if gone:
            steps = ", ".join(map(str, gone))
            finding.add(incident_id, f"第 {steps} 步不在 Kafka，也不在发件箱 / neither sent nor waiting")
        if trail.disorder:
            finding.add(incident_id, f"第 {trail.disorder} 步乱序 / out of order")
    if beyond:
        finding.notes.append(f"{beyond} 个事件的消息已过保留期 / incidents whose events are beyond retention")
    accuse_strangers(finding, trails.items(), known)


async def in_outbox(scene: Scene) -> dict[str, set[int]]:
    """The steps of each incident that wait to be sent."""
    waiting: dict[str, set[int]] = {}
    async for row in scene.connection.cursor(_OUTBOX, prefetch=1000):
        entries = orjson.loads(row["payload"])["entries"]
        waiting.setdefault(str(row["incident_id"]), set()).update(entry["no"] for entry in entries)
    return waiting


def lost(trail: Trail, last: int, waiting: set[int]) -> list[int]:
    """Steps up to `last` that are neither on the topic nor in the outbox."""
    missing = [no for low, high in trail.holes for no in range(low, high + 1) if no not in trail.disorder]
    missing += range(trail.last + 1, last + 1)
    return [no for no in missing if no not in waiting and no <= last]


def accuse_strangers(finding: Finding, trails: Iterable[tuple[str, Trail]], known: dict[str, int]) -> None:
    """What lay on the topic before the snapshot was committed before it, too."""
    for incident_id, trail in trails:
        if trail.before and incident_id not in known:
            finding.add(incident_id, "Kafka 有消息而数据库无此事件 / events of an unknown incident")
        elif trail.before > known.get(incident_id, trail.before):
            finding.add(
                incident_id,
                f"Kafka 已到第 {trail.before} 步，数据库仅 {known[incident_id]} / Kafka is ahead of the database",
            )
