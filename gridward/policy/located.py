"""Where in a folder's files a mistake stands that only the whole policy shows."""

from functools import cache
from pathlib import Path

import yaml

from gridward.policy.files import at_line
from gridward.policy.marks import line_of
from gridward.policy.problem import Place, PolicyError, Problem
from gridward.policy.yaml_text import parse, text_of


class Folder:
    """A folder of YAML files that were read; `say` names file and line. `notes`: harmless oddities, none here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: list[str] = []
        self._root = cache(self._read)

    def say(self, problem: str) -> str:
        if not isinstance(problem, Problem):
            return problem
        first, *others = (self._spot(*spot) for spot in problem.spots)
        also = f"（另见 see also {'、'.join(others)}）" if others else ""
        return f"{first}: {problem.text}{also}"

    def called(self, file: str) -> str:
        """A file, as people know it."""
        return f"{file}.yaml"

    def _spot(self, file: str, place: Place) -> str:
        return at_line(f"{file}.yaml", line_of(self._root(file), place))

    def _read(self, file: str) -> yaml.Node | None:
        path = self.folder / f"{file}.yaml"
        try:
            return parse(text_of(path), path.name)[1]
        except PolicyError:  # a file that a folder of before does not have
            return None
