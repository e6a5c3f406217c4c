"""Words vote for categories; a vote without a clear winner goes to a person."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gridward.domain.events import Doubt
from gridward.policy.classify import Classification, classify
from gridward.policy.lexicon import compile_lexicon
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy, Unsure
from gridward.policy.schema import PolicyBundle

CLEAR = [
    ("村口垃圾桶满了，垃圾没清运，臭味很大", "0501"),
    ("婆媳吵架，儿媳要离婚，彩礼退不退谈不拢", "0101"),
    ("包工头拖欠农民工工资，工地二十人讨薪", "0106"),
    ("小区有人飞线充电，电动车推进电梯", "0302"),
    ("对面工厂夜间噪音扰民，吵得睡不着", "0601"),
    ("接到冒充客服的诈骗电话，刚转账，被骗三万", "0203"),
    ("村里好几条流浪狗追着咬人，没打疫苗", "1003"),
]


def one(text: str, policy: Policy) -> Classification:
    return classify([text], policy)[0]


@pytest.mark.parametrize(("text", "code"), CLEAR)
def test_plain_words_are_understood(policy: Policy, text: str, code: str) -> None:
    found = one(text, policy)
    assert (found.code, found.doubt) == (code, None)
    assert found.words


def test_words_that_nobody_knows_are_a_doubt(policy: Policy) -> None:
    found = one("qwertz uiop 12345", policy)
    assert (found.code, found.doubt, found.confidence) == (None, Doubt.NO_CATEGORY, 0.0)


def test_an_empty_text_is_a_doubt(policy: Policy) -> None:
    assert one("", policy).doubt is Doubt.NO_CATEGORY


def test_two_matters_in_one_report_are_both_named(policy: Policy) -> None:
    found = one("垃圾成堆，占道经营", policy)
    assert {code for code, _, _ in found.alternatives} >= {"0501", "0506"}


def test_two_matters_in_one_report_are_a_doubt_where_words_alone_decide(words_only: Policy) -> None:
    found = one("垃圾成堆，占道经营", words_only)
    assert found.doubt is Doubt.AMBIGUOUS_CATEGORY
    assert {code for code, _, _ in found.alternatives} >= {"0501", "0506"}
    assert all(words for _, _, words in found.alternatives)


def test_the_first_alternative_is_the_code(policy: Policy) -> None:
    for text, _ in CLEAR:
        found = one(text, policy)
        assert found.alternatives[0][0] == found.code
        assert found.alternatives[0][2] == found.words


def test_danger_raises_the_severity_of_a_lesser_matter(policy: Policy) -> None:
    calm, grave = classify(["隔壁邻居吵架，邻里纠纷", "隔壁邻居吵架，邻里纠纷，有人持刀"], policy)
    assert (calm.severity, calm.urgent) == (4, False)
    assert (grave.severity, grave.urgent) == (1, True)


def test_danger_without_a_known_matter_is_still_urgent(policy: Policy) -> None:
    found = one("救命", policy)
    assert (found.severity, found.urgent) == (1, True)


def test_a_batch_says_what_each_text_alone_says(policy: Policy) -> None:
    texts = [text for text, _ in CLEAR] + ["", "路灯不亮，广场舞噪音"]
    assert classify(texts, policy) == [one(text, policy) for text in texts]


def test_no_texts_no_answers(policy: Policy) -> None:
    assert classify([], policy) == []


def test_a_repeated_word_votes_once(words_only: Policy) -> None:
    assert one("路灯不亮", words_only) == one("路灯不亮路灯不亮路灯不亮", words_only)


def labelled(shared_data: Path, *names: str) -> list[dict[str, str]]:
    files = [shared_data / "text" / f"{name}.jsonl" for name in names]
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", ["gold_dev", "field_mixed", "field_hotline", "field_resident"])
def test_what_is_dispatched_without_a_person_is_mostly_right(
    policy: Policy, shared_data: Path, name: str
) -> None:
    """On texts that the weights come from, so a guard against damage and no measure of the field."""
    rows = labelled(shared_data, name)
    sure = [
        (found, row)
        for found, row in zip(classify([row["text"] for row in rows], policy), rows, strict=True)
        if found.doubt is None
    ]
    right = sum(found.code in (row["code"], row["alt"]) for found, row in sure)
    assert len(sure) / len(rows) > 0.6
    assert right / len(sure) > 0.9


def test_what_is_unknown_is_as_grave_as_policy_says(policy: Policy) -> None:
    assert one("qwertz", policy).severity == policy.unsure.severity == 3
    assert one("qwertz", replace(policy, unsure=Unsure(2, "B"))).severity == 2


def test_which_class_is_urgent_without_words_of_danger_is_policy(words_only: Policy) -> None:
    text = "村口垃圾桶满了，垃圾没清运，臭味很大"
    limit_class = words_only.categories["0501"].limit_class
    assert not one(text, words_only).urgent
    assert one(text, replace(words_only, urgent_class=limit_class)).urgent


def test_a_generic_word_inside_another_is_no_second_vote(words_only: Policy) -> None:
    found = one("快来打锣鼓喧天", counting(words_only, 2))
    assert {code: (score, words) for code, score, words in found.alternatives} == {
        "0201": (
            0.56,
            ("鼓喧", "快来"),
        ),  # 1.4 of 2.5: 锣鼓喧 and 锣鼓 are lighter than what they overlap with
        "0202": (0.32, ("锣鼓喧",)),
        "0203": (0.12, ("锣鼓",)),
    }


def test_where_no_word_is_generic_each_votes(words_only: Policy) -> None:
    found = one("快来打锣鼓喧天", counting(words_only, 0))
    assert found.alternatives[0][:2] == ("0201", 0.625)  # 2.5 of 4
    assert found.words == ("鼓喧", "锣鼓喧", "锣鼓", "快来")


def counting(policy: Policy, generic: int) -> Policy:
    """Four words for 0201, of which three overlap; the others are there so that all speak for more than one."""
    lists = policy.bundle.words
    nothing = {code: {1.0: ["无"]} for code in lists.categories}
    few = {
        "0201": {0.9: ["鼓喧"], 0.6: ["锣鼓喧"], 0.5: ["锣鼓", "快来"]},
        "0202": {0.8: ["锣鼓喧"], 0.4: ["鼓喧"]},
        "0203": {0.3: ["锣鼓"]},
    }
    thresholds = lists.thresholds.model_copy(update={"generic": generic})
    lists = lists.model_copy(update={"categories": nothing | few, "thresholds": thresholds})
    return replace(policy, lexicon=compile_lexicon(lists))


def test_a_category_that_the_model_never_saw_speaks_by_its_words(bundle: PolicyBundle) -> None:
    """A county adds a row and its words, and trains nothing."""
    template = next(row for row in bundle.categories.categories if row.code == "0199")
    row = template.model_copy(update={"code": "0198", "name": "无人机扰民"})
    categories = bundle.categories.model_copy(update={"categories": [*bundle.categories.categories, row]})
    words = bundle.words.model_copy(
        update={"categories": bundle.words.categories | {"0198": {6.0: ["无人机"], 4.0: ["航拍器"]}}}
    )
    grown = bundle.model_copy(update={"categories": categories, "words": words})
    found = one("有人天天放无人机航拍器在楼顶转", compile_policy(grown, 2))
    assert found.code == "0198"
    assert "无人机" in found.words


@pytest.mark.parametrize("text", ["请来看看", "麻烦来看看", "请来看看有人吗"])
def test_what_is_of_no_kind_goes_to_a_person_however_sure_the_guess(policy: Policy, text: str) -> None:
    found = one(text, policy)
    assert found.doubt is not None
    assert len(found.alternatives) > 1


@pytest.mark.parametrize("text", ["三组起火已经被村民扑灭，没有人受伤", "草垛着火，火被扑灭了，没有人员被困"])
def test_a_fire_that_is_out_is_a_matter_of_fire_also_where_nobody_was_hurt(policy: Policy, text: str) -> None:
    found = one(text, policy)
    assert (found.code, found.urgent) == ("0701", False)
