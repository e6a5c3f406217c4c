"""Where a reader stands: for each partition of `incident.events` the offset that it has yet to see."""

import re

Vector = dict[int, int]

_SHAPE = re.compile(r"\d{1,4}-\d{1,18}(\.\d{1,4}-\d{1,18})*")


def parse_vector(text: str) -> Vector | None:
    """Read `0-15.1-7`; None when it is nothing of the kind."""
    if not _SHAPE.fullmatch(text) or not text.isascii():
        return None
    pairs = [tuple(map(int, pair.split("-"))) for pair in text.split(".")]
    vector = {partition: offset for partition, offset in pairs}
    return vector if len(vector) == len(pairs) else None


def show_vector(vector: Vector) -> str:
    """`0-15.1-7`: partition and offset, in the order of partitions."""
    return ".".join(f"{partition}-{vector[partition]}" for partition in sorted(vector))
