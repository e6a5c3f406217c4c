"""A mistake in a policy's files, and where it stands, so that whoever read the files can name line or cell."""

from typing import Self

from gridward.domain.errors import Refused

Place = tuple[str | int, ...]  # the steps from a file's top to a field, as in ("rules", 3, "lead")


class Problem(str):
    """One line for people, which names the file; `spots` are the fields at fault, the first of them first."""

    __slots__ = ("spots", "text")

    text: str  # without the file
    spots: tuple[tuple[str, Place], ...]

    def __new__(cls, file: str, place: Place, what: str, *also: tuple[str, Place], about: str = "") -> Self:
        """`file` is without its ending. `about` says which row in people's words; else the place does."""
        text = f"{about or '.'.join(map(str, place))}: {what}"
        self = super().__new__(cls, f"{file}.yaml: {text}")
        self.text, self.spots = text, ((file, place), *also)
        return self


class PolicyError(Refused):
    """The policy's files are wrong; `problems` names each file, field and reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
