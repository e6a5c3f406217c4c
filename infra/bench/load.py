"""Reports to measure with: our own demo texts at places inside the grids, sealed and keyed as at the door."""

import json
import random
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from gridward.bus import REPORTS
from gridward.reports import Report, to_bytes

TEXTS = Path(__file__).parents[1] / "demo" / "texts.jsonl"


SCATTER = 0.02  # degrees, some 2 km: most stay within the demo township


def demo_lines() -> list[dict[str, object]]:
    return [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]


def reports(count: int, seed: int) -> list[Report]:
    """`count` reports with new ids; the same texts and places for the same seed."""
    rng = random.Random(seed)
    lines = demo_lines()
    now = datetime.now(UTC)  # noqa: TID251, a benchmark measures the real time
    made = []
    for _ in range(count):
        line = rng.choice(lines)
        id = str(uuid4())
        made.append(
            Report(
                id,
                str(line["text"]),
                str(line["source"]),
                now,
                now,
                sha256(id.encode()).digest(),
                lon=_scattered(line.get("lon"), rng),
                lat=_scattered(line.get("lat"), rng),
                accuracy_m=line.get("accuracy_m"),  # type: ignore[arg-type]
            )
        )
    return made


def _scattered(degrees: object, rng: random.Random) -> float | None:
    """Away from the other copies of its text, which would join as repeats of one matter at one place."""
    return None if degrees is None else float(str(degrees)) + rng.uniform(-SCATTER, SCATTER)


async def publish(kafka: str, made: list[Report]) -> None:
    """Put them on the topic as the door would."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=20)
    await producer.start()
    try:
        for report in made:
            await producer.send(REPORTS, to_bytes(report), key=report.id.encode())
        await producer.flush()
    finally:
        await producer.stop()
