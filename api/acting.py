"""People's actions: from a request to the one road into an incident, and from its outcome to an answer."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog

from api.action_events import Asked, moves_of
from api.actors import actor_of
from api.errors import problem_of
from api.excluded import Side, excluded_by, holds_hidden
from api.merging import Left, Remaining
from api.models import action as a
from api.possible import possible_actions
from api.problems import Problem, unavailable, wrong_field
from api.services import Services
from api.views import incident_views
from gridward.domain.commands import Applied, Command, NotFound, Outcome, Overtaken, Repeated, Stale
from gridward.domain.draft import Actor, When
from gridward.domain.errors import Unavailable
from gridward.domain.incident import Incident
from gridward.handle import handle
from gridward.logs import get_logger
from gridward.metrics import actions_taken
from gridward.numbers import is_number
from gridward.store.earlier import said_again, these, was_raised_by
from gridward.store.held import reports_in
from gridward.store.queries import full_incident, handled_body, incident_id, incidents_by_id

BACK_OFF = (0.1, 0.3, 0.6)  # seconds between tries
GIVE_UP = 3.0  # seconds in all
TRIES = 5  # to act on what was read before it goes on
NOT_SAVED = ("操作暂时无法保存，请原样再提交一次（不会重复）", "not saved; send it again unchanged")

log = get_logger(__name__)


async def act(reference: str, body: a.Action, services: Services) -> dict[str, Any]:
    """Do it once. Raises `Problem`: 403, 404, 409 (with `possible` and `current`), 422 or 503."""
    incident = await _load(await find_id(reference, services), services)
    structlog.contextvars.bind_contextvars(incident=incident.id)
    actor = actor_of(body.actor, incident, services.keys)
    outcome, flags = await _in_time(incident, body, actor, services)
    match outcome:
        case Applied(changed):
            _count(body, "applied")
            log.info("action", action=body.action, actor=actor.id, status=changed.status)
            return await _answer(changed, flags, services)
        case Repeated(same_body=True):
            _count(body, "repeated")
            log.info("action repeated", action=body.action, actor=actor.id)
            return await _answer(await _load(incident.id, services), flags, services)
        case Repeated():
            _count(body, "refused")
            log.info("action refused", action=body.action, actor=actor.id, reason="its id was used before")
            raise Problem(
                409,
                "这个操作编号已用于另一操作，请刷新后重新操作",
                "this action's id was used for another action: act again under a new one",
                more=await _standing(incident.id, services),
            )
        case refused:
            _count(body, type(refused).__name__.lower())
            log.info("action refused", action=body.action, actor=actor.id, reason=str(refused))
            raise problem_of(refused, await _standing(incident.id, services))


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


async def _in_time(
    incident: Incident, body: a.Action, actor: Actor, services: Services
) -> tuple[Outcome, list[str]]:
    """What comes of it, and the flags, while somebody waits. Raises `Problem` 422 or 503."""
    try:
        async with asyncio.timeout(GIVE_UP):
            return await _outcome(incident, body, actor, services)
    except (Unavailable, TimeoutError) as error:
        _count(body, "unavailable")
        log.warning("action not saved", action=body.action, reason=str(error))
        raise unavailable(*NOT_SAVED) from error


async def _outcome(
    incident: Incident, body: a.Action, actor: Actor, services: Services
) -> tuple[Outcome, list[str]]:
    """What comes of it, and the flags. Raises `Problem` 422, and `Unavailable`.

    Whether it is a repeat, or about an incident that has moved since, is asked before anything else: a repeat
    changes nothing, whatever its times and codes would mean today. `handle` asks both again, under the lock.

    What joins the incident while this is worked out makes nobody's click stale: it is read again.
    """
    key, body_hash = f"action:{body.id}", _hash_of(body, incident, services)
    for _ in range(TRIES):
        # After the incident was read: had the first try ended in between, this one would only look stale.
        if before := await handled_body(services.pool, key):
            return Repeated(before[0], before[1] == body_hash), []
        if incident.version != body.version:
            return Stale(incident), []
        asked, flags = await _understand(incident, body, services)
        read = tuple(one for one in (incident, asked.into) if one)
        command = Command(key, moves_of(asked), actor, asked.when, body_hash, body.version, read)
        outcome = await _try_and_try(command, services)
        if not isinstance(outcome, Overtaken):
            return outcome, flags
        incident = await _load(incident.id, services)
    raise Unavailable("the incident goes on faster than it is read")


def _hash_of(body: a.Action, incident: Incident, services: Services) -> bytes:
    """A second try may state another time at which it was done; it is the same action all the same."""
    same = {"incident": incident.id, **body.model_dump(mode="json", exclude={"done_at"})}
    return services.keys.body_hash(orjson.dumps(same))


async def _understand(incident: Incident, body: a.Action, services: Services) -> tuple[Asked, list[str]]:
    into, had_raised = None, False
    if isinstance(body, a.Merge):
        try:
            into = await _load(await find_id(body.into, services), services)
        except NotFound:
            raise wrong_field("into", "没有这件事件", "there is no such incident") from None
    if isinstance(body, a.Unmerge) and incident.merged_into:
        into = await _load(incident.merged_into, services)
        had_raised = await was_raised_by(services.pool, into.id, incident.id)
    for one in (incident, into):
        if one:
            await services.versions.rules(one.rules_version)
    now = services.clock.now()
    asked = Asked(body, incident, When(now, now), services.versions.names, into, had_raised=had_raised)
    asked = await _with_reports(asked, services)
    tolerance = services.versions.at_the_door.actions.clock_tolerance
    when, flags = when_done(body.done_at or now, now, asked, tolerance)
    return replace(asked, when=when), flags


async def _with_reports(asked: Asked, services: Services) -> Asked:
    """With what follows from the reports told in the incident, and in the one that it is to be merged into.

    They are read after the incidents were: who joins in between has moved the journal that the command is fenced by.
    """
    body, incident, into, policy = asked.body, asked.incident, asked.into, services.versions.at_the_door
    if not isinstance(body, a.Dispatch | a.AddJoint | a.Merge | a.HandOver | a.Cancel):
        return asked
    told = await reports_in(services.pool, {one.id for one in (incident, into) if one})
    own = told[incident.id]
    if isinstance(body, a.Cancel):
        joined = {one.id for one in own if one.into == incident.id}
        if body.actor.role == "reporter":
            # What the same person only said again goes with it, unless somebody else's report joined that.
            joined -= await said_again(services.pool, incident.id) - {one.into for one in own}
        return replace(asked, remaining=await _remaining(joined, services))
    named = (body.category, body.grid) if isinstance(body, a.Dispatch) else (None, None)
    return replace(
        asked,
        excluded=excluded_by(own, policy, *named),
        holds_hidden=holds_hidden(own, policy),
        excluded_there=excluded_by(told[into.id], policy) if into else (),
        is_over=own[0].is_over,
        alarm=own[0].alarm,
        text=own[0].text,
    )


async def _remaining(ids: Collection[str], services: Services) -> Remaining | None:
    """What lives on when the incident that these were merged into is withdrawn. Raises `Unavailable`."""
    if not ids:
        return None
    policy, found = services.versions.at_the_door, await incidents_by_id(services.pool, sorted(ids))
    told, earlier = await reports_in(services.pool, ids), await these(services.pool, ids)
    for one in found.values():
        await services.versions.rules(one.rules_version)

    def left(one: Incident) -> Left:
        own = told[one.id]
        side = Side(one, excluded_by(own, policy), holds_hidden(own, policy))
        return Left(side, earlier[one.id].matter, own[0].is_over, own[0].alarm)

    # The texts of hundreds may be read: not on the loop that everybody waits for.
    return await asyncio.to_thread(lambda: Remaining(tuple(map(left, found.values())), policy))


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


async def _try_and_try(command: Command, services: Services) -> Outcome:
    """Again for a while when something is away or was faster. Raises `Unavailable`."""
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


async def _standing(id: str, services: Services) -> dict[str, Any]:
    """How the incident stands now, who changed it last, and what it allows."""
    full = await full_incident(services.pool, id)
    if full is None:
        return {}
    last = full.journal[-1]
    (current,) = await incident_views([full.incident], services.versions.names, services.pool)
    rules = await services.versions.rules(full.incident.rules_version)
    return {
        "possible": possible_actions(full.incident, rules),
        "current": {**current, "changed_by": last["actor"], "changed_at": last["received_at"]},
    }


async def _answer(incident: Incident, flags: list[str], services: Services) -> dict[str, Any]:
    (view,) = await incident_views([incident], services.versions.names, services.pool)
    return {"incident": view, "journal_no": incident.journal_no, "flags": flags}


def _count(body: a.Action, outcome: str) -> None:
    actions_taken.labels(body.action, outcome).inc()
