"""Writes a policy as a workbook: a sheet for each table, drop-down lists where only some values may be."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gridward.domain.errors import Refused
from gridward.policy.export import plain
from gridward.policy.files import FILES, fingerprint
from gridward.policy.schema import PolicyBundle
from infra.policy_xlsx.cells import to_cell
from infra.policy_xlsx.fields import allowed, at, columns, entry_of, entry_of_list
from infra.policy_xlsx.plain_words import said
from infra.policy_xlsx.read import read_workbook
from infra.policy_xlsx.tables import (
    HEADERS,
    HELP,
    INSTRUCTIONS,
    ITEM,
    NESTED,
    PATH,
    SETTINGS,
    TABLES,
    VALUE,
    Nested,
    Table,
)

TEXT = "@"  # Excel's format for a cell that stays as it was typed
SPARE_ROWS = 500  # below the last row, where lists and the text format hold as well


def write_workbook(bundle: PolicyBundle, path: Path) -> None:
    """Raises `Refused` if the file is there already, cannot be written or would not be the same policy again."""
    if path.exists():
        raise Refused(f"{path} 已存在，请换一个文件名 exists already: name another file")
    book = Workbook()
    book.remove(book.worksheets[0])
    book.create_sheet(HELP)
    for line in INSTRUCTIONS:
        book[HELP].append([line])
    data = plain(bundle)
    lists = {nested.sheet: _taken(data, nested) for nested in NESTED}
    try:
        for table in TABLES:
            _table(book.create_sheet(table.sheet), table, data[table.file].pop(table.field))
        for nested in NESTED:
            entry = entry_of_list(nested)
            sheet = book.create_sheet(nested.sheet)
            _sheet(sheet, (nested.key,), entry, columns(entry), lists[nested.sheet])
        _settings(book.create_sheet(SETTINGS), data)
        book.save(path)
    except IllegalCharacterError:
        raise Refused(
            "策略中有 Excel 不能保存的字符，请用 YAML a text cannot be kept in Excel: use YAML"
        ) from None
    except OSError as error:
        raise Refused(f"无法写入 cannot write {path}: {error.strerror}") from None
    if fingerprint(read_workbook(path)) != fingerprint(bundle):
        path.unlink()
        raise Refused("策略中有 Excel 不能原样保存的文字，请用 YAML a text would change in Excel: use YAML")


def _table(sheet: Worksheet, table: Table, data: Any) -> None:
    entry = entry_of(FILES[table.file].model_fields[table.field].annotation, len(table.keys))
    own_sheets = {one.inner for one in NESTED if (one.file, one.outer) == (table.file, table.field)}
    fields = [name for name in columns(entry) if name not in own_sheets] or [ITEM]
    _sheet(sheet, table.keys, entry, fields, list(_rows(data, len(table.keys))), table)


def _sheet(
    sheet: Worksheet,
    heads: Sequence[str],
    entry: Any,
    fields: Sequence[str],
    rows: Sequence[tuple[list[Any], Any]],
    table: Table | None = None,
) -> None:
    """`heads`: the headers of the keys, that each row has before its fields."""
    item, lists = (table.item, table.lists) if table else ("", {})
    wanted = {one: at(entry, one.split(".")) if one else None for one in fields}
    _row(sheet, 1, [*heads, *(HEADERS.get(one, one) or item for one in fields)])
    for number, (keys, row) in enumerate(rows, start=2):
        _row(sheet, number, [*keys, *(said(_cell(row, one), wanted[one]) for one in fields)])
    last = len(rows) + 1 + SPARE_ROWS
    for index, name in enumerate(fields, start=len(heads) + 1):
        closed = [said(one, wanted[name]) for one in allowed(wanted[name])]
        _choices(sheet, index, last, lists.get(name), closed)
    _looks(sheet, last)


def _taken(data: dict[str, Any], nested: Nested) -> list[tuple[list[Any], Any]]:
    """The rows of all the lists with whose they are, taken out of what holds them."""
    holders = data[nested.file][nested.outer]
    pairs = [(one[nested.by], one) for one in holders] if nested.by else holders.items()
    return [([key], row) for key, holder in pairs for row in holder.pop(nested.inner, [])]


def _rows(data: Any, depth: int) -> Iterator[tuple[list[Any], Any]]:
    if isinstance(data, list):
        yield from (([], row) for row in data)
    elif depth == 0:
        yield [], data
    else:
        for key, value in data.items():
            yield from (([key, *keys], row) for keys, row in _rows(value, depth - 1) if depth > 1)
            if depth == 1:
                yield [key], value


def _cell(row: Any, name: str) -> Any:
    for step in name.split(".") if name else ():
        row = row.get(step) if isinstance(row, dict) else None
    return None if row is None else to_cell(row)


def _settings(sheet: Worksheet, data: dict[str, Any]) -> None:
    _row(sheet, 1, [PATH, VALUE])
    for number, (path, value) in enumerate(_leaves(data), start=2):
        _row(sheet, number, ["/".join(path), to_cell(value)])
    _looks(sheet, sheet.max_row + SPARE_ROWS)


def _leaves(data: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _leaves(
                value, (*above, re.sub("[~/]", lambda c: {"~": "~0", "/": "~1"}[c[0]], str(key)))
            )
    elif isinstance(data, list) and any(isinstance(one, dict | list) for one in data):
        for index, value in enumerate(data, start=1):
            yield from _leaves(value, (*above, f"[{index}]"))
    elif above[1:] or data:
        yield above, data


def _row(sheet: Worksheet, number: int, values: list[Any]) -> None:
    for index, value in enumerate(values, start=1):
        cell = sheet.cell(number, index)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # a text that begins with = is no formula


def _choices(sheet: Worksheet, index: int, last: int, of_sheet: str | None, closed: list[str]) -> None:
    source = f"'{of_sheet}'!$A$2:$A${SPARE_ROWS}" if of_sheet else f'"{",".join(closed)}"' if closed else None
    if source is None:
        return
    choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    letter = get_column_letter(index)
    choice.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(choice)


def _looks(sheet: Worksheet, last: int) -> None:
    sheet.freeze_panes = "A2"
    for index in range(1, sheet.max_column + 1):
        sheet.cell(1, index).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = 18
        for number in range(2, last + 1):
            if not isinstance(sheet.cell(number, index).value, int | float):
                sheet.cell(number, index).number_format = TEXT
