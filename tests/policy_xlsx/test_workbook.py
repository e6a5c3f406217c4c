"""A policy in Excel is the same policy when it is read back, whatever Excel and habit did to its cells."""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from gridward.domain.errors import Refused
from gridward.policy.files import BUNDLED, fingerprint
from gridward.policy.problem import PolicyError
from gridward.policy.schema import PolicyBundle
from infra.commands import policy as policy_command
from infra.policy_xlsx.read import read_workbook
from infra.policy_xlsx.tables import HELP, NESTED, SETTINGS, TABLES
from infra.policy_xlsx.write import write_workbook
from tests.policy.test_diff import with_category
from tests.policy.test_history import with_changes

runner = CliRunner()


Edit = Callable[[Callable[[Workbook], None]], Path]


def put(sheet: str, cell: str, value: Any) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def setting(path: str, value: Any) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        (row,) = [row for row in book[SETTINGS].iter_rows(min_row=2) if row[0].value == path]
        row[1].value = value

    return change


def test_the_bundled_policy_comes_back(bundle: PolicyBundle, exported: Path) -> None:
    again = read_workbook(exported)
    assert again == bundle
    assert fingerprint(again) == fingerprint(bundle)


def test_every_table_has_its_sheet_after_the_help(exported: Path) -> None:
    book = load_workbook(exported)
    lists = [nested.sheet for nested in NESTED]
    assert book.sheetnames == [HELP, *(table.sheet for table in TABLES), *lists, SETTINGS]
    first = book["类别"]["A2"]
    assert (first.value, first.data_type, first.number_format) == ("0101", "s", "@")
    formulas = {one.formula1 for one in book["类别"].data_validations.dataValidation}
    assert formulas == {"'时限'!$A$2:$A$500", '"是,否"'}


def habits(book: Workbook) -> None:
    """What people and Excel do to cells without meaning to change anything."""
    sheet = book["类别"]
    sheet["A2"] = 101  # the leading zero is gone
    sheet["A3"] = "０１０２"
    sheet["A4"] = " 0103 "
    sheet["C2"] = "３"
    sheet["E2"] = None
    sheet.insert_rows(5)
    sheet["B5"] = "  "
    book["大类"]["A2"] = 1
    book["责任"]["A2"] = 1
    book["责任"]["A3"] = 101.0
    book["单位"]["A2"] = 99010110120001


def test_excel_habits_change_nothing(bundle: PolicyBundle, edited: Edit) -> None:
    assert read_workbook(edited(habits)) == bundle


def test_a_time_and_a_moment_that_excel_made_its_own_are_understood(
    bundle: PolicyBundle, edited: Edit
) -> None:
    assert read_workbook(edited(setting("limits/night/start", time(22, 0)))) == bundle
    assert read_workbook(edited(setting("limits/intake/earliest", datetime(2010, 1, 1)))) == bundle  # noqa: DTZ001


def test_columns_may_be_moved(bundle: PolicyBundle, edited: Edit) -> None:
    def reverse(book: Workbook) -> None:
        for table in (*TABLES, *NESTED):
            sheet = book[table.sheet]
            rows = [[cell.value for cell in reversed(row)] for row in sheet.iter_rows()]
            for number, row in enumerate(rows, start=1):
                for index, value in enumerate(row, start=1):
                    sheet.cell(number, index).value = value

    assert read_workbook(edited(reverse)) == bundle


def test_a_clerk_adds_a_place_a_duty_and_a_holiday(bundle: PolicyBundle, edited: Edit) -> None:
    unit = next(one for one in bundle.units.units if one.roster)

    def add(book: Workbook) -> None:
        places, duties, days = (book[name] for name in ("地名", "值班表", "节假日"))
        named = {cell.value: cell.column for cell in places[1]}
        last = len(bundle.gazetteer.places) + 2
        for header, value in (("名称", "新河小学"), ("种类", "school"), ("经度", 118.41), ("纬度", 30.95)):
            places.cell(last, named[header]).value = value
        rows = sum(len(one.roster) for one in bundle.units.units) + 2
        for column, value in enumerate([unit.code, "6、7", "08:00-12:00，13:00-20:30"], 1):
            duties.cell(rows, column).value = value
        duties.cell(rows, 4).value, duties.cell(rows, 5).value = "周末值班", "0578-5120999"
        holidays = sum(len(one.dates) for one in bundle.responsibility.windows.values()) + 2
        for column, value in enumerate(["holiday", datetime(2028, 1, 1), "2028-01-03"], 1):  # noqa: DTZ001
            days.cell(holidays, column).value = value

    again = read_workbook(edited(add))
    assert again.gazetteer.places[-1].name == "新河小学"
    mine = next(one for one in again.units.units if one.code == unit.code)
    assert [(hours.start, hours.end) for hours in mine.roster[-1].hours] == [
        (time(8), time(12)),
        (time(13), time(20, 30)),
    ]
    assert (mine.roster[-1].days, mine.roster[-1].person.name) == ([6, 7], "周末值班")
    days = again.responsibility.windows["holiday"].dates[-1]
    assert (days.first, days.last) == (date(2028, 1, 1), date(2028, 1, 3))


@pytest.mark.parametrize(
    ("change", "cell", "said"),
    [
        (put("类别", "A3", "01x2"), "类别!A3", "write 4 digits"),
        (put("类别", "C3", 7), "类别!C3", "less than or equal to 4"),
        (put("时限", "C2", "10 minutes"), "时限!C2", "10 minutes"),
        (put("单位类型", "B3", "city"), "单位类型!B3", "township"),
        (put("单位", "A3", 990101101200020001), "单位!A3", "make the cell text"),
        (put("单位", "G3", datetime(2026, 1, 2)), "单位!G3", "make the cell text"),  # noqa: DTZ001
        (put("大类", "A3", "01"), "大类!A3", "given twice"),
        (put("类别", "B3", None), "类别!B3", "required"),
        (
            put("类别", "D1", "时限级"),
            "类别!1",
            "没有“时限级”这一列，请改回原来的表头 no such column，应为 should be: 时限类",
        ),
        (put("词表", "A1", "代码"), "词表!1", "类别代码"),
        (setting("limits/rework_share", 2), SETTINGS, "rework_share"),
        (put(SETTINGS, "A2", "limit/night"), f"{SETTINGS}!A2", "no such path"),
        (lambda book: book.remove(book["责任"]), "责任", "missing"),
        (put("地名", "B3", "书院"), "地名!B3", "'school'"),
        (put("值班表", "A2", "99010110120009"), "值班表!A2", "did you mean 9901011012000"),
        (put("值班表", "C2", "8点到17点"), "值班表!C2", "08:00-18:00"),
        (put("值班表", "B2", "9"), "值班表!B2", "不大于 7"),
        (put("节假日", "A2", "春节"), "节假日!A2", "没有时段 春节"),
        (put("节假日", "B2", "2027-13-01"), "节假日!B2", "2027-13-01"),
    ],
)
def test_a_mistake_is_named_by_sheet_and_cell(
    edited: Edit, change: Callable[[Workbook], None], cell: str, said: str
) -> None:
    with pytest.raises(PolicyError) as error:
        read_workbook(edited(change))
    assert any(one.startswith(cell) and said in one for one in error.value.problems), error.value.problems


def test_mistakes_of_several_sheets_are_told_together(edited: Edit) -> None:
    def change(book: Workbook) -> None:
        book["类别"]["C3"] = 7
        book["时限"]["C2"] = "soon"

    with pytest.raises(PolicyError) as error:
        read_workbook(edited(change))
    assert [one.split()[0] for one in error.value.problems] == ["类别!C3", "时限!C2"]


def test_texts_that_look_like_formulas_or_lists_come_back(bundle: PolicyBundle, tmp_path: Path) -> None:
    changed = with_category(bundle, "0501", note="=1+1", emergency_lines=["a、b", "[c", ""])
    write_workbook(changed, tmp_path / "odd.xlsx")
    assert read_workbook(tmp_path / "odd.xlsx") == changed


@pytest.mark.parametrize("text", [" blank", "\x07"])
def test_a_text_that_excel_would_change_is_refused_and_nothing_is_left(
    bundle: PolicyBundle, tmp_path: Path, text: str
) -> None:
    with pytest.raises(Refused, match="YAML"):
        write_workbook(with_category(bundle, "0501", name=text), tmp_path / "odd.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("no", "utf-8")
    with pytest.raises(PolicyError, match=r"x\.xlsx"):
        read_workbook(tmp_path / "x.xlsx")


def test_the_commands_take_a_workbook(tmp_path: Path, edited: Edit) -> None:
    file = str(tmp_path / "policy.xlsx")
    assert runner.invoke(policy_command.app, ["export", str(BUNDLED), "--xlsx", file]).exit_code == 0
    assert runner.invoke(policy_command.app, ["check", file]).exit_code == 0
    assert "没有差别" in runner.invoke(policy_command.app, ["diff", str(BUNDLED), file]).output
    changed = str(edited(put("类别", "C3", 2)))
    assert "类别 0102 级别 4 → 2" in runner.invoke(policy_command.app, ["diff", file, changed]).output


def test_what_is_in_no_table_comes_back_by_its_path(bundle: PolicyBundle, tmp_path: Path) -> None:
    changed = with_changes(bundle, ("split", "0591", "0501 0502"), ("retire", "0592", ""))
    write_workbook(changed, tmp_path / "changes.xlsx")
    assert read_workbook(tmp_path / "changes.xlsx") == changed


def test_a_renamed_column_is_one_mistake(edited: Edit) -> None:
    with pytest.raises(PolicyError) as error:
        read_workbook(edited(put("类别", "D1", "时限级")))
    assert len([one for one in error.value.problems if one.startswith("类别!")]) == 1


def test_limits_and_kinds_are_written_as_people_say_them(bundle: PolicyBundle, exported: Path) -> None:
    sheets = load_workbook(exported)
    names = [cell.value for cell in sheets["时限"][1]]
    rows = {
        row[0].value: dict(zip(names, (cell.value for cell in row), strict=True)) for row in sheets["时限"]
    }
    assert bundle.limits.classes["A"].accept == "10 MIN"
    assert rows["A"]["签收"] == "10 分钟"
    kinds = {cell.value for cell in sheets["地名"]["B"][1:] if cell.value}
    assert "学校" in kinds
    assert not {"school", "village", "road"} & kinds


@pytest.mark.parametrize(
    ("typed", "limit"),
    [
        ("15分钟", "15 MIN"),
        ("6 工作时", "6 WH"),
        ("3天", "3 CD"),
        ("2 小时", "2 EH"),
        ("1.5 工作日", "1.5 WD"),
        ("8 WH", "8 WH"),
    ],
)
def test_a_limit_is_understood_as_people_write_it(edited: Edit, typed: str, limit: str) -> None:
    again = read_workbook(edited(put("时限", "C2", typed)))
    assert next(iter(again.limits.classes.values())).accept == limit


@pytest.mark.parametrize(
    ("typed", "kind"), [("社区", "village"), ("镇", "town"), ("estate", "estate"), ("路口", None)]
)
def test_a_kind_is_understood_as_people_call_it(edited: Edit, typed: str, kind: str | None) -> None:
    if kind is None:  # a crossing needs two roads: the word was understood, and the place is wrong
        with pytest.raises(PolicyError, match="crossing"):
            read_workbook(edited(put("地名", "B3", typed)))
    else:
        assert read_workbook(edited(put("地名", "B3", typed))).gazetteer.places[1].kind == kind
