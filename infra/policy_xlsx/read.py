"""Reads a policy from a workbook; every mistake is named by sheet, cell and what to write instead."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gridward.policy.files import FILES
from gridward.policy.parts import Parts
from gridward.policy.problem import Problem
from gridward.policy.schema import PolicyBundle
from gridward.policy.wording import errors_of, said
from infra.policy_xlsx.cells import CellError, from_cell
from infra.policy_xlsx.fields import at, columns, entry_of, entry_of_list, is_list, key_of, patterns
from infra.policy_xlsx.opening import open_workbook
from infra.policy_xlsx.plain_words import meant
from infra.policy_xlsx.sheets import Rows, header_and_rows, sheet_of
from infra.policy_xlsx.tables import (
    HEADERS,
    HELP,
    ITEM,
    NESTED,
    PATH,
    SETTINGS,
    TABLES,
    VALUE,
    Nested,
    Table,
)

SHEETS = {HELP, SETTINGS, *(table.sheet for table in TABLES), *(nested.sheet for nested in NESTED)}
# A sheet that is none of these may have rows of every file.
FILE_OF_SHEET = {
    **{table.sheet: (table.file,) for table in TABLES},
    **{nested.sheet: (nested.file,) for nested in NESTED},
}
Place = tuple[str, ...]  # a file's name and the steps within it, as the schema's errors name them


def read_workbook(path: Path) -> PolicyBundle:
    """Raises `PolicyError` with everything that is wrong, not just the first."""
    return Reading(path).parts().bundle()


class Reading:
    """A workbook that is read once; `say` names the cell of a mistake that only the whole policy shows."""

    def __init__(self, path: Path) -> None:
        self.book, formulas = open_workbook(path)
        self.problems: list[str] = []
        self.wrong: set[str] = set()  # files with a problem
        self.notes: list[str] = []
        self.data: dict[str, Any] = {}
        self.cells: dict[Place, str] = {}
        for line in formulas:
            self._fault(line, *FILE_OF_SHEET.get(line.partition("!")[0], FILES))

    def parts(self) -> Parts:
        for table in TABLES:
            self._table(table)
        self._settings()
        for nested in NESTED:
            self._nested(nested)
        files = {name: self._part(name) for name in FILES if self._wanted(name)}
        whole = {name: part for name, part in files.items() if part is not None and name not in self.wrong}
        return Parts(whole, self.problems, frozenset(self.wrong))

    def called(self, file: str) -> str:
        """The sheets of a file's tables, as people know them."""
        sheets = [sheet for sheet, (own,) in FILE_OF_SHEET.items() if own == file]
        return "、".join(sheets) or f"{SETTINGS} {file}"

    def _fault(self, line: str, *files: str) -> None:
        """`files`: those of which something went unread."""
        self.problems.append(line)
        self.wrong.update(files)

    def _wanted(self, name: str) -> bool:
        return name in self.data or PolicyBundle.model_fields[name].is_required()

    def _part(self, name: str) -> Any:
        shape = FILES[name]
        try:
            return shape.model_validate(self.data.get(name, {}))
        except ValidationError as error:
            for one in errors_of(error):
                where = self._where((name, *map(str, one["loc"])))
                self._fault(f"{where}: {said(one, shape)}", name)
        return None

    def say(self, problem: str) -> str:
        if not isinstance(problem, Problem):
            return problem
        first, *others = (self._cell((file, *map(str, place))) for file, place in problem.spots)
        also = f"（另见 see also {'、'.join(others)}）" if others else ""
        return f"{first}: {problem.text}{also}"

    def _where(self, place: Place) -> str:
        return f"{self._cell(place)} ({'.'.join(place[1:])})"

    def _cell(self, place: Place) -> str:
        """The cell of a place or of the nearest thing around it, else of the first thing in it, else its sheet."""
        for length in range(len(place), 1, -1):
            if place[:length] in self.cells:
                return self.cells[place[:length]]
        sheets = (table.sheet for table in TABLES if (table.file, table.field) == place[:2])
        sheet = next(sheets, SETTINGS)
        within = (cell for spot, cell in self.cells.items() if spot[: len(place)] == place)
        return next(within, sheet) if place[2:] else sheet

    def _grid(self, name: str, wanted: Collection[str]) -> tuple[list[str], Rows]:
        files = FILE_OF_SHEET.get(name, FILES)
        sheet, lack = sheet_of(self.book, name, SHEETS)
        if sheet is None:
            self._fault(lack, *files)
            return [], []
        found: list[str] = []
        header, rows = header_and_rows(sheet, name, wanted, found, self.notes)
        for line in found:
            self._fault(line, *files)
        return header, rows

    def _rows(
        self, sheet: str, keys: Sequence[str], names: Mapping[str, str]
    ) -> Iterator[tuple[int, list[Any], dict[str, Any]]]:
        """Of each row that is filled in its number, the cells of its keys, and the others by their headers."""
        header, rows = self._grid(sheet, [*keys, *names])
        missing = next((name for name in keys if header and name not in header), None)
        if missing is not None:
            self._fault(f"{sheet}!1: 缺少表头 the header is missing: {missing}", *FILE_OF_SHEET[sheet])
            return
        strange = [name for name in header if name and name not in (*keys, *names, *names.values())]
        for name in strange:
            lost = [one for one in names if one in HEADERS.values() and one not in header]
            near = get_close_matches(name, lost, n=1, cutoff=0.3) or lost
            should = f"，应为 should be: {'、'.join(near)}" if near else ""
            line = f"{sheet}!1: 没有“{name}”这一列，请改回原来的表头 no such column{should}"
            self._fault(line, *FILE_OF_SHEET[sheet])
        if strange:
            return  # one mistake, and not one in each row
        for number, cells in rows:
            row = {name: cell for name, cell in zip(header, cells, strict=True) if name}
            yield number, [row.pop(name) for name in keys], row

    def _table(self, table: Table) -> None:
        whole = FILES[table.file].model_fields[table.field].annotation
        entry = entry_of(whole, len(table.keys))
        names = {HEADERS.get(one, one): one for one in columns(entry)} | {table.item or "\0": ITEM}
        into: Any = self.data.setdefault(table.file, {}).setdefault(table.field, {} if table.keys else [])
        for number, heads, row in self._rows(table.sheet, table.keys, names):
            keys = [self._key(table, cell, key_of(whole, depth)) for depth, cell in enumerate(heads)]
            place = (table.file, table.field, *(keys or [str(len(into))]))
            where = f"{table.sheet}!{heads[-1].coordinate if heads else f'A{number}'}"
            for depth, head in enumerate(heads[:-1], start=1):
                self.cells.setdefault(place[: 2 + depth], f"{table.sheet}!{head.coordinate}")
            self.cells[place] = where
            self._put(into, keys, self._entry(table.sheet, place, row, names, entry), where, table.file)

    def _nested(self, nested: Nested) -> None:
        """Rows of lists, each put to whom it belongs to."""
        entry = entry_of_list(nested)
        names = {HEADERS.get(one, one): one for one in columns(entry)}
        holders = self._holders(nested)
        for number, (head,), row in self._rows(nested.sheet, (nested.key,), names):
            where = f"{nested.sheet}!{head.coordinate}"
            key = str(self._value(where, head.value, self._key_of(nested), nested.file) or "")
            if key not in holders:
                near = get_close_matches(key, holders, n=1, cutoff=0.6)
                meant = f"；是不是 {near[0]}？did you mean {near[0]}?" if near else ""
                self._fault(
                    f"{where}: 没有{nested.key} {key or '（空）'} there is no such one{meant}", nested.file
                )
                continue
            place, holder = holders[key]
            into = holder.setdefault(nested.inner, [])
            place = (*place, nested.inner, str(len(into)))
            self.cells[place] = f"{nested.sheet}!A{number}"
            into.append(self._entry(nested.sheet, place, row, names, entry))

    def _holders(self, nested: Nested) -> dict[str, tuple[Place, dict[str, Any]]]:
        """By key: where each entry that may hold such a list stands, and the entry."""
        outer = self.data.get(nested.file, {}).get(nested.outer)
        above = (nested.file, nested.outer)
        if isinstance(outer, list) and nested.by:
            return {str(one.get(nested.by)): ((*above, str(n)), one) for n, one in enumerate(outer)}
        entries = outer.items() if isinstance(outer, dict) else ()
        return {key: ((*above, key), one) for key, one in entries if isinstance(one, dict)}

    def _key_of(self, nested: Nested) -> Any:
        shape = FILES[nested.file]
        return at(shape, [nested.outer, "[1]", nested.by]) if nested.by else None

    def _key(self, table: Table, cell: Any, wanted: Any) -> str:
        where = f"{table.sheet}!{cell.coordinate}"
        return str(self._value(where, cell.value, wanted, table.file) or "")

    def _entry(self, sheet: str, place: Place, row: dict[str, Any], names: dict[str, str], entry: Any) -> Any:
        value: dict[str, Any] = {}
        for header, cell in row.items():
            name = names.get(header, header)
            where = f"{sheet}!{cell.coordinate}"
            steps = name.split(".") if name else []
            wanted = at(entry, steps)
            self.cells[(*place, *steps)] = where
            found = self._value(where, cell.value, wanted, place[0])
            if name == ITEM:
                return [] if found is None and is_list(wanted) else found
            if found is None and any(re.search(form, "") for form in patterns(wanted)):
                found = ""
            if found is not None:
                _set(value, steps, found)
        return value

    def _value(self, where: str, value: Any, wanted: Any, file: str) -> Any:
        try:
            return from_cell(meant(value, wanted), wanted)
        except CellError as error:
            self._fault(f"{where}: {error}", file)
            return None

    def _put(self, into: Any, keys: list[str], value: Any, where: str, file: str) -> None:
        if not keys:
            into.append(value)
            return
        for key in keys[:-1]:
            into = into.setdefault(key, {})
        if keys[-1] in into:
            self._fault(f"{where}: {' '.join(keys)} 重复 is given twice", file)
        into[keys[-1]] = value

    def _settings(self) -> None:
        header, rows = self._grid(SETTINGS, [PATH, VALUE])
        if not header:
            return
        if PATH not in header or VALUE not in header:
            self._fault(f"{SETTINGS}!1: 表头应为 the header should be: {PATH}, {VALUE}", *FILES)
            return
        seen: set[Place] = set()
        for _, cells in rows:
            path, cell = cells[header.index(PATH)], cells[header.index(VALUE)]
            where = f"{SETTINGS}!{cell.coordinate}"
            steps = [
                one.replace("~1", "/").replace("~0", "~") for one in str(path.value or "").strip().split("/")
            ]
            place = tuple(_index(one) for one in steps)
            if steps[0] not in FILES or place in seen:
                self._fault(
                    f"{SETTINGS}!{path.coordinate}: 路径重复或不存在 given twice, or no such path",
                    *({steps[0]} & FILES.keys() or FILES),
                )
                continue
            seen.add(place)
            self.cells[place] = where
            wanted = at(FILES[steps[0]], steps[1:])
            _set_path(self.data, steps, self._setting(where, cell.value, wanted, steps[0]))
        self.data = {name: _lists(part) for name, part in self.data.items()}

    def _setting(self, where: str, value: Any, wanted: Any, file: str) -> Any:
        if value == "{}":
            return {}
        found = self._value(where, value, wanted, file)
        return "" if found is None and str in _plain_types(wanted) else found


def _plain_types(wanted: Any) -> set[Any]:
    return {wanted} if isinstance(wanted, type) else set()


def _index(step: str) -> str:
    """`[1]`, the first entry, as the schema's errors count it: 0."""
    found = re.fullmatch(r"\[(\d+)\]", step)
    return str(int(found[1]) - 1) if found else step


def _set(into: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        into = into.setdefault(step, {})
    into[steps[-1]] = value


def _set_path(data: dict[str, Any], steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        inner = data.get(step)
        if not isinstance(inner, dict):
            inner = data[step] = {}
        data = inner
    data[steps[-1]] = value


def _lists(data: Any) -> Any:
    """Entries `[1]`, `[2]`, … as the list that they are, in their order."""
    if not isinstance(data, dict):
        return data
    if data and all(re.fullmatch(r"\[\d+\]", str(key)) for key in data):
        return [_lists(data[key]) for key in sorted(data, key=lambda key: int(key[1:-1]))]
    return {key: _lists(value) for key, value in data.items()}
