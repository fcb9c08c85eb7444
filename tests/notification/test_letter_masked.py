"""A letter's page hides everybody who speaks in the complaint, and where they live."""

from typing import Any
from uuid import UUID

import pytest

from services.notification.clients import words_of
from services.notification.domain.facts import Enclosure, Facts
from services.notification.domain.forwarding import compose
from services.notification.ports import Office
from services.notification.use_cases.files import facts_in
from services.notification.use_cases.masking import masked_files, masked_letter
from shared.work import Database
from tests.notification.builders import IDENTITY, facts
from tests.notification.conftest import Sisters, forwarded
from tests.notification.platform import made

SAYS = "冯大律代吴小莉、陈共同投诉光明街八号漏水，吴晓丽付的钱"
SHOWS = "冯**代吴**、陈**投诉****漏水，吴**付的钱"
NAMED = "冯**代吴小莉、陈**投诉****漏水，吴**付的钱"
"""The same, where the complainant agreed to be named."""
RECORD: dict[str, Any] = {
    "complainant": {"name": "吴小莉", "address": "四川省遂宁市船山区光明街八号"},
    "words": {
        "subject": SAYS,
        "text": SAYS,
        "agent": {"name": "冯大律", "address": None},
        "joint": {"people": [{"name": "陈共同"}], "representatives": ["陈共同"]},
        "formerly": [{"name": "吴晓丽"}],
        "consents": {"forwarding": True},
    },
}


def test_no_number_of_those_who_speak_leaves_for_a_letter_however_it_is_spelled() -> None:
    says = "打1 3 8 1 2 3 4 5 6 7 8，证5109 0219 9001 0112 31，或(139)0000-0000"
    words = words_of(
        {
            "complainant": {"phone": "13812345678", "id_number": "510902199001011231"},
            "words": {
                **dict.fromkeys(("subject", "text", "place", "goods_or_service"), says),
                "order_no": "1-3812345678",
                "evidence": [says],
                "agent": {"name": "冯大律", "phone": "13900000000"},
            },
            "files": [{"id": str(UUID(int=1)), "name": f"{says}.jpg"}],
        }
    )
    shown = "打138****5678，证510***********1231，或139****0000"
    assert {words.subject, words.text, words.place, words.goods, *words.evidence} == {shown}
    assert [one.name for one in words.files] == [f"{shown}.jpg"]
    assert words.order_no == "1-3812345678"


def told(**other: Any) -> Facts:
    """The facts of a letter about this complaint."""
    words = words_of(RECORD)
    usual = {
        "complainant": words.complainant,
        "names": words.names,
        "streets": words.streets,
        "subject": SAYS,
        "text": SAYS,
        "place": SAYS,
        "goods": SAYS,
        "order_no": "吴小莉13800138000",
        "evidence": (SAYS,),
        "files": (Enclosure(UUID(int=1), f"{SAYS}.jpg"),),
    }
    return facts(**(usual | other))


def test_intake_tells_whom_to_hide() -> None:
    words = words_of(RECORD)
    assert words.names == ("吴小莉", "冯大律", "陈共同", "吴晓丽")
    assert words.streets == ("四川省遂宁市船山区光明街八号", "光明街八号")


@pytest.mark.parametrize("may_be_named", [True, False])
def test_the_page_of_a_letter_hides_everybody_and_their_addresses(*, may_be_named: bool) -> None:
    known = told(may_be_named=may_be_named)
    letter = masked_letter(compose(known, IDENTITY), known)
    assert letter.opening[0].startswith("吴**因与贵单位发生消费争议")
    assert f"事由：{SHOWS}" in letter.opening[0]
    assert letter.parts[0].lines[1:] == (
        f"发生地点：{SHOWS}",
        f"商品或者服务：{SHOWS}",
        "订单号：吴**138****8000",
        "争议金额：1,299.00元",
        SHOWS,
        f"投诉人称持有：{SHOWS}。",
    )
    assert letter.annex == (f"{SHOWS}.jpg",)
    assert [one.name for one in masked_files(known)] == [f"{SHOWS}.jpg"]


def test_who_may_not_be_named_is_hidden_in_the_letter_itself_with_all_who_speak() -> None:
    letter = compose(told(may_be_named=False, order_no="A-1024"), IDENTITY)
    words = letter.words()
    assert [one for one in ("吴小莉", "冯大律", "陈共同", "吴晓丽", "光明街") if one in words] == []
    assert SHOWS in letter.parts[0].lines


def test_who_agreed_to_be_named_is_named_in_the_letter_itself_and_nobody_else() -> None:
    letter = compose(told(may_be_named=True, order_no="A-1024"), IDENTITY)
    words = letter.words()
    assert letter.opening[0].startswith("吴小莉因与贵单位发生消费争议")
    assert f"事由：{NAMED}" in letter.opening[0]
    assert NAMED in letter.parts[0].lines
    assert letter.annex == (f"{NAMED}.jpg",)
    assert [one for one in ("冯大律", "陈共同", "吴晓丽", "光明街") if one in words] == []


def test_the_name_that_may_be_told_is_known_however_it_is_spaced() -> None:
    known = told(may_be_named=True, names=("吴小莉 ", "陈共同"), text="吴小莉 和陈共同")
    assert "吴小莉 和陈**" in compose(known, IDENTITY).parts[0].lines


async def test_a_letter_keeps_whom_to_hide_with_its_facts(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.words_of_all = words_of(RECORD)
    [letter] = await made(database, office, forwarded())
    kept = facts_in(database.vault, letter)
    assert kept.secrets == told().secrets
