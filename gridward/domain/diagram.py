"""The state diagram of an incident, printed from the one table of its moves."""

import re

from gridward.domain.transitions import OPEN, RESTING, TRANSITIONS, Status


def state_diagram() -> str:
    """Mermaid text, one arrow for each pair of statuses; what moves nothing is left out."""
    arrows: dict[tuple[Status, Status], list[str]] = {}
    for (start, kind), end in TRANSITIONS.items():
        if start is not end:
            arrows.setdefault((start, end), []).append(words(kind.__name__))
    lines = ["stateDiagram-v2", f"    [*] --> {Status.REPORTED}: reported"]
    for (start, end), kinds in arrows.items():
        if start is not Status.NEW:
            lines.append(f"    {start} --> {end}: {', '.join(kinds)}")
    lines += [f"    {status} --> [*]" for status in RESTING if status not in OPEN]
    return "\n".join(lines) + "\n"


def words(name: str) -> str:
    """`VerificationFailed` -> "verification failed"."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()
