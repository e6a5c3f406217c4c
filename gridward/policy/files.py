"""From a folder of YAML files to a checked bundle, and from a bundle to the one JSON text it is stored as."""

import hashlib
import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from gridward.policy.category_rows import Categories
from gridward.policy.limit_rows import Limits
from gridward.policy.marks import line_of, written_at
from gridward.policy.parts import Parts
from gridward.policy.personal_rows import PersonalRows
from gridward.policy.place_rows import GazetteerRows
from gridward.policy.problem import PolicyError
from gridward.policy.same_rows import SameRows
from gridward.policy.schema import AttributeRows, PolicyBundle, Responsibility
from gridward.policy.unit_rows import Units
from gridward.policy.word_rows import WordLists
from gridward.policy.wording import errors_of, place_of, said
from gridward.policy.yaml_text import parse, text_of

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
    "personal": PersonalRows,
}
# Folders of before have no such files, and mean their defaults.
LATER = frozenset({"attributes", "gazetteer", "same", "personal"})


Shape = TypeVar("Shape", bound=BaseModel)


def load_bundle(folder: Path = BUNDLED) -> PolicyBundle:
    """Read the files of `folder`. Raises `PolicyError` with everything that is wrong, not just the first."""
    return read_parts(folder).bundle()


def read_parts(folder: Path) -> Parts:
    """The files of `folder`, each by itself. Raises `PolicyError` when it is no folder."""
    files: dict[str, BaseModel] = {}
    wrong: dict[str, list[str]] = {}
    for name, line in _misnamed(folder):
        wrong.setdefault(name, []).append(line)
    for name, shape in FILES.items():
        path = folder / f"{name}.yaml"
        if name in LATER and not path.exists():
            continue
        try:
            files[name] = load_file(path, shape)
        except PolicyError as error:
            wrong.setdefault(name, []).extend(error.problems)
    return Parts.of(files, wrong)


def _misnamed(folder: Path) -> list[tuple[str, str]]:
    """Files whose name is a slip of the hand and would be passed over in silence: which file is meant, and a line.

    Raises `PolicyError` when the folder is none.
    """
    if not folder.is_dir():
        raise PolicyError([f"{folder}: 没有这个目录，请写策略文件所在的目录 there is no such folder"])
    lacking = [f"{name}.yaml" for name in FILES if not (folder / f"{name}.yaml").exists()]
    return [
        (
            near[0].removesuffix(".yaml"),
            f"{path.name}: 文件名不对，是不是 {near[0]}？请改名 is misnamed: did you mean {near[0]}?",
        )
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in (".yaml", ".yml", ".txt")
        if (near := get_close_matches(path.name.lower(), lacking, n=1, cutoff=0.8))
    ]


def load_file(path: Path, shape: type[Shape]) -> Shape:
    """Read one YAML file as `shape`. Raises `PolicyError`."""
    data, root = parse(text_of(path), path.name)
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise PolicyError(readable_at(error, path.name, root, shape)) from None


def readable_at(
    error: ValidationError, source: str, root: yaml.Node | None, shape: type[BaseModel]
) -> list[str]:
    """One line for each mistake: file and line, field, reason, what to write instead."""
    return [
        f"{at_line(source, line_of(root, one['loc']))}: {place_of(one) or '整个文件 the whole file'}: "
        f"{said(one, shape, written_at(root, one['loc']))}"
        for one in errors_of(error)
    ]


def at_line(source: str, line: int | None) -> str:
    return source if line is None else f"{source}:{line}"


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
        raise PolicyError(readable_at(error, "stored policy", None, PolicyBundle)) from None


def limits_from_json(text: str) -> Limits:
    """The limits of a stored bundle by themselves. Raises `PolicyError`."""
    try:
        return Limits.model_validate_json(text)
    except ValidationError as error:
        raise PolicyError(readable_at(error, "stored limits", None, Limits)) from None
