"""The header (表头) and the rows of a sheet, and what people do to sheets that would make a row go unseen."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from infra.policy_xlsx.cells import narrow

MOST_ROWS = 50_000
Rows = list[tuple[int, list[Any]]]  # number in the sheet, cells


def sheet_of(book: Workbook, name: str, others: Collection[str]) -> tuple[Worksheet | None, str]:
    """The sheet of that name; else None and what to do about it. `others`: the names that other sheets should have."""
    for title in book.sheetnames:
        if narrow(title) == name:
            return book[title], ""
    strangers = [one for one in book.sheetnames if narrow(one) not in others]
    near = get_close_matches(name, strangers, n=1, cutoff=0.4)
    meant = f"；“{near[0]}”是不是它？请改回原名 is it {near[0]}? give it its name again" if near else ""
    return None, f"{name}: 缺少这张工作表 the sheet is missing{meant}"


def header_and_rows(
    sheet: Worksheet, name: str, wanted: Collection[str], problems: list[str], notes: list[str]
) -> tuple[list[str], Rows]:
    """The header and the rows that are not empty. What is wrong goes to `problems`, what is odd to `notes`."""
    if sheet.max_row > MOST_ROWS:
        problems.append(
            f"{name}!A{sheet.max_row}: 行数太多，请删去下面多余的行 too many rows: delete the spare ones below"
        )
        return [], []
    for merged in sheet.merged_cells.ranges:
        problems.append(
            f"{name}!{merged.coord}: 有合并单元格，请取消合并，每格都填 are merged: split them and fill in each"
        )
    rows = [(row[0].row or 0, list(row)) for row in sheet.iter_rows()]
    header = _texts(rows[0][1]) if rows else []
    below = next((number for number, cells in rows[1:4] if _fits(_texts(cells), wanted)), None)
    if below is not None and not _fits(header, wanted):
        problems.append(
            f"{name}!A1: 表头在第 {below} 行，请删去上面的行 the header is in row {below}: delete what is above"
        )
        return [], []
    filled = [(number, cells) for number, cells in rows[1:] if any(_texts(cells))]
    for number, cells in filled:
        if _texts(cells) == header:
            problems.append(f"{name}!A{number}: 又是一行表头，请删去 is a second header: delete the row")
    hidden = [number for number, _ in filled if sheet.row_dimensions[number].hidden]
    if hidden:
        notes.append(
            f"{name}: {len(hidden)} 行被隐藏或筛掉，也算数 hidden rows count as well ({_listed(hidden)})"
        )
    return header, [(number, cells) for number, cells in filled if _texts(cells) != header]


def _texts(cells: list[Any]) -> list[str]:
    return ["" if cell.value is None else str(cell.value).strip() for cell in cells]


def _fits(texts: list[str], wanted: Collection[str]) -> bool:
    """Whether most of a sheet's headers are there."""
    return 2 * len(set(texts) & set(wanted)) > len(wanted)


def _listed(numbers: list[int]) -> str:
    said = "、".join(map(str, numbers[:5]))
    return said if len(numbers) <= 5 else f"{said}……"
