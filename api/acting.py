"""People's actions: from a request to the one road into an incident, and from its outcome to an answer."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog

from api.action_events import Asked, moves_of
from api.errors import problem_of
from api.models import action as a
from api.possible import possible_actions
from api.problems import Problem, unavailable, wrong_field
from api.services import Services
from api.views import incident_view
from gridward.domain.commands import Applied, Command, NotFound, Outcome, Repeated
from gridward.domain.draft import Actor, When
from gridward.domain.errors import Unavailable
from gridward.domain.incident import Incident
from gridward.handle import handle
from gridward.logs import get_logger
from gridward.metrics import actions_taken
from gridward.numbers import is_number
from gridward.store.queries import full_incident, incident_id, incidents_by_id

BACK_OFF = (0.1, 0.3, 0.6)  # seconds between tries
GIVE_UP = 3.0  # seconds in all

log = get_logger(__name__)


async def act(reference: str, body: a.Action, services: Services) -> dict[str, Any]:
    """Do it once. Raises `Problem`: 403, 404, 409 (with `possible` and `current`), 422 or 503."""
    asked, flags = await _understand(reference, body, services)
    structlog.contextvars.bind_contextvars(incident=asked.incident.id)
    command = _command(asked, services)
    outcome = await _handle(command, asked, services)
    match outcome:
        case Applied(incident):
            _count(body, "applied")
            log.info("action", action=body.action, actor=body.actor.id, status=incident.status)
            return _answer(incident, flags, services)
        case Repeated(same_body=True):
            _count(body, "repeated")
            return _answer(await _load(asked.incident.id, services), flags, services)
        case Repeated():
            refusal = "this action's id was used for another action"
            _count(body, "refused")
            raise Problem(409, "这个操作编号已用于另一操作", refusal, more=await _standing(asked, services))
        case refused:
            _count(body, type(refused).__name__.lower())
            log.info("action refused", action=body.action, actor=body.actor.id, reason=str(refused))
            raise problem_of(refused, await _standing(asked, services))


async def find_id(reference: str, services: Services) -> str:
    """The id of an incident that is named by id or number. Raises `NotFound`."""
    if is_number(reference):
        digits = reference.replace("-", "")
        number = f"{digits[:6]}-{digits[6:12]}-{digits[12:18]}-{digits[18]}"
        if found := await incident_id(services.pool, number):
            return found
    else:
        try:
            return str(UUID(reference))
        except ValueError:
            pass
    raise NotFound(f"there is no incident {reference}")


async def _understand(reference: str, body: a.Action, services: Services) -> tuple[Asked, list[str]]:
    incident = await _load(await find_id(reference, services), services)
    into = None
    if isinstance(body, a.Merge):
        try:
            into = await _load(await find_id(body.into, services), services)
        except NotFound:
            raise wrong_field("into", "没有这件事件", "there is no such incident") from None
    for one in (incident, into):
        if one:
            await services.versions.rules(one.rules_version)
    now = services.clock.now()
    asked = Asked(body, incident, When(now, now), services.versions.names, into)
    tolerance = services.versions.at_the_door.actions.clock_tolerance
    when, flags = when_done(body.done_at or now, now, asked, tolerance)
    return Asked(body, incident, when, services.versions.names, into), flags


def when_done(done: datetime, now: datetime, asked: Asked, tolerance: timedelta) -> tuple[When, list[str]]:
    """What was done offline counts from when it was done: not in the future, not before it could be known.

    A clock that is off by no more than policy tolerates is put right and flagged. Raises `Problem` 422 beyond that.
    """
    card, task = asked.incident.card, asked.task
    earliest = task.offered_at if task else card.received_at if card else now
    if done > now + tolerance:
        raise wrong_field("done_at", "完成时间在将来，请检查设备时钟", "lies in the future")
    if done < earliest - tolerance:
        raise wrong_field("done_at", "完成时间早于派单", "is earlier than the task was offered")
    if done > now:
        return When(now, now), ["clock_ahead"]
    if done < earliest:
        return When(now, min(earliest, now)), ["clock_behind"]
    return When(now, done), []


def _command(asked: Asked, services: Services) -> Command:
    body = asked.body
    # A second try may state another time at which it was done; it is the same action all the same.
    same = {"incident": asked.incident.id, **body.model_dump(mode="json", exclude={"done_at"})}
    actor = Actor(body.actor.id, body.actor.role, body.actor.unit, body.actor.name)
    return Command(
        key=f"action:{body.id}",
        moves=moves_of(asked),
        actor=actor,
        when=asked.when,
        body_hash=services.keys.body_hash(orjson.dumps(same)),
        seen_version=body.version,
    )


async def _handle(command: Command, asked: Asked, services: Services) -> Outcome:
    """Try again for a while when something is away or was faster. Raises `Problem` 503."""
    try:
        async with asyncio.timeout(GIVE_UP):
            return await _try_and_try(command, services)
    except (Unavailable, TimeoutError) as error:
        _count(asked.body, "unavailable")
        log.warning("action not saved", action=asked.body.action, reason=str(error))
        raise unavailable(
            "操作暂时无法保存，请原样再提交一次（不会重复）", "not saved; send it again unchanged"
        ) from error


async def _try_and_try(command: Command, services: Services) -> Outcome:
    for pause in BACK_OFF:
        try:
            outcomes = await handle([command], services.store.begin, services.versions.policies.rules)
            return outcomes[0]
        except Unavailable:
            await asyncio.sleep(pause)
    outcomes = await handle([command], services.store.begin, services.versions.policies.rules)
    return outcomes[0]


async def _load(id: str, services: Services) -> Incident:
    found = await incidents_by_id(services.pool, [id])
    if id not in found:
        raise NotFound(f"there is no incident {id}")
    return found[id]


async def _standing(asked: Asked, services: Services) -> dict[str, Any]:
    """How the incident stands now, who changed it last, and what it allows."""
    full = await full_incident(services.pool, asked.incident.id)
    if full is None:
        return {}
    last = full.journal[-1]
    current = incident_view(full.incident, services.versions.names)
    rules = await services.versions.rules(full.incident.rules_version)
    return {
        "possible": possible_actions(full.incident, rules),
        "current": {**current, "changed_by": last["actor"], "changed_at": last["received_at"]},
    }


def _answer(incident: Incident, flags: list[str], services: Services) -> dict[str, Any]:
    view = incident_view(incident, services.versions.names)
    return {"incident": view, "journal_no": incident.journal_no, "flags": flags}


def _count(body: a.Action, outcome: str) -> None:
    actions_taken.labels(body.action, outcome).inc()
