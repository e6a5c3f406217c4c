"""Which columns hold a grid's code, name, level and kind, under the names that counties really use.

A code is text of 12 to 20 digits (domain: 12 of the statistics bureau, then 3 for the grid, then 2 for a micro
grid 微网格). It may arrive in a numeric column only if no digit was lost on the way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from gridward.domain.errors import Refused

# Best first. Names of a .dbf are cut after ten bytes, so the cut forms stand here too.
CODE_NAMES = (
    *(
        "code",
        "wgdm",
        "wgbm",
        "grid_code",
        "gridcode",
        "网格编码",
        "网格代码",
        "网格编号",
        "网格编",
        "网格代",
    ),
    *("编码", "代码", "bm", "dm", "qhdm", "xzqdm", "区划代码", "行政区划代码"),
)
NAME_NAMES = ("name", "mc", "wgmc", "grid_name", "gridname", "网格名称", "网格名", "名称", "xzqmc", "qhmc")
LEVEL_NAMES = (
    "level",
    "cj",
    "wgcj",
    "wgjb",
    "grid_level",
    "网格层级",
    "网格层",
    "网格级别",
    "层级",
    "级别",
    "jb",
)
SPECIAL_NAMES = ("special", "sfzs", "wglx", "grid_type", "网格类型", "网格类", "是否专属", "类型")
SPECIAL_WORDS = frozenset({"1", "true", "yes", "y", "t", "是", "专属", "专属网格", "special"})

CODE = re.compile(r"[0-9]{12,20}")
WHOLE_NUMBER = re.compile(r"([0-9]+)\.0*")
EXACT_IN_A_DOUBLE = 2**53


def column_named(columns: Iterable[str], known: tuple[str, ...]) -> str | None:
    """The file's own column for one of the known names, the best of them; None when there is none."""
    by_plain = {unicodedata.normalize("NFKC", column).strip().lower(): column for column in columns}
    return next((by_plain[name] for name in known if name in by_plain), None)


def naming_column(features: Sequence[Mapping[str, object]]) -> str | None:
    """A column of any ...code or ...id whose texts tell every feature from the others; None when there is none."""
    for column in dict.fromkeys(name for one in features for name in one):
        values = [str(one.get(column) or "").strip() for one in features]
        if (
            column.strip().lower().endswith(("code", "id"))
            and all(values)
            and len(set(values)) == len(values)
        ):
            return column
    return None


def code_of(value: object, label: str) -> str:
    """The grid code as text. Raises Refused, naming the feature, when it is not 12 to 20 digits or was a float."""
    if isinstance(value, float):
        raise Refused(
            f"{label}: 编码 {value!r} 是浮点数, 可能丢了末位; the code came as a float, give it as text"
        )
    text = unicodedata.normalize("NFKC", "" if value is None else str(value)).strip()
    whole = WHOLE_NUMBER.fullmatch(text)
    if whole and int(whole.group(1)) <= EXACT_IN_A_DOUBLE:
        # A numeric column with decimals, "331125001000.000": all its digits are there.
        text = whole.group(1)
    if not CODE.fullmatch(text):
        shown = text[:40] or "空 empty"
        raise Refused(f"{label}: 编码 {shown} 不是 12 至 20 位数字; the code is not 12 to 20 digits")
    return text


def refuse_rounded(numbers: Iterable[int]) -> None:
    """Refuse a numeric code column that went through a double and lost its last digits.

    Codes above 2**53 that all happen to be doubles exactly did not come about by chance: untouched ones are
    exact once in sixteen or less.
    """
    large = [number for number in numbers if number > EXACT_IN_A_DOUBLE]
    if large and all(int(float(number)) == number for number in large):
        raise Refused(
            f"编码 {large[0]} 等 {len(large)} 个为数值且末位可能已被舍入, 请以文本提供; "
            "numeric codes seem rounded, give them as text"
        )


def text_of(properties: Mapping[str, object], column: str | None, default: str) -> str:
    """A property as stripped text; the default when it is missing or empty."""
    value = properties.get(column) if column else None
    return unicodedata.normalize("NFC", str(value)).strip() or default if value is not None else default


def is_special(properties: Mapping[str, object], column: str | None, code: str) -> bool:
    """Whether this is a grid of its own kind (专属网格): said so, or numbered 901 to 999 in its village."""
    if column and properties.get(column) not in (None, ""):
        return str(properties[column]).strip().lower() in SPECIAL_WORDS
    return len(code) in (15, 17) and code[12:15] >= "901"
