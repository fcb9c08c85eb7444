"""What the forwarding letter says, and what it never says."""

from datetime import date
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
from services.notification.domain.glyphs import named, undrawable, without_pictures
from services.notification.domain.letter import in_yuan
from services.notification.domain.privacy import masked_name, without_personal_numbers
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


def test_the_respondent_learns_no_identity_number_phone_or_card() -> None:
    text = (
        "电话13812345678，身份证11010519491231002X，卡号6222021234567890123，订单123456789012345678"
    )
    assert without_personal_numbers(text) == (
        "电话138******78，身份证110*************2X，卡号622**************23，订单123456789012345678"
    )
    shown = a_letter(text=text, subject="回电13812345678").words()
    assert "13812345678" not in shown
    assert "11010519491231002X" not in shown


def test_no_field_of_the_letter_lets_a_personal_number_through() -> None:
    letter = a_letter(
        complainant="张小满13800009999",
        place="中山路8号，电话 138-0000-9999",
        goods="手机换屏（机主+8613800009999）",
        order_no="13800009999",
        evidence=("短信13800009999",),
        files=tuple(
            Enclosure(UUID(int=1), name)
            for name in ("13800009999通话录音.mp3", "身份证11010519491231002X.jpg", "小票.jpg")
        ),
    )
    assert letter.parts[0].lines[-1] == "投诉人称持有：短信138******99。"
    assert letter.annex == (
        "138******99通话录音.mp3",
        "身份证110*************2X.jpg",
        "小票.jpg",
    )
    assert letter.opening[0].startswith("张小满138******99因与贵单位")
    assert letter.parts[0].lines[1:4] == (
        "发生地点：中山路8号，电话 138********99",
        "商品或者服务：手机换屏（机主+86*********99）",
        "订单号：13800009999",
    )
    assert letter.words().count("13800009999") == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("张小满", "张**"), ("欧阳修", "欧阳*"), ("李", "李*"), ("𠮷野", "𠮷*")],
)
def test_a_masked_name_keeps_the_family_name(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("fen", "yuan"), [(0, "0.00元"), (5, "0.05元"), (129900, "1,299.00元"), (-1, "-0.01元")]
)
def test_money_is_exact(fen: int, yuan: str) -> None:
    assert in_yuan(fen) == yuan


def test_a_picture_is_named_and_a_rare_character_is_not_swallowed() -> None:
    def has(character: str) -> bool:
        return character in "坏了开店"

    assert without_pictures("坏了😀👩‍🔧", has) == "坏了〔图〕〔图〕〔图〕"
    assert without_pictures("𠮷店", has) == "𠮷店"
    assert undrawable("𠮷店𠮷开\n㐂", has) == ("𠮷", "㐂")
    assert named("𠮷") == "𠮷（U+20BB7）"


def test_a_day_is_written_without_leading_zeros() -> None:
    assert "2026年1月5日" in a_letter(happened_on=date(2026, 1, 5)).parts[0].lines[0]
