"""What may be said of an unforeseen error in a log or a dead letter, which rest long and are read by many.

The error's own words may quote a report: a database names the value that it could not take.
"""

import traceback
from pathlib import Path

ROOT = Path(__file__).parents[1]
FRAMES = 6


def describe(error: BaseException) -> str:
    """Its kind, the database's code for it where there is one, and where it happened:
    `KeyError at stream/triage.py:88 places_of`.
    """
    code = getattr(error, "sqlstate", None)
    kind = type(error).__name__ + (f" {code}" if code else "")
    places = frames(error)
    return f"{kind} at {places[-1]}" if places else kind


def frames(error: BaseException) -> list[str]:
    """The last lines of our own code that it passed through, the innermost last."""
    found = [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if is_ours(frame.filename)
    ]
    return found[-FRAMES:]


def is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and ".venv" not in path.parts
