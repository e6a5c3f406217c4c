"""The Kafka topics as data: one row for each, with what it carries and how long it keeps it.

Everything that creates, reads or explains a topic starts from `TOPICS`; nobody spells a topic's name twice.
"""

from dataclasses import dataclass
from datetime import timedelta

REPORTS = "incident.reports"
URGENT = "incident.reports.urgent"
DEAD = "incident.reports.dead"
EVENTS = "incident.events"

# Reports are kept longer than the oldest backup (14 days), so that a restored database can be brought up to
# date from them. The dated key that their personal fields travel under is destroyed when this time is over.
REPORT_RETENTION = timedelta(days=30)
# How far back a live reader or a notification can be replayed; beyond it a reader starts from a snapshot.
EVENT_RETENTION = timedelta(days=30)

# The worker's consumer group (with the settings' prefix before it): its lag is the work that waits.
WORKER_GROUP = "gridward-worker"

_DAY_MS = 86_400_000
_MIB = 1 << 20
# What Kafka takes at most in one message; our own producers may send as much.
LARGEST = 4 * _MIB


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: `retention` None keeps its messages for ever. `largest`: bytes of one message."""

    name: str
    partitions: int
    retention: timedelta | None
    meaning: str
    meaning_zh: str
    largest: int = _MIB

    def config(self) -> dict[str, str]:
        """The broker's settings for this topic, durations in milliseconds.

        The broker only ever deletes closed segments, and a quiet topic would not close one for a week: the
        daily roll makes the stated retention true to a day.
        """
        retention_ms = -1 if self.retention is None else int(self.retention.total_seconds() * 1000)
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(retention_ms),
            "retention.bytes": "-1",
            "segment.ms": str(_DAY_MS),
            "max.message.bytes": str(self.largest),
        }


TOPICS: tuple[Topic, ...] = (
    Topic(REPORTS, 8, REPORT_RETENTION, "reports as accepted at the door", "已受理的上报"),
    Topic(URGENT, 4, REPORT_RETENTION, "reports with must-never-miss words", "含紧急词的上报"),
    # A dead letter is the whole message and the reason beside it: larger than what was set aside.
    Topic(
        DEAD, 1, None, "reports that could never be handled, with the reason", "无法处理的上报及原因", LARGEST
    ),
    Topic(
        EVENTS,
        8,
        EVENT_RETENTION,
        "what happened to incidents, in order for each",
        "事件的每一步变化",
        LARGEST,
    ),
)


def full_name(name: str, prefix: str) -> str:
    """The name of a topic or consumer group on the broker: tests share one broker by their prefix."""
    return prefix + name
