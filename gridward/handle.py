"""The one road into an incident: every channel, timer and button goes through `handle`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from gridward.domain.commands import (
    Applied,
    Command,
    Entry,
    Handled,
    Move,
    NotFound,
    Outcome,
    Overtaken,
    Position,
    Repeated,
    Stale,
    Step,
)
from gridward.domain.decide import decide, rules_for
from gridward.domain.errors import NotLoaded, Refused, Unavailable
from gridward.domain.events import Event
from gridward.domain.incident import Incident
from gridward.domain.rules import Rules
from gridward.store.unit_of_work import Begin, Changes

RulesOf = Callable[[int], Rules]  # by version; 0 means the one in force


async def handle(
    commands: Sequence[Command], begin: Begin, rules_of: RulesOf, positions: Sequence[Position] = ()
) -> list[Outcome]:
    """Apply each command once, all in one transaction; one outcome for each, in order.

    A command that is refused leaves no trace and does not stop its neighbours. State, tasks, deadlines,
    journal, outbox and the consumer's `positions` commit together or not at all; the positions only when
    nothing was refused, since what is refused must be set aside before it is passed. Raises `Unavailable`.
    """
    async with begin() as work:
        known = dict(await work.handled({c.key for c in commands if c.body_hash}))
        locked = await work.lock(incidents_of(commands, known))
        if locked:
            # A repeat may have waited for the lock while another worker committed the first one.
            moving = {c.key for c in commands if c.body_hash and not c.opens}
            known |= await work.handled(moving - known.keys())
        batch = Batch(locked, known, rules_of)
        outcomes = [batch.attempt(command) for command in commands]
        if not any(isinstance(outcome, Refused) for outcome in outcomes):
            batch.changes.positions = tuple(positions)
        await work.save(batch.changes)
        return outcomes


async def handle_each(
    commands: Sequence[Command], begin: Begin, rules_of: RulesOf
) -> list[Outcome | Exception]:
    """Like `handle`; when the batch fails for a reason of its own, one by one, so that one bad command
    never stops its neighbours. The culprit's outcome is its exception. Raises `Unavailable`.
    """
    try:
        return list(await handle(commands, begin, rules_of))
    except Exception as failure:
        if isinstance(failure, Unavailable) and not isinstance(failure, NotLoaded):
            raise
        if len(commands) == 1:
            return [failure]
    outcomes: list[Outcome | Exception] = []
    for command in commands:
        outcomes += await handle_each([command], begin, rules_of)
    return outcomes


def incidents_of(commands: Sequence[Command], known: Mapping[str, Handled]) -> Collection[str]:
    """The incidents that must exist already, or whose report came again with another body."""
    ids: set[str] = set()
    for command in commands:
        if (before := known.get(command.key)) is not None:
            ids.add(before.incident_id)
        else:
            new = {command.moves[0].incident_id} if command.opens else set()
            ids |= {move.incident_id for move in command.moves} - new
            ids |= {incident.id for incident in command.read}
    return ids


class Batch:
    """The incidents of one transaction as they stand after each command."""

    def __init__(self, locked: Mapping[str, Incident], known: dict[str, Handled], rules_of: RulesOf) -> None:
        self.state: dict[str, Incident] = dict(locked)
        self.known = known
        self.rules_of = rules_of
        self.changes = Changes()

    def attempt(self, command: Command) -> Outcome:
        try:
            return self.apply(command)
        except Refused as refusal:
            return refusal

    def apply(self, command: Command) -> Outcome:
        before = self.known.get(command.key) if command.body_hash else None
        if before is None:
            incident = self.take(command, command.moves)
            self.remember(command, incident.id)
            return Applied(incident)
        same = before.body_hash == command.body_hash
        if not same and command.if_other_body is not None:
            self.conflict(command, before.incident_id, command.if_other_body)
        return Repeated(before.incident_id, same)

    def conflict(self, command: Command, incident_id: str, event: Event) -> None:
        """The same id with another body: put to the desk once for each body, however often it is delivered."""
        body = command.body_hash.hex()
        if not any(task.asked == body for task in self.state[incident_id].tasks):
            again = replace(command, key=f"{command.key}:{body}", opens=None, seen_version=None, read=())
            self.take(again, (Move(incident_id, event),))

    def remember(self, command: Command, incident_id: str) -> None:
        if command.body_hash:
            self.known[command.key] = Handled(incident_id, command.body_hash)
            self.changes.handled.append((command, incident_id))

    def take(self, command: Command, moves: Sequence[Move]) -> Incident:
        """All moves of a command, or none: nothing is kept before the last one was decided."""
        state: dict[str, Incident] = {}
        steps: list[Step] = []
        for number, move in enumerate(moves):
            incident = state.get(move.incident_id) or self.find(command, move)
            if number == 0 and command.seen_version is not None and incident.version != command.seen_version:
                raise Stale(incident)
            if number == 0:
                self.refuse_overtaken(command)
            rules, actor = self.rules_of(rules_for(incident, move.event)), move.by or command.actor
            decision = decide(incident, move.event, actor, command.when, rules)
            state[move.incident_id] = decision.incident
            if decision.data is not None:
                entry = Entry(
                    move.incident_id,
                    decision.incident.journal_no,
                    move.event,
                    decision.data,
                    command.when.done_at,
                    command.when.received_at,
                    actor,
                    command.key,
                )
                steps.append(Step(decision.incident, entry, decision.effects))
        self.keep(command, state, steps)
        return state[moves[0].incident_id]

    def refuse_overtaken(self, command: Command) -> None:
        """Raises `Overtaken` where something was written about an incident since the command's moves were chosen."""
        for read in command.read:
            if self.state[read.id].journal_no != read.journal_no:
                raise Overtaken(read)

    def find(self, command: Command, move: Move) -> Incident:
        known = self.state.get(move.incident_id)
        if known is not None:
            return known
        if command.opens is None or move.incident_id != command.moves[0].incident_id:
            raise NotFound(f"there is no incident {move.incident_id}")
        return Incident(move.incident_id, command.opens.number, card=command.opens.card)

    def keep(self, command: Command, state: dict[str, Incident], steps: list[Step]) -> None:
        for incident_id, incident in state.items():
            is_new = incident_id not in self.state
            if is_new and command.opens is not None:  # the first move's incident, and no other
                self.changes.opened[incident_id] = command.opens
            self.changes.before.setdefault(incident_id, self.state.get(incident_id))
            self.changes.after[incident_id] = incident
            self.state[incident_id] = incident
        self.changes.steps += steps
