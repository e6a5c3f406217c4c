"""Reads a policy's YAML text strictly, and says in a clerk's words what is wrong with the writing of a line."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from gridward.policy.problem import PolicyError

INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)$")
FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$|[-+]?\.inf$|\.nan$")

FULL_WIDTH_COLON = "冒号要用半角“:”，后面空一格 use a plain colon and a blank after it"
NO_BLANK = "冒号后面要空一格 write a blank after the colon"
FULL_WIDTH_COMMA = "各项之间要用半角逗号“,” divide the entries by plain commas"
TAB = "缩进里有 Tab，请改用空格 indent with blanks, not with tabs"
# What the YAML reader says -> what to do about it; the first that fits.
HINTS = (
    ("quoted scalar", "引号没有成对 a quotation mark is not closed"),
    ("given twice", "写了两次，请只留一个 is given twice: keep one"),
    ("several places", "不能用 & 和 * 引用，请把内容照写一遍 no references by & and *: write it out"),
    ("undefined alias", "以 * 开头的文字要加引号 put a text that begins with * in quotes"),
    ("constructor for the tag", "以 ! 开头的文字要加引号 put a text that begins with ! in quotes"),
    ("',' or", "括号没有成对，或两项之间少了逗号 a bracket is not closed, or a comma is missing"),
    ("node content", "括号没有成对，或少写了一项 a bracket is not closed, or an entry is missing"),
    ("start any token", "以 @ % ` 开头的文字要加引号 put a text that begins with @ % ` in quotes"),
    ("alphabetic or numeric", "以 & 或 * 开头的文字要加引号 put a text that begins with & or * in quotes"),
    (
        "mapping values",
        "缩进不对，或文字里有冒号而没有加引号 wrong indentation, or a colon in a text without quotes",
    ),
    ("expected ':'", "字段名后面少了冒号 a colon is missing after the name of the field"),
    ("single document", "文件里只能有一份内容，请删去 --- there is more than one document: remove ---"),
    ("block", "缩进不对，同级的各行要左对齐 wrong indentation: lines of one level begin in one column"),
    ("document start", "第一层的各行要从行首写起 the lines of the first level begin at the margin"),
)
OTHERWISE = "不是正确的 YAML no valid YAML"


def text_of(path: Path) -> str:
    """The text of a file in UTF-8. Raises `PolicyError`."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise PolicyError([f"{path.name}: 没有这个文件，请补上 the file is missing"]) from None
    except OSError as error:
        raise PolicyError([f"{path.name}: 读不了这个文件 cannot be read: {error.strerror}"]) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PolicyError(
            [
                f"{path.name}:{line}: 不是 UTF-8 编码，请用记事本“另存为”，编码选 UTF-8 "
                "is not in UTF-8: save it again in that encoding"
            ]
        ) from None


def parse(text: str, name: str) -> tuple[Any, yaml.Node | None]:
    """The data and the nodes that they were read from; None for an empty text. Raises `PolicyError`."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None, None
        _refuse_references(root, set())
        return loader.construct_document(root), root
    except yaml.MarkedYAMLError as error:
        raise PolicyError([_said(error, text.splitlines(), name)]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PolicyError([_unmarked(error, text, name)]) from None
    finally:
        loader.dispose()


def _unmarked(error: Exception, text: str, name: str) -> str:
    if isinstance(error, RecursionError):
        return f"{name}: 括号套得太深 brackets within brackets, too deep to read"
    odd = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    line = f":{text.count(chr(10), 0, odd.start()) + 1}" if odd else ""
    return f"{name}{line}: 有看不见的控制字符，请删去 there is a control character: remove it"


def _said(error: yaml.MarkedYAMLError, lines: list[str], name: str) -> str:
    marks = [mark for mark in (error.context_mark, error.problem_mark) if mark is not None]
    last = max(len(lines) - 1, 0)
    spots = [(min(mark.line, last) + 1, "".join(lines[mark.line : mark.line + 1])) for mark in marks]
    problem = f"{error.context or ''} {error.problem or ''}"
    if "given twice" not in problem:
        for number, line in spots:
            if hint := _slip_of(line):
                return f"{name}:{number}: {hint}"
        if unclosed := _unclosed(lines[: spots[-1][0]]):
            return f"{name}:{unclosed}: {HINTS[0][1]}"
    number = spots[0][0] if re.search("scalar|flow|simple key", problem) else spots[-1][0]
    hint = next((one for said, one in HINTS if said in problem), f"{OTHERWISE}: {error.problem}")
    key = problem.split("'")[1] + " " if "given twice" in problem else ""
    return f"{name}:{number}: {key}{hint}"


def _unclosed(lines: list[str]) -> int | None:
    """The first line (from 1) with a quotation mark too many."""
    bare = [re.sub(r"\\.|(^|\s)#.*", "", line) for line in lines]
    return next(
        (n for n, line in enumerate(bare, start=1) if line.count('"') % 2 or line.count("'") % 2), None
    )


def _slip_of(line: str) -> str | None:
    """A slip of the hand that a line shows to whoever knows that something is wrong with it."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "_", line)
    if re.match(r" *\t", line):
        return TAB
    if re.match(r"[\s-]*[\w.]+\s*：", bare) or re.search(r"[{,]\s*\w+：", bare):
        return FULL_WIDTH_COLON
    if re.search(r"[\[{].*[，、]", bare):
        return FULL_WIDTH_COMMA
    return NO_BLANK if re.match(r"[\s-]*[A-Za-z_]+:[^\s]", bare) else None


def _refuse_references(node: yaml.Node, seen: set[int]) -> None:
    """What is written once and meant at several places (& and *) is read by no clerk, and can grow without end."""
    if id(node) in seen:
        raise yaml.composer.ComposerError(None, None, "meant at several places", node.start_mark)
    if isinstance(node, yaml.CollectionNode):
        seen.add(id(node))
        for one in node.value:
            for child in one if isinstance(one, tuple) else (one,):
                _refuse_references(child, seen)


class _Loader(yaml.CSafeLoader):
    """YAML in which 0501 and 22:00 are texts, and a key given twice is refused: it would silently drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable) or key in seen:
                said = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
                what = f"key '{said}' is given twice" if isinstance(key, Hashable) else "block"
                raise yaml.constructor.ConstructorError(None, None, what, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def number(self, node: yaml.ScalarNode) -> Any:
        """A number; one that is too long for one stays a text, which the schema then refuses by its place."""
        try:
            return int(node.value) if INT.match(node.value) else self.construct_yaml_float(node)
        except ValueError:
            return node.value

    def moment(self, node: yaml.ScalarNode) -> Any:
        """A date; one that is in no calendar stays a text."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_OWN = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag not in _OWN]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_OWN[0], INT, list("-+0123456789"))
_Loader.add_implicit_resolver(_OWN[1], FLOAT, list("-+.0123456789"))
for _tag in _OWN:
    _Loader.add_constructor(_tag, _Loader.number)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.moment)
