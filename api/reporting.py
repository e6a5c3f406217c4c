"""The front door: a report is answered when Kafka has it, not before and not after."""

import asyncio
from dataclasses import dataclass
from typing import Any

from api.intake import Door
from api.models.report import Report
from api.problems import Problem, unavailable
from api.services import Services
from api.views import View
from gridward.bus import REPORTS, URGENT, full_name
from gridward.domain.errors import Unavailable
from gridward.logs import get_logger
from gridward.metrics import publish_seconds, reports_accepted
from gridward.policy.danger import must_never_miss
from gridward.reports import Report as Travelling
from gridward.reports import to_bytes
from gridward.store.queries import handled_body

KNOWN_WITHIN = 0.2  # seconds that the door waits for the database to say whether it knows an id

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """`incident_id`: it was handled before. `view`: triage was quick enough for who waited."""

    report_id: str
    incident_id: str | None = None
    view: View | None = None


async def receive(sent: Report, body: bytes, wait: float, services: Services) -> Received:
    """Take a report in. `wait`: seconds to wait for triage. Raises `Problem` 409, 422 or 503."""
    try:
        return await _receive(sent, body, wait, services)
    except Unavailable as error:
        log.warning("report not accepted", report=str(sent.id), reason=str(error))
        raise unavailable(
            "上报暂时无法受理，请用同一编号再发一次（不会重复立案）",
            "not accepted; send again with the same id, which cannot make a second incident",
        ) from error


async def _receive(sent: Report, body: bytes, wait: float, services: Services) -> Received:
    report_id = str(sent.id)
    body_hash = services.keys.body_hash(body)
    known = await _known(report_id, body_hash, services)
    if known is not None:
        return known
    door = Door(services.clock.now(), services.versions.at_the_door.intake, services.keys)
    report = door.admit(sent, body_hash)
    with services.hub.expect(report_id) as expected:
        await _publish(report, services)
        services.recent.add(report_id, body_hash)
        view = await expected.within(wait) if wait else None
    return Received(report_id, view=view["incident"] if view else None)


async def _known(report_id: str, body_hash: bytes, services: Services) -> Received | None:
    """What is known of this id. Best effort: `handle` compares bodies again, whatever the door could see."""
    recent = services.recent.body_of(report_id)
    if recent is not None:
        _must_be_same(recent, body_hash)
    try:
        async with asyncio.timeout(KNOWN_WITHIN):
            before = await handled_body(services.pool, f"report:{report_id}")
    except (TimeoutError, Unavailable):
        before = None
    if before is not None:
        incident_id, body = before
        _must_be_same(body, body_hash)
        return Received(report_id, incident_id)
    return Received(report_id) if recent is not None else None


def _must_be_same(one: bytes, other: bytes) -> None:
    if one != other:
        raise Problem(
            409, "这个编号已用于另一内容的上报，请换新编号再报", "this id came before with another body"
        )


async def _publish(report: Travelling, services: Services) -> None:
    """Raises `Unavailable`."""
    urgent = must_never_miss(report.text, services.versions.at_the_door)
    topic = full_name(URGENT if urgent else REPORTS, services.settings.topic_prefix)
    with publish_seconds.time():
        await services.publisher.publish(topic, report.id.encode(), to_bytes(report))
    reports_accepted.labels(report.source, str(urgent).lower()).inc()
    log.info("report accepted", report=report.id, topic=topic, urgent=urgent)


def receipt(report_id: str, state: str, incident: View | None = None) -> dict[str, Any]:
    """What the sender gets: where to look, and how far it is."""
    answer = {"id": report_id, "tracking": f"/api/reports/{report_id}", "state": state}
    return answer | ({"incident": incident} if incident else {})
