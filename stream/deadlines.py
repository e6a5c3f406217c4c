"""Turns passed deadlines into events. Safe to run in every worker at once."""

from gridward.clock import Clock
from gridward.domain.commands import Applied, Command, Move
from gridward.domain.draft import MACHINE, When
from gridward.faults import describe
from gridward.handle import RulesOf, handle_each
from gridward.logs import get_logger
from gridward.metrics import deadline_lag, deadlines_passed, unexpected_errors
from gridward.store.unit_of_work import Begin, Deadlines, Due

log = get_logger(__name__)

BATCH_SIZE = 500


async def sweep(
    begin: Begin, deadlines: Deadlines, rules_of: RulesOf, clock: Clock, limit: int = BATCH_SIZE
) -> int:
    """Handle one batch and say how many there were; a full batch means there may be more.

    One that fails stays leased for a while and is tried again; it does not stop its neighbours.
    """
    now = clock.now()
    due = await deadlines.lease_due(now, limit)
    if not due:
        return 0
    outcomes = await handle_each([command_of(one, When(now, now)) for one in due], begin, rules_of)
    committed = clock.now()
    acted = [
        one.incident_id for one, outcome in zip(due, outcomes, strict=True) if isinstance(outcome, Applied)
    ]
    log.info("deadlines_acted", incidents=acted)
    for one, outcome in zip(due, outcomes, strict=True):
        if isinstance(outcome, Applied):
            deadlines_passed.labels(one.event.kind).inc()
            deadline_lag.observe((committed - one.due_at).total_seconds())
        else:
            unexpected_errors.labels("deadlines").inc()
            error = describe(outcome) if isinstance(outcome, Exception) else repr(outcome)
            log.error("deadline_failed", incident=one.incident_id, kind=one.event.kind, error=error)
    return len(due)


def command_of(due: Due, when: When) -> Command:
    """No key is kept for it: its generation is the fence."""
    event = due.event
    key = f"deadline:{due.incident_id}:{event.task}:{event.kind}:{event.generation}"
    return Command(key, (Move(due.incident_id, event),), MACHINE, when)
