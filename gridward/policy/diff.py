"""What changed between two policies, row by row, in words that a clerk understands."""

import json
from collections.abc import Iterator
from typing import Any

from gridward.policy.assign import rule_id
from gridward.policy.schema import PolicyBundle

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


def _rows(bundle: PolicyBundle) -> Rows:
    data = bundle.model_dump(mode="json", by_alias=True)
    rows: Rows = {}
    for row in data["categories"]["categories"]:
        rows[f"类别 {row['code']}"] = _flat(row)
    for code, name in data["categories"]["groups"].items():
        rows[f"大类 {code}"] = {"name": name}
    for row, rule in zip(data["responsibility"]["rules"], bundle.responsibility.rules, strict=True):
        rows[f"规则 {rule_id(rule)}"] = _flat(row)
    for name, row in data["responsibility"]["kinds"].items():
        rows[f"单位类型 {name}"] = _flat(row)
    for row in data["units"]["units"]:
        rows[f"单位 {row['code']}"] = _flat(row)
    for code, weights in data["words"]["categories"].items():
        rows[f"词表 {code}"] = {f"权重 {weight}": words for weight, words in weights.items()}
    for code, row in data["limits"]["classes"].items():
        rows[f"时限类 {code}"] = _flat(row)
    return rows | _settings(data)


def _settings(data: dict[str, Any]) -> Rows:
    """Whatever is no table of rows, by its path in the file."""
    tables = {
        "categories": {"categories", "groups"},
        "responsibility": {"rules", "kinds"},
        "units": {"units"},
        "words": {"categories"},
        "limits": {"classes"},
    }
    return {
        f"设置 {file}.yaml": _flat({key: one for key, one in part.items() if key not in tables.get(file, ())})
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
