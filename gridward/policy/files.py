"""From a folder of YAML files to a checked bundle, and from a bundle to the one JSON text it is stored as."""

import hashlib
import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from gridward.domain.errors import Refused
from gridward.policy.category_rows import Categories
from gridward.policy.limit_rows import Limits
from gridward.policy.marks import advice, line_of
from gridward.policy.place_rows import GazetteerRows
from gridward.policy.same_rows import SameRows
from gridward.policy.schema import AttributeRows, PolicyBundle, Responsibility
from gridward.policy.unit_rows import Units
from gridward.policy.word_rows import WordLists

BUNDLED = Path(__file__).parent / "data"  # the policy that ships with the program

FILES: dict[str, type[BaseModel]] = {
    "categories": Categories,
    "limits": Limits,
    "responsibility": Responsibility,
    "units": Units,
    "words": WordLists,
    "attributes": AttributeRows,
    "gazetteer": GazetteerRows,
    "same": SameRows,
}
# Folders of before have no such files, and mean their defaults.
LATER = frozenset({"attributes", "gazetteer", "same"})


Shape = TypeVar("Shape", bound=BaseModel)


class PolicyError(Refused):
    """The policy's files are wrong; `problems` names each file, field and reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_bundle(folder: Path = BUNDLED) -> PolicyBundle:
    """Read the files of `folder`. Raises `PolicyError` with everything that is wrong, not just the first."""
    parts: dict[str, Any] = {}
    problems: list[str] = []
    for name, shape in FILES.items():
        if name in LATER and not (folder / f"{name}.yaml").exists():
            continue
        try:
            parts[name] = load_file(folder / f"{name}.yaml", shape)
        except PolicyError as error:
            problems += error.problems
    if problems:
        raise PolicyError(problems)
    return PolicyBundle(**parts)


def load_file(path: Path, shape: type[Shape]) -> Shape:
    """Read one YAML file as `shape`. Raises `PolicyError`."""
    try:
        text = path.read_text("utf-8")
        data = yaml.load(text, Loader=_StrictLoader)
    except OSError as error:
        raise PolicyError([f"{path.name}: cannot be read: {error.strerror}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PolicyError([f"{path.name}: {' '.join(str(error).split())}"]) from None
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        raise PolicyError(readable_at(error, path.name, root, shape)) from None


def readable_at(
    error: ValidationError, source: str, root: yaml.Node | None, shape: type[BaseModel]
) -> list[str]:
    """One line for each mistake: source, field, reason, what to write instead, and the line of the file."""
    details = error.errors(include_url=False)
    return [
        said + advice(one, shape) + _line(line_of(root, one["loc"]))
        for said, one in zip(readable(error, source), details, strict=True)
    ]


def _line(number: int | None) -> str:
    return "" if number is None else f" (第 {number} 行, line {number})"


def readable(error: ValidationError, source: str) -> list[str]:
    """One line for each mistake: source, field, reason."""
    return [
        f"{source}: {'.'.join(map(str, one['loc'])) or 'the whole file'}: {one['msg']}"
        for one in error.errors(include_url=False)
    ]


def canonical_json(bundle: PolicyBundle) -> str:
    """The same text for the same policy, whatever its files looked like."""
    data = bundle.model_dump(mode="json", by_alias=True)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(bundle: PolicyBundle) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(bundle).encode()).hexdigest()


def bundle_from_json(data: Any) -> PolicyBundle:
    """What `canonical_json` wrote (text, or already parsed). Raises `PolicyError`."""
    try:
        return PolicyBundle.model_validate_json(data) if isinstance(data, str) else PolicyBundle(**data)
    except ValidationError as error:
        raise PolicyError(readable(error, "stored policy")) from None


class _StrictLoader(yaml.CSafeLoader):
    """YAML that refuses a key given twice, which would silently drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)
