"""Long chaos: for minutes, at a steady rate, some part dies every few seconds, chosen by a seeded die."""

import random
import time

import pytest

from infra.stack.system import System

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(1200)]

ROUNDS = 30


@pytest.mark.parametrize("seed", [1, 2])
def test_parts_die_for_minutes_and_the_books_still_balance(system: System, seed: int) -> None:
    die = random.Random(seed)
    sent = 0
    for number in range(ROUNDS):
        # The parts may die before it has begun, and are back after a minute at most.
        sender = system.gridward_beside("demo", "--speed", "100", "--clients", "8", "--wait", "120")
        time.sleep(die.uniform(0.2, 2.5))
        parts = die.sample(sorted(system.parts), die.choice((1, 1, 1, 2, 4)))
        for part in parts:
            system.parts[part].kill()
        for part in ("postgres", "kafka", "worker", "api"):
            if part in parts:
                system.restart(part)
        system.wait_ready()
        output, _ = sender.communicate(timeout=300)
        assert sender.returncode == 0, f"round {number}, killed {parts}\n{output[-4000:]}"
        sent += 300
    audit = system.gridward("audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert int(system.postgres.sql("select count(*) from incidents", "gridward")) == sent
