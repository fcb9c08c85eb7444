"""What the forwarding letter says, and what it never says."""

from uuid import UUID

import pytest

from services.notification.domain.facts import (
    Claim,
    Enclosure,
    Respondent,
    Sender,
    left_blank,
    missing,
)
from tests.notification.builders import a_letter, facts


def test_the_letter_carries_what_article_27_asks_for() -> None:
    letter = a_letter()
    assert letter.to == "安澜迅修手机维修店"
    assert letter.title == "投诉转送函"
    assert [part.heading for part in letter.parts] == [
        "一、投诉内容",
        "二、投诉请求",
        "三、答复要求",
    ]
    assert letter.parts[0].lines == (
        "发生时间：2026年6月1日",
        "商品或者服务：手机屏幕更换",
        "订单号：A-1024",
        "争议金额：1,299.00元",
        "换屏三天后屏幕开裂。",
        "与店方协商三次，未果。",
        "投诉人称持有：保修卡、证人李某。",
    )
    assert letter.parts[1].lines == ("1. 退还价款或者费用（1,299.00元）。", "2. 赔礼道歉。")
    assert "请于2026年6月29日前（含当日）将处理意见书面答复我单位" in letter.parts[2].lines[0]
    assert "提供相应的证据材料" in letter.parts[2].lines[1]
    assert letter.annex == ("购物小票照片.jpg", "聊天记录.png")
    copies, end = letter.closing
    assert copies == (
        "投诉人提供的材料见附件，副本随纸质函件附送；"
        "本函以电子邮件送达的，副本不随邮件发送，可凭本函文号向联系人索取。"
    )
    assert end == "特此函告。"
    assert letter.contact == "联系人：林调解员，电话：0999-12315，地址：安澜市滨江路100号"
    assert letter.signer == "安澜市消费者权益保护委员会"
    assert letter.issued == "2026年6月23日"


def test_a_complainant_who_did_not_agree_is_named_by_the_family_name_only() -> None:
    assert a_letter(may_be_named=False).opening[0].startswith("张**因与贵单位")
    assert a_letter(may_be_named=True).opening[0].startswith("张小满因与贵单位")
    assert a_letter(complainant="").opening[0].startswith("投诉人因与贵单位")


def test_material_that_was_only_described_is_no_enclosure() -> None:
    letter = a_letter(evidence=("购物小票", "聊天记录"), files=())
    assert letter.annex == ()
    assert letter.closing == ("特此函告。",)
    assert letter.parts[0].lines[-1] == "投诉人称持有：购物小票、聊天记录。"
    assert a_letter(evidence=()).parts[0].lines[-1] == "与店方协商三次，未果。"


def test_parts_close_up_when_nothing_is_asked_for() -> None:
    letter = a_letter(claims=(), evidence=(), files=())
    assert [part.heading for part in letter.parts] == ["一、投诉内容", "二、答复要求"]
    assert letter.closing == ("特此函告。",)


def test_one_request_has_no_number() -> None:
    assert a_letter(claims=(Claim("退货"),)).parts[1].lines == ("退货。",)


def test_a_second_forwarding_says_so_in_its_title() -> None:
    assert a_letter(serial=2).title == "投诉转送函（第2次）"


def test_missing_facts_are_named_and_all_at_once() -> None:
    nothing = facts(respondent=Respondent(), text="  ", sender=Sender(""))
    assert missing(nothing) == ("被投诉人名称", "投诉内容", "转送单位名称")
    assert missing(facts()) == ()


def test_without_any_phone_a_line_is_left_to_fill_in_by_hand() -> None:
    unreachable = facts(sender=Sender("某市消委会"), contact_phone="")
    assert left_blank(unreachable) == ("联系电话",)
    assert left_blank(facts()) == ()
    assert "电话：____________" in a_letter(sender=Sender("某市消委会")).contact


PERSONAL = [
    "13812345678",
    "138-123-45678",
    "138 1234 5678",
    "0825-2222222",
    "一三八一二三四五六七八",
    "+86 138-1234-5678",
    "11010519491231002X",
    "110105 19491231 002X",
    "zhang@example.com",
    "6222021234567890128",
    "4111 1111 1111 1111",
    "川J12345",
]
"""What belongs to a person, as people write it."""
FREE = ("text", "subject", "place", "goods", "complainant")
"""The fields of a letter that people write freely."""


@pytest.mark.parametrize("number", PERSONAL)
def test_the_respondent_learns_no_personal_number_whichever_field_holds_it(number: str) -> None:
    for name in FREE:
        assert number not in a_letter(**{name: f"我的{number}在册"}).words(), name
    letter = a_letter(
        evidence=(f"截图：{number}",), files=(Enclosure(UUID(int=1), f"照片：{number}。jpg"),)
    )
    assert number not in letter.words()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("座机0825-2222222。", "座机0825-****222。"),
        ("手机138-123-45678。", "手机138****5678。"),
        ("手机一三八一二三四五六七八。", "手机138****5678。"),
        ("身份证110105 19491231 002X。", "身份证110***********002X。"),
        ("写信到zhang@example.com。", "写信到z***@example.com。"),
        ("卡4111 1111 1111 1111。", "卡****1111。"),
        ("卡号6222021234567890123。", "卡号****0123。"),
        ("车牌川J12345。", "车牌川J***45。"),
        ("护照E12345678。", "护照E******78。"),
        ("订单123456789012345678。", "订单123456789012345678。"),
    ],
)
def test_personal_numbers_are_hidden_as_everywhere_else(written: str, shown: str) -> None:
    assert a_letter(text=written).parts[0].lines[4] == shown


def test_an_order_number_stays_whole_even_where_it_looks_like_a_phone() -> None:
    letter = a_letter(order_no="13800009999", text="电话13800009999")
    assert letter.parts[0].lines[2] == "订单号：13800009999"
    assert letter.parts[0].lines[4] == "电话138****9999"


def test_who_may_not_be_named_is_named_nowhere() -> None:
    words = {
        "text": "我叫张小满，买了手机。",
        "evidence": ("张小满的保修卡",),
        "files": (Enclosure(UUID(int=1), "张小满的小票.jpg"),),
    }
    hidden, named = a_letter(may_be_named=False, **words), a_letter(may_be_named=True, **words)
    assert "张小满" not in hidden.words()
    assert hidden.annex == ("张**的小票.jpg",)
    assert named.parts[0].lines[4] == "我叫张小满，买了手机。"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小满", "张**"),
        ("欧阳修", "欧阳*"),
        ("闻人语", "闻人*"),
        ("李", "*"),
        ("安澜市滨江食品有限公司", "安澜市滨江食品有限公司"),
    ],
)
def test_a_hidden_name_keeps_the_family_name_and_a_firm_its_own(name: str, shown: str) -> None:
    opening = a_letter(complainant=name, may_be_named=False).opening[0]
    assert opening.startswith(f"{shown}因与贵单位")


def test_a_person_whose_name_sounds_like_a_company_is_hidden_in_a_letter() -> None:
    name = "王建国（中国银行客户）"
    letter = a_letter(complainant=name, names=(name,), may_be_named=False, text="王建国付的钱")
    assert letter.opening[0].startswith("王**因与贵单位")
    assert "王建国" not in letter.words()
    assert "王**付的钱" in letter.words()
