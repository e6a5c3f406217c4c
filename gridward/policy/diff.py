"""What changed between two policies, row by row, in words that a clerk understands."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from gridward.policy.assign import rule_id
from gridward.policy.schema import PolicyBundle, RuleRow

Rows = dict[str, dict[str, Any]]  # what a row is called -> its fields, nested ones by dotted path

NOTHING = "无"
FIELDS = {
    "name": "名称",
    "severity": "级别",
    "limit_class": "时限类",
    "finish_limit": "时限",
    "sensitive": "敏感",
    "emergency_lines": "报警电话",
    "note": "说明",
    "accept": "接收",
    "contact": "联系",
    "finish": "办结",
    "lead": "牵头",
    "joint": "协同",
    "kinds": "类型",
    "areas": "范围",
    "parent": "上级",
    "backup": "替补",
    "duty.name": "值班人",
    "duty.phone": "值班电话",
    "leader.name": "负责人",
    "leader.phone": "负责人电话",
    "words": "词语",
}


def differences(old: PolicyBundle, new: PolicyBundle) -> list[str]:
    """One line for each changed field, added row or removed row, of two policies that pass the check.

    The order of the rows of a table does not count; the order within one field does.
    """
    before, after = (bundle.model_dump(mode="json", by_alias=True) for bundle in (old, new))
    return differences_of(before, after)


def differences_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """As `differences`, of the data of two policies as `canonical_json` writes it, whatever is wrong with them."""
    before, after = _rows(old), _rows(new)
    return [
        line
        for name in [*before, *(name for name in after if name not in before)]
        for line in _of_row(name, before.get(name), after.get(name))
    ]


def changed_categories(old: PolicyBundle, new: PolicyBundle) -> set[str]:
    """Codes whose row, or whose class of limits, is another one or gone; added ones have no incidents yet."""
    before, after = (
        {row.code: (row, bundle.limits.classes[row.limit_class]) for row in bundle.categories.categories}
        for bundle in (old, new)
    )
    return {code for code, row in before.items() if after.get(code) != row}


def _of_row(name: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[str]:
    if old is None or new is None:
        word, row = ("新增 added", new) if old is None else ("删除 removed", old)
        fields = ", ".join(f"{FIELDS.get(key, key)} {_said(value)}" for key, value in (row or {}).items())
        yield f"{name} {word}: {fields}"
        return
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            yield f"{name} {FIELDS.get(key, key)} {_said(old.get(key))} → {_said(new.get(key))}"


def _rule(row: dict[str, Any]) -> str:
    try:
        return rule_id(RuleRow.model_validate(row))
    except ValidationError:  # of a version that today's schema refuses
        return json.dumps(row, ensure_ascii=False, sort_keys=True)


# Tables of rows: file, field, what people call a row, and by what it is known; the others are known by their key.
LISTS: tuple[tuple[str, str, str, Callable[[dict[str, Any]], Any]], ...] = (
    ("categories", "categories", "类别", lambda row: row.get("code")),
    ("responsibility", "rules", "规则", _rule),
    ("units", "units", "单位", lambda row: row.get("code")),
)
DICTS = (
    ("categories", "groups", "大类"),
    ("responsibility", "kinds", "单位类型"),
    ("words", "categories", "词表"),
    ("limits", "classes", "时限类"),
)


def _rows(data: Mapping[str, Any]) -> Rows:
    rows: Rows = {}
    taken: set[tuple[str, str]] = set()
    for file, field, called, known_by in LISTS:
        table = _table(data, file, field)
        if isinstance(table, list) and all(isinstance(row, dict) for row in table):
            taken.add((file, field))
            for row in table:
                _add(rows, f"{called} {known_by(row)}", row)
    for file, field, called in DICTS:
        table = _table(data, file, field)
        if isinstance(table, dict):
            taken.add((file, field))
            for key, value in table.items():
                _add(rows, f"{called} {key}", _fields(field, value))
    return rows | _settings(data, taken)


def _table(data: Mapping[str, Any], file: str, field: str) -> Any:
    part = data.get(file)
    return part.get(field) if isinstance(part, dict) else None


def _add(rows: Rows, name: str, row: dict[str, Any]) -> None:
    """A second row of one name, which only an old version can have, is not passed over."""
    number = 1
    while (known := name if number == 1 else f"{name}（第 {number} 条）") in rows:
        number += 1
    rows[known] = _flat(row)


def _fields(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {"name": value}
    return {f"权重 {weight}": words for weight, words in value.items()} if field == "categories" else value


def _settings(data: Mapping[str, Any], taken: set[tuple[str, str]]) -> Rows:
    """Whatever is no table of rows, by its path in the file."""
    return {
        f"设置 {file}.yaml": _flat({key: one for key, one in part.items() if (file, key) not in taken})
        if isinstance(part, dict)
        else {"整个文件": part}
        for file, part in data.items()
    }


def _flat(row: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in row.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return flat


def _said(value: Any) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(
            one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value
        )
    return str(value)
