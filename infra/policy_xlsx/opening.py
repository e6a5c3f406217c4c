"""Opens a workbook, or says what else the file is: an old .xls, a text, one with a password, one far too large."""

import warnings
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from gridward.policy.problem import PolicyError

OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # how .xls begins, and .xlsx with a password
PASSWORD = "EncryptedPackage".encode("utf-16-le")
LARGEST = 20 << 20  # bytes of a file; a county's whole policy has some hundred thousand
LARGEST_UNPACKED = 200 << 20
NOT_READABLE = "不是能读的 .xlsx 文件，请在 Excel 或 WPS 中另存为 .xlsx is no readable .xlsx file"


def open_workbook(path: Path) -> tuple[Workbook, list[str]]:
    """The workbook with the results of its formulas, and a line for each formula that has none.

    Raises `PolicyError`.
    """
    _refuse_others(path)
    book = _load(path, results=False)
    formulas = [
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        for cell in sheet._cells.values()
        if isinstance(cell, Cell) and cell.data_type == "f"
    ]
    if not formulas:
        return book, []
    book = _load(path, results=True)
    return book, [
        f"{sheet}!{cell}: 公式没有结果，请改写成值 the formula has no result: write its value"
        for sheet, cell in formulas
        if book[sheet][cell].value is None
    ]


def _load(path: Path, results: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about looks that are not kept, which nobody here keeps
            return load_workbook(path, data_only=results)
    except Exception:  # whatever it stumbles over in a file that is none
        raise PolicyError([f"{path.name}: {NOT_READABLE}"]) from None


def _refuse_others(path: Path) -> None:
    what = _other(path)
    if what is not None:
        raise PolicyError([f"{path.name}: {what}"])


def _other(path: Path) -> str | None:
    """What the file is instead of a workbook, with the way out; None for a workbook."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            return (
                f"有 {size >> 20} MB，太大，请另存一份只有策略的 has {size >> 20} MB, too large for a policy"
            )
        raw = path.read_bytes()
        if raw.startswith(OLE):
            if PASSWORD in raw:
                return "有打开密码，请在 Excel 中去掉密码再保存 is under a password: save it without one"
            return "是旧的 .xls 文件，请另存为 .xlsx is an old .xls file: save it as .xlsx"
        if not raw.startswith(b"PK"):
            return _of_text(raw)
        with ZipFile(path) as parts:
            if sum(one.file_size for one in parts.infolist()) > LARGEST_UNPACKED:
                return "内容太大，请删去多余的行和列 holds too much: delete spare rows and columns"
    except OSError as error:
        return f"读不了这个文件 cannot be read: {error.strerror}"
    except BadZipFile:
        return NOT_READABLE
    return None


def _of_text(raw: bytes) -> str:
    if b"\x00" in raw or b"," not in raw:
        return NOT_READABLE
    return "像是改了名的 CSV 文件，请在 Excel 中打开再另存为 .xlsx looks like a CSV file: save it as .xlsx"
