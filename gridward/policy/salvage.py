"""A stored version as far as it can still be read: each file that today's schema refuses stays as it was stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import ValidationError

from gridward.policy.check import problems
from gridward.policy.files import FILES, LATER, readable_at
from gridward.policy.parts import Parts
from gridward.policy.schema import PolicyBundle


@dataclass(frozen=True, slots=True)
class Salvaged:
    """`data`: what each file says, as `canonical_json` writes it; `mistakes`: what today's check refuses in it.

    `bundle` is None when the form of some file is refused.
    """

    data: Mapping[str, Any]
    mistakes: tuple[str, ...] = ()
    bundle: PolicyBundle | None = None

    @classmethod
    def of(cls, bundle: PolicyBundle) -> Self:
        """Of a bundle that passes the check."""
        return cls(bundle.model_dump(mode="json", by_alias=True), (), bundle)

    @property
    def sound(self) -> PolicyBundle | None:
        """The bundle, if today's check accepts it."""
        return None if self.mistakes else self.bundle


def salvage(text: str) -> Salvaged:
    """Whatever the JSON text of a stored version still gives; nothing is refused."""
    stored = json.loads(text)
    if not isinstance(stored, dict):
        return Salvaged({}, ("整个版本不是策略的内容 what is stored is no policy",))
    parts = _parts(stored)
    mistakes = (*parts.mistakes, *problems(parts.fragment(), parts.readable))
    if not parts.unreadable:
        bundle = parts.bundle()
        return Salvaged(bundle.model_dump(mode="json", by_alias=True), mistakes, bundle)
    read = {name: part.model_dump(mode="json", by_alias=True) for name, part in parts.files.items()}
    return Salvaged(stored | read, mistakes)


def _parts(stored: Mapping[str, Any]) -> Parts:
    files: dict[str, Any] = {}
    wrong = {
        name: [f"{name}.yaml: 本程序不认识这个文件 is a file that this program does not know"]
        for name in sorted(stored.keys() - FILES.keys())
    }
    for name, shape in FILES.items():
        if name in LATER and name not in stored:
            continue
        try:
            files[name] = shape.model_validate_json(json.dumps(stored.get(name)))
        except ValidationError as error:
            wrong[name] = readable_at(error, f"{name}.yaml", None, shape)
    return Parts.of(files, wrong)
