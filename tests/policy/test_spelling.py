"""Words as policy spells them: with choices, and with a gap."""

import pytest

from gridward.policy.attributes import AttributeReader
from gridward.policy.classify import classify
from gridward.policy.danger import must_never_miss
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import AttributeRows, PolicyBundle
from gridward.policy.spelling import any_of, checked, said

WATERS = "(掉|滑)(进|到|)(池塘|河)里"
CHASING = "(拿|举)(着|)(耙子|竹竿)…(追|撵)"


@pytest.fixture(scope="module")
def county(bundle: PolicyBundle) -> Policy:
    """A county that has no word of danger but these."""
    rows = bundle.words.must_never_miss[:1]
    mine = rows[0].model_copy(update={"words": [WATERS, CHASING], "votes": {"0704": 3.0}})
    words = bundle.words.model_copy(update={"must_never_miss": [mine], "model": None})
    return compile_policy(bundle.model_copy(update={"words": words}), 1)


def test_each_choice_is_a_word() -> None:
    assert list(said([WATERS]))[:3] == ["掉进池塘里", "掉进河里", "掉到池塘里"]
    assert len(list(said([WATERS]))) == 12


def test_full_width_brackets_are_as_good() -> None:
    assert list(said(["掉（进｜到）河"])) == ["掉进河", "掉到河"]


def test_brackets_without_a_choice_are_brackets() -> None:
    assert list(said(["小(一)班"])) == ["小(一)班"]


@pytest.mark.parametrize(
    "text", ["娃滑到河里了", "有人掉池塘里", "他举耙子追我", "拿着竹竿满院子撵人", "掉 进 河 里"]
)
def test_whoever_spells_it_another_way_is_heard(text: str, county: Policy) -> None:
    assert must_never_miss(text, county)
    assert classify([text], county)[0].danger is not None


@pytest.mark.parametrize(
    "text",
    [
        "河里掉东西",
        "拿着竹竿，后来有人追上来",
        "拿着竹竿。追",
        "拿着竹竿、追",
        "拿竹竿一二三四五六七八九十一二三追",
        "没有掉进河里",
    ],
)
def test_a_gap_ends_with_its_clause_and_is_short(text: str, county: Policy) -> None:
    assert not must_never_miss(text, county)
    assert classify([text], county)[0].danger is None


def test_words_of_danger_vote_for_their_kind_and_are_shown_as_they_stand(county: Policy) -> None:
    [found] = classify(["他拿着竹竿满院子撵人"], county)
    assert found.alternatives[0][0] == "0704"
    assert found.words == ("拿着竹竿满院子撵",)
    assert found.danger is not None
    assert found.danger.words == "拿着竹竿满院子撵"


def test_a_denial_takes_a_word_with_a_gap_away(county: Policy) -> None:
    [found] = classify(["他没有拿着竹竿满院子撵人"], county)
    assert found.danger is None
    assert "0704" not in [code for code, _, _ in found.alternatives]


def test_flags_are_spelt_so_too() -> None:
    reader = AttributeReader(AttributeRows(flags={"weapons": ["(菜|砍)刀", CHASING], "fire": ["砍刀"]}))
    read = reader.read("他举着耙子在村口追，还有砍刀")
    assert read.flags == {"weapons": ("举着耙子在村口追", "砍刀"), "fire": ("砍刀",)}


def test_a_flag_without_words_reads_nothing() -> None:
    assert AttributeReader(AttributeRows()).read("他举着耙子").flags == {}


def test_any_of_fits_choices_and_gaps_in_a_text() -> None:
    found = any_of([WATERS, CHASING]).search("有人举竹竿追")
    assert found is not None
    assert found[0] == "举竹竿追"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("…追", "之间|前后"),
        ("拿刀…", "前后"),
        ("拿(刀|斧", "括号"),
        ("刀|斧", "括号"),
        ("拿((刀|斧)|锤)", "括号"),
        ("(刀|)", "都要有字"),
        ("拿刀…(追|)", "都要有字"),
        ("很" * 31, "最多 30"),
        ("(一|二|三|四|五|六|七|八|九|十)" * 4, "10000 种"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(word: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        checked(word)
