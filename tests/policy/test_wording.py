"""What a clerk gets wrong in a policy's files is named by file and line, in Chinese first, with what to write."""

import re
import shutil
from pathlib import Path

import pytest

from gridward.policy.files import BUNDLED, FILES, load_bundle, load_file
from gridward.policy.problem import PolicyError
from infra.commands.policy_source import read_source

FIRST = '{code: "0101", name: "婚恋家庭纠纷", severity: 3, limit_class: M, sensitive: true'
CENTRE = 'code: "99010110120001", name: 青梧镇综治中心, kinds: [综治中心, 信访办]'

# file, what stands there, what the clerk makes of it, what he is told
SLIPS = [
    ("categories", '"0101"', "101", 'categories.0.code: 应为文本，请加引号 "101" (put it in quotes)'),
    ("categories", 'code: "0101"', 'code: "101"', "不能写 101，应为 4 位数字 write 4 digits"),
    ("categories", 'code: "0102"', 'code: "0101"', "类别 0101 写了两次，请只留一条"),
    ("categories", 'code: "0101"', 'code: "1201"', "没有大类 12，请改代码"),
    ("categories", 'code: "0101"', 'code："0101"', "冒号要用半角“:”"),
    ("categories", 'code: "0101"', 'code:"0101"', "冒号要用半角“:”，后面空一格"),
    ("categories", 'code: "0101", ', 'code: "0101"，', "各项之间要用半角逗号"),
    ("categories", 'code: "0101", ', 'code: "0101" ', "括号没有成对，或两项之间少了逗号"),
    ("categories", 'code: "0101"', "code: 0101", None),
    ("categories", FIRST, FIRST.replace(", severity: 3", ""), "severity: 缺少这个字段，请补上"),
    ("categories", FIRST, FIRST.replace("severity: 3", "severity: 较急"), "不能写 较急，应为整数，如 3"),
    ("categories", FIRST, FIRST.replace("severity: 3", "severity: 5"), "不能写 5，应不大于 4"),
    ("categories", FIRST, FIRST.replace("severity: 3", "severity: 0"), "不能写 0，应不小于 1"),
    ("categories", FIRST, FIRST.replace("severity: 3", "severity: 2.5"), "应为整数，不能有小数"),
    ("categories", FIRST, FIRST.replace("severity: 3", f"severity: {'9' * 5000}"), "数字太大"),
    ("categories", FIRST, FIRST.replace("severity: 3", "级别: 3"), "级别: 没有这个字段"),
    ("categories", FIRST, FIRST.replace("severity: 3", "Severity: 3"), "did you mean severity?"),
    ("categories", FIRST, FIRST.replace("severity", "severty"), "是不是 severity？did you mean severity?"),
    ("categories", FIRST, FIRST.replace("sensitive: true", "sensitive: 敏感"), "应为 true（是）或 false（否）"),
    ("categories", FIRST, FIRST.replace('"婚恋家庭纠纷"', "2026-01-01"), '请加引号 "2026-01-01"'),
    ("categories", FIRST, FIRST.replace('"婚恋家庭纠纷"', '"婚恋家庭纠纷'), "引号没有成对"),
    ("categories", FIRST, FIRST.replace('"婚恋家庭纠纷"', "@家庭"), "以 @ % ` 开头的文字要加引号"),
    ("categories", FIRST, FIRST.replace('"婚恋家庭纠纷"', "*家庭"), "以 & 或 * 开头的文字要加引号"),
    ("categories", FIRST, FIRST.replace('"婚恋家庭纠纷"', "*family"), "以 * 开头的文字要加引号"),
    ("categories", FIRST, FIRST.replace('"婚恋家庭纠纷"', "!family"), "以 ! 开头的文字要加引号"),
    ("categories", FIRST, FIRST.replace("}", "") + ", emergency_lines: 110", "应为列表，只有一项也写成 [甲]"),
    ("categories", '  "05": 市容与市政', '\t"05": 市容与市政', "缩进里有 Tab，请改用空格"),
    ("categories", '  "05": 市容与市政', '"05": 市容与市政', "缩进不对"),
    ("categories", '  "05": 市容与市政', '    "05": 市容与市政', "缩进不对"),
    ("categories", "categories:\n", "categories:\n  - 土地纠纷\n", "应为若干“字段: 值”，字段有"),
    ("limits", "accept: 10 MIN", "accept: 10MIN", "时限写法：10 MIN 分钟"),
    ("limits", "accept: 10 MIN", "accept: 10分钟", "时限写法：10 MIN 分钟"),
    ("limits", "accept: 10 MIN", "accept: 0 MIN", "时限写法：10 MIN 分钟"),
    ("limits", 'start: "22:00"', "start: 22", 'night.start: 应为时刻，如 "22:00"'),
    ("limits", 'start: "22:00"', "start: 25:00", "不能写 25:00，应为时刻"),
    ("limits", 'start: "22:00"', "start: 晚上十点", "不能写 晚上十点，应为时刻"),
    ("limits", "rework_share: 0.5", "rework_share: 50%", "不能写 50%，应为数字，如 0.5"),
    ("limits", "rework_share: 0.5", "rework_share: 1e999", "应为有限的数"),
    ("limits", "rework_share: 0.5", "rework_share: .inf", "应为有限的数"),
    ("limits", "rework_share: 0.5", "rework_share：0.5", "冒号要用半角“:”"),
    ("limits", "rework_share: 0.5", "rework_share:0.5", "冒号后面要空一格"),
    ("limits", "rework_share: 0.5", "rework_share 0.5", "字段名后面少了冒号"),
    ("limits", "rework_share: 0.5", " rework_share: 0.5", "缩进不对"),
    ("limits", "rework_share: 0.5", "rework_share: 0.5\nrework_share: 0.6", "rework_share 写了两次，请只留一个"),
    ("limits", "rework_share: 0.5", "---\nrework_share: 0.5", "文件里只能有一份内容，请删去 ---"),
    ("limits", "rework_share: 0.5", "rework_share: \x07", "有看不见的控制字符，请删去"),
    ("limits", 'earliest: "2010-01-01T00:00:00+08:00"', "earliest: 2010", "earliest: 应为时刻"),
    ("limits", 'earliest: "2010-01-01T00:00:00+08:00"', "earliest: 2010-01-01", "应为带时区的时刻"),
    ("limits", "tell: unit_desk", "tell: 值班岗", "不能写 值班岗，可写 'unit_desk'"),
    ("responsibility", "{level: township", "{level: 乡镇", "不能写 乡镇，可写 'township', 'county'"),
    ("responsibility", 'category: "0101"', 'category: "101"', "应为两位或四位数字"),
    ("units", CENTRE, CENTRE.replace("[综治中心, 信访办]", "综治中心"), "应为列表，只有一项也写成 [甲]"),
    ("units", CENTRE, CENTRE.replace("[综治中心, 信访办]", "[]"), "至少要有 1 项"),
    ("units", CENTRE, CENTRE.replace("99010110120001", "9901011012000"), "应为 14 位数字"),
    ("units", CENTRE, CENTRE.replace("9901011", "９９01011"), None),
    ("attributes", "  gap: 2", "  gap: 20", "不能写 20，应不大于 10"),
    ("attributes", "  minors: [未成年,", "  minors: [[未成年],", "应为文本，请加引号"),
    ("same", "place_m: 150", "place_m: -1", "不能写 -1，应大于 0"),
    ("same", "place_m: 150", "place_m: 一百米", "不能写 一百米，应为数字"),
    ("personal", "away_step_m: 50", "away_step_m: 0", "不能写 0，应不小于 1"),
    ("words", "drift: {some: 0.1,", "drift: {some: 0.5,", "some 应小于 great"),
    ("gazetteer", "kind: school", "kind: 学校", "不能写 学校，可写 'town', 'village'"),
]  # fmt: skip


def mistakes(path: Path, name: str) -> list[str]:
    try:
        load_file(path, FILES[name])
    except PolicyError as error:
        return error.problems
    return []


@pytest.mark.parametrize(("name", "right", "wrong", "told"), SLIPS)
def test_a_slip_is_told_with_file_and_line_in_chinese_and_english(
    tmp_path: Path, name: str, right: str, wrong: str, told: str | None
) -> None:
    text = (BUNDLED / f"{name}.yaml").read_text("utf-8")
    assert right in text
    (tmp_path / f"{name}.yaml").write_text(text.replace(right, wrong, 1), "utf-8")
    found = mistakes(tmp_path / f"{name}.yaml", name)
    if told is None:
        assert found == []
        return
    changed = text[: text.index(right)].count("\n") + 1
    last = changed + max(right.count("\n"), wrong.count("\n")) + 1
    said = next((one for one in found if told in one), None)
    assert said is not None, found
    line = re.match(rf"{name}\.yaml:(\d+): ", said)
    assert line is not None, said
    assert changed <= int(line[1]) <= last, said
    for one in found:
        assert "\n" not in one
        assert re.search(r"[一-鿿].* [A-Za-z].*", one), one


def test_a_number_with_a_leading_zero_and_a_time_need_no_quotes(tmp_path: Path) -> None:
    """Elsewhere in YAML they are 65 in octal, and 1320 in sixties."""
    text = (BUNDLED / "limits.yaml").read_text("utf-8")
    path = tmp_path / "limits.yaml"
    path.write_text(text.replace('{start: "22:00", end: "07:00"}', "{start: 22:00, end: 07:00}"), "utf-8")
    assert "22:00, end: 07:00" in path.read_text("utf-8")
    assert load_file(path, FILES["limits"]) == load_file(BUNDLED / "limits.yaml", FILES["limits"])
    categories = tmp_path / "categories.yaml"
    plain = re.sub(r'code: "(0\d{3})"', r"code: \1", (BUNDLED / "categories.yaml").read_text("utf-8"))
    categories.write_text(plain, "utf-8")
    assert load_file(categories, FILES["categories"]) == load_file(
        BUNDLED / "categories.yaml", FILES["categories"]
    )


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "units.yaml: 整个文件 the whole file: 文件是空的，应有字段"),
        ("# 还没写\n".encode(), "units.yaml: 整个文件 the whole file: 文件是空的"),
        ("units:\n- 青梧\n".encode("gbk"), "units.yaml:2: 不是 UTF-8 编码，请用记事本“另存为”"),
        ("units:\n- 青梧\n".encode("utf-16"), "units.yaml:1: 不是 UTF-8 编码"),
        (b"units: " + b"[" * 5000, "units.yaml:1: "),
        (b"units: &all\n- *all\n", "units.yaml:1: "),
        (b"units: []\n? [a, b]\n: c\n", "units.yaml:2: "),
    ],
)
def test_what_is_no_text_of_a_policy_is_told_in_one_line(tmp_path: Path, raw: bytes, told: str) -> None:
    path = tmp_path / "units.yaml"
    path.write_bytes(raw)
    (said,) = mistakes(path, "units")
    assert said.startswith(told)


def test_notepads_mark_of_utf_8_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "units.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + (BUNDLED / "units.yaml").read_bytes())
    assert mistakes(path, "units") == []


def test_what_is_written_once_and_meant_twice_is_refused(tmp_path: Path) -> None:
    """It could grow without end."""
    path = tmp_path / "attributes.yaml"
    path.write_text("flags:\n  a: &words [甲]\n  b: *words\n", "utf-8")
    (said,) = mistakes(path, "attributes")
    assert said.startswith("attributes.yaml:2: ")
    assert "请把内容照写一遍" in said


def test_a_misnamed_file_is_not_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(BUNDLED, folder)
    (folder / "same.yaml").rename(folder / "smae.yaml")
    (folder / "units.yaml").rename(folder / "units.yml")
    with pytest.raises(PolicyError) as error:
        load_bundle(folder)
    assert any(one.startswith("smae.yaml: 文件名不对，是不是 same.yaml？") for one in error.value.problems)
    assert any(one.startswith("units.yml: 文件名不对，是不是 units.yaml？") for one in error.value.problems)
    assert "units.yaml: 没有这个文件，请补上 the file is missing" in error.value.problems


def test_mistakes_between_files_are_told_beside_those_of_form(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(BUNDLED, folder)
    (folder / "same.yaml").rename(folder / "smae.yaml")
    units = (folder / "units.yaml").read_text("utf-8")
    (folder / "units.yaml").write_text(units.replace("kinds: [派出所]", "kinds: [天文台]", 1), "utf-8")
    with pytest.raises(PolicyError) as error:
        read_source(folder)
    form, between, *_, last = error.value.problems
    assert form.startswith("smae.yaml: 文件名不对")
    assert between.startswith("units.yaml:")
    assert "没有单位类型“天文台”" in between
    assert last.startswith("因有上述写法错误，尚未与其他表互相核对：same.yaml；")


def test_a_folder_that_is_none_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="没有这个目录") as error:
        load_bundle(tmp_path / "none")
    assert len(error.value.problems) == 1
