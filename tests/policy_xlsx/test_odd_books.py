"""What people do to files and sheets is read as it was meant, or told in one line with the way out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from gridward.policy.problem import PolicyError
from gridward.policy.schema import PolicyBundle
from infra.commands.policy_source import read_source
from infra.policy_xlsx.opening import LARGEST_UNPACKED, OLE, PASSWORD
from infra.policy_xlsx.read import read_workbook
from tests.policy_xlsx.test_workbook import Edit, put, setting


def packed(path: Path, size: int) -> None:
    """A small file that unpacks to `size` bytes."""
    with ZipFile(path, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"\0" * size)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(OLE + b"\0" * 512), "是旧的 .xls 文件，请另存为 .xlsx"),
        (lambda path: path.write_bytes(OLE + b"\0" * 512 + PASSWORD), "有打开密码"),
        (lambda path: path.write_text("代码,名称\n0101,纠纷\n", "utf-8"), "像是改了名的 CSV 文件"),
        (lambda path: path.write_bytes("代码,名称\n".encode("gbk")), "像是改了名的 CSV 文件"),
        (lambda path: path.write_bytes(b""), "不是能读的 .xlsx 文件"),
        (lambda path: path.write_bytes(b"PK\x03\x04 no zip"), "不是能读的 .xlsx 文件"),
        (lambda path: packed(path, 10), "不是能读的 .xlsx 文件"),
        (lambda path: packed(path, LARGEST_UNPACKED + 1), "内容太大"),
        (lambda path: path.write_bytes(b"PK" + b"\0" * (50 << 20)), "有 50 MB，太大"),
        (lambda path: None, "cannot be read"),
    ],
)
def test_what_is_no_workbook_is_told_in_one_line(
    tmp_path: Path, make: Callable[[Path], Any], said: str
) -> None:
    path = tmp_path / "策略.xlsx"
    make(path)
    with pytest.raises(PolicyError) as error:
        read_workbook(path)
    (line,) = error.value.problems
    assert line.startswith("策略.xlsx: ")
    assert said in line
    assert "\n" not in line


def test_a_file_of_another_ending_is_told(tmp_path: Path) -> None:
    (tmp_path / "策略.csv").write_text("代码\n", "utf-8")
    with pytest.raises(PolicyError, match=r"另存为 \.xlsx"):
        read_source(tmp_path / "策略.csv")


def merge(book: Workbook) -> None:
    book["责任"].merge_cells("A5:A7")


def rename(book: Workbook) -> None:
    book["责任"].title = "责任清单"


def title_above(book: Workbook) -> None:
    book["单位"].insert_rows(1)
    book["单位"]["A1"] = "青梧镇单位表（2026）"


def header_again(book: Workbook) -> None:
    sheet = book["类别"]
    for cell in list(sheet[1]):
        sheet.cell(40, cell.column).value = cell.value


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (merge, "责任!A5:A7: 有合并单元格，请取消合并"),
        (rename, "责任: 缺少这张工作表 the sheet is missing；“责任清单”是不是它？"),
        (title_above, "单位!A1: 表头在第 2 行，请删去上面的行"),
        (header_again, "类别!A40: 又是一行表头，请删去"),
        (put("类别", "A60000", "0101"), "类别!A60000: 行数太多"),
        (put("类别", "B3", "=B2"), "类别!B3: 公式没有结果，请改写成值"),
        (put("类别", "A2", True), "类别!A2"),
        (put("类别", "C2", "3级"), "类别!C2"),
        (put("类别", "F2", "有时"), "类别!F2"),
        (put("时限", "D2", "两天"), "时限!D2"),
        (put("单位", "A2", 9.9010110120001e19), "单位!A2: 位数太多"),
        (put("类别", "A2", "#REF!"), "类别!A2"),
    ],
)
def test_what_would_be_misread_is_told(edited: Edit, change: Callable[[Workbook], None], said: str) -> None:
    with pytest.raises(PolicyError) as error:
        read_workbook(edited(change))
    assert any(one.startswith(said) for one in error.value.problems), error.value.problems


def blank_sheet(book: Workbook) -> None:
    book.create_sheet("Sheet1")["A1"] = "草稿"


def spaces_in_names(book: Workbook) -> None:
    book["责任"].title = " 责任 "
    book["类别"]["A1"] = "代码 "


def spaces_in_cells(book: Workbook) -> None:
    for row in book["单位"].iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = f"{cell.value} "


def other_width(book: Workbook) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for row in book["责任"].iter_rows(min_row=2, max_col=1):
        row[0].value = row[0].value and str(row[0].value).translate(wide)


def as_numbers(book: Workbook) -> None:
    for name in ("类别", "大类", "责任", "词表"):
        for row in book[name].iter_rows(min_row=2, max_col=1):
            row[0].value = int(row[0].value) if row[0].value else None


@pytest.mark.parametrize(
    "change",
    [
        blank_sheet,
        spaces_in_names,
        spaces_in_cells,
        other_width,
        as_numbers,
        setting("limits/intake/earliest", 40179),  # 2010-01-01 after its format was lost
        setting("limits/night/start", 22 / 24),
    ],
)
def test_what_was_meant_is_read(
    bundle: PolicyBundle, edited: Edit, change: Callable[[Workbook], None]
) -> None:
    assert read_workbook(edited(change)) == bundle


def test_hidden_rows_count_and_are_told(bundle: PolicyBundle, edited: Edit) -> None:
    def hide(book: Workbook) -> None:
        for number in (3, 4):
            book["类别"].row_dimensions[number].hidden = True

    source = read_source(edited(hide))
    assert source.bundle == bundle
    assert source.notes == ["类别: 2 行被隐藏或筛掉，也算数 hidden rows count as well (3、4)"]
