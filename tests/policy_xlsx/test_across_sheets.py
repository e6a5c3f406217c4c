"""What only the whole policy shows to be wrong is named by sheet and cell, as a mistake in one cell is."""

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gridward.policy.problem import PolicyError
from infra.commands.policy_source import read_source
from tests.policy_xlsx.test_workbook import Edit, put


def column(sheet: Worksheet, header: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == header)


def row_of(sheet: Worksheet, **wanted: Any) -> int:
    return next(
        row[0].row
        for row in sheet.iter_rows(min_row=2)
        if all(row[column(sheet, header) - 1].value == value for header, value in wanted.items())
    )


def cell_of(sheet: Worksheet, number: int, header: str) -> str:
    return f"{sheet.title}!{sheet.cell(number, column(sheet, header)).coordinate}"


def problems(edited: Edit, change: Callable[[Workbook], None]) -> list[str]:
    with pytest.raises(PolicyError) as error:
        read_source(edited(change))
    return error.value.problems


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("牵头", "环卫站", "没有单位类型“环卫站”"),
        ("协同", "派出所、天文台", "没有单位类型“天文台”"),
        ("类别", "0591", "没有类别 0591"),
        ("专属网格单位", "学堂", "没有单位类型“学堂”"),
        ("when", "夜里", "没有时段“夜里”"),
        ("limit_class", "Z", "没有时限类“Z”"),
    ],
)
def test_a_name_in_a_rule_that_no_sheet_has(edited: Edit, header: str, value: str, said: str) -> None:
    spot = ""

    def change(book: Workbook) -> None:
        nonlocal spot
        sheet = book["责任"]
        name = header if header in [cell.value for cell in sheet[1]] else "时限类"
        number = row_of(sheet, 类别="0501", 专属网格单位=None)
        sheet.cell(number, column(sheet, name)).value = value
        spot = cell_of(sheet, number, name)

    found = problems(edited, change)
    assert any(one.startswith(f"{spot}: ") and said in one for one in found), (spot, found)


def test_a_tie_names_both_rules(edited: Edit) -> None:
    rows: list[int] = []

    def change(book: Workbook) -> None:
        sheet = book["责任"]
        sheet.append(["" for _ in sheet[1]])
        rows.extend([row_of(sheet, 类别="0501", 专属网格单位=None), sheet.max_row])
        for header, value in (("类别", "0501"), ("牵头", "派出所")):
            sheet.cell(rows[1], column(sheet, header)).value = value

    (found,) = problems(edited, change)
    assert found.startswith(f"责任!A{rows[0]}: ")
    assert f"see also 责任!A{rows[1]}" in found


@pytest.mark.parametrize(
    ("change", "spot", "said"),
    [
        (put("类别", "D2", "X"), "类别!D2", "没有时限类“X”"),
        (put("词表", "A2", "0191"), "词表!A2: ", "没有类别 0191"),
        (put("单位", "C2", "天文台"), "单位!C2", "没有单位类型“天文台”"),
        (put("单位", "A3", "99010110120001"), "单位!A3", "see also 单位!A2"),
        (put("单位类型", "E3", "天文台"), "单位类型!E3", "没有单位类型“天文台”"),
        (put("类别", "A2", "0191"), "责任!A", "没有类别 0101"),
    ],
)
def test_a_mistake_between_sheets(
    edited: Edit, change: Callable[[Workbook], None], spot: str, said: str
) -> None:
    found = problems(edited, change)
    assert any(one.startswith(spot) and said in one for one in found), found


@pytest.mark.parametrize(
    ("form", "untold"),
    [
        (put("类别", "C2", "很急"), "类别、大类；"),  # of a row
        (put("类别", "A1", "编号"), "类别、大类；"),  # of a header
        (put("地名", "F2", "东经"), "地名；"),
    ],
)
def test_mistakes_of_form_in_one_table_hide_none_between_the_others(
    edited: Edit, form: Callable[[Workbook], None], untold: str
) -> None:
    def change(book: Workbook) -> None:
        form(book)
        put("单位", "C2", "天文台")(book)
        put("责任", "A2", "0191")(book)

    *found, last = problems(edited, change)
    assert any(one.startswith("单位!C2: ") and "没有单位类型“天文台”" in one for one in found), found
    assert any("没有类别 0191" in one for one in found) == ("类别" not in untold)
    assert not any("没有适用于所有网格的规则" in one for one in found if "类别" in untold)
    assert last.startswith(f"因有上述写法错误，尚未与其他表互相核对：{untold}")
    assert "there may be more" in last


def test_a_workbook_that_was_compared_whole_says_nothing_of_the_kind(edited: Edit) -> None:
    assert "尚未与其他表互相核对" not in "".join(problems(edited, put("单位", "C2", "天文台")))
