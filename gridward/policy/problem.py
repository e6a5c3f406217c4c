"""A mistake in a policy's files, and where it stands, so that whoever read the files can name line or cell."""

from typing import Self

from gridward.domain.errors import Refused

Place = tuple[str | int, ...]  # the steps from a file's top to a field, as in ("rules", 3, "lead")


class Problem(str):
    """One line for people, which names the file; `spots` are the fields at fault, the first of them first."""

    __slots__ = ("file", "spots", "what")

    file: str
    what: str
    spots: tuple[tuple[str, Place], ...]

    def __new__(cls, file: str, place: Place, what: str, *also: tuple[str, Place], about: str = "") -> Self:
        """`file` without its ending. `about` names the row for those who read no line; else the place does."""
        named = about or ".".join(map(str, place))
        self = super().__new__(cls, f"{file}.yaml: {named}: {what}")
        self.file, self.what, self.spots = file, f"{about}: {what}" if about else what, ((file, place), *also)
        return self


class PolicyError(Refused):
    """The policy's files are wrong; `problems` names each file, field and reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
