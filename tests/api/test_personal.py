"""Numbers that name a person are found however they are written, and nothing else is."""

from datetime import date

import pytest

from gridward.domain.personal import mask_id_number, mask_name, mask_phone, mask_text, mask_ticket, plain


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请回电13812345678谢谢", "请回电138****5678谢谢"),
        ("１３８１２３４５６７８", "138****5678"),
        ("电话 138 1234 5678。", "电话 138****5678。"),
        ("138-1234-5678", "138****5678"),
        ("+86 13812345678", "138****5678"),
        ("8613812345678", "138****5678"),
        ("座机0571-88881234", "座机0571****1234"),
        ("座机（0571）88881234", "座机0571****1234"),
        ("(010) 6512 3456", "010****3456"),
        ("身份证330102199003071234请查", "身份证330*************34请查"),
        ("33010219900307123X", "330*************3X"),
        ("３３０１０２１９９００３０７１２３Ｘ", "330*************3X"),
        ("330102 19900307 1234", "330*************34"),
        ("旧证330102900307123", "旧证330**********23"),
        ("两个:13812345678、13987654321", "两个:138****5678、139****4321"),
    ],
)
def test_a_persons_number_is_hidden_in_every_writing(text: str, masked: str) -> None:
    assert mask_text(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "欠款138123456789012元",  # too long for a phone, no birthday in it
        "网格331125001001003",
        "事件261122-331125-000731-4",
        "12345热线",
        "12812345678",
        "2019年7月18日凌晨3点",
        "门牌号1381234567",
        "经纬度119.624591,28.110842",
        "999999199013451234",
    ],
)
def test_numbers_that_name_nobody_stay(text: str) -> None:
    assert mask_text(text).text == text


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("张三 138-1234-5678", "张三 138****5678"),
        ("13812345678/9138123456789", "138****5678/9138123456789"),
        ("33010219900307123X", "330*************3X"),
        ("330102 19900307 1234", "330*************34"),
    ],
)
def test_a_persons_number_in_place_of_a_tickets_is_hidden(number: str, masked: str) -> None:
    assert mask_ticket(number, date(2026, 11, 22)).text == masked


@pytest.mark.parametrize(
    "number",
    [
        "SL20261122001",
        "20261122001",  # 11 digits
        "26112200123",  # 11 digits
        "331125202611220012",  # area, date, serial: 18 digits
        "331125201912310012",
        "331125261122001",  # area, short date, serial: 15 digits
        "057820261122",  # begins like a landline's area code
        "12345",
        "261122-331125-000731-4",
    ],
)
def test_a_tickets_number_stays_as_it_is(number: str) -> None:
    assert mask_ticket(number, date(2026, 11, 22)).text == number


def test_the_originals_are_handed_back_in_their_order() -> None:
    found = mask_text("身份证330102199003071234,电话 138 1234 5678").found
    assert [(one.kind, one.original) for one in found] == [
        ("id_number", "330102199003071234"),
        ("mobile", "138 1234 5678"),
    ]


def test_one_phone_has_one_plain_form() -> None:
    forms = {
        plain(p) for p in ("13812345678", "+86 138-1234-5678", "１３８１２３４５６７８", "008613812345678")
    }
    assert forms == {"13812345678"}


def test_names_and_phones_are_shown_by_their_ends() -> None:
    assert mask_name("张三丰") == "张*"
    assert mask_name("张") == "*"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("1234") == "****"
    assert mask_id_number("12") == "****"
