"""What the sisters answer, as the letters read it: over HTTP, against their documented form."""

from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI, HTTPException

from services.notification.clients import IntakeClient, MediationClient
from services.notification.domain.facts import Claim, Enclosure, Respondent
from services.notification.ports import Forwarding
from shared.net import Unanswered, in_process

CASE, COMPLAINT, FILE = uuid4(), uuid4(), uuid4()

FORWARDING = {
    "case_id": str(CASE),
    "serial": 2,
    "complaint_id": str(COMPLAINT),
    "number": "260618-7QK3M9XWD",
    "body": "main",
    "forwarded_on": "2026-06-23",
    "reply_due": "2026-06-29",
    "respondent": {
        "name": " 安澜　迅修\t手机维修店 ",
        "uscc": None,
        "address": None,
        "phone": "0999-1",
        "email": "shop@example.invalid",
        "platform": None,
    },
    "mediator": {"display": "林调解员", "phone": "0999-12315"},
}
RECORD = {
    "id": str(COMPLAINT),
    "complainant": {"name": "张小满", "phone": "13800000000", "id_number": "11010519491231002X"},
    "respondent": {"name": "安澜迅修手机维修店"},
    "words": {
        "subject": "手机换屏后\u200b开裂",
        "text": "换屏三天后屏幕开裂。\r\n\r\n\r\n\x07与店方协商三次，未果。",
        "goods_or_service": "手机屏幕更换",
        "claims": [{"kind": "refund", "amount_fen": 129900}, {"kind": "apology"}],
        "evidence": ["购物小票", " 聊天记录 ", "小票.jpg", "", "聊天记录"],
        "consents": {"forwarding": True},
    },
    "amount_fen": 129900,
    "happened_on": "2026-06-01",
    "kind": "inquiry",
    "files": [{"id": str(FILE), "name": "小票.jpg", "kind": "image/jpeg", "size": 7}],
}


def sister() -> FastAPI:
    app = FastAPI()

    @app.post("/internal/letter-facts")
    async def letter_facts(asked: dict[str, list[dict[str, object]]]) -> dict[str, object]:
        known = {"case_id": str(CASE), "serial": 2}
        return {"items": [FORWARDING for one in asked["items"] if one == known]}

    @app.post("/internal/words")
    async def words(asked: dict[str, list[UUID]]) -> dict[str, object]:
        return {"items": [RECORD for one in asked["ids"] if one == COMPLAINT]}

    return app


async def test_mediation_says_who_must_answer_and_whom_to_ask() -> None:
    client = MediationClient(in_process(sister()))
    unknown, known = Forwarding(uuid4(), 1), Forwarding(CASE, 2)
    [(forwarding, case)] = (await client.of([unknown, known])).items()
    assert forwarding == known
    assert case.number == "260618-7QK3M9XWD"
    assert case.respondent == Respondent(
        "安澜 迅修 手机维修店", "", "shop@example.invalid", "0999-1"
    )
    assert (case.contact, case.contact_phone) == ("林调解员", "0999-12315")


async def test_intake_says_the_words_and_neither_phone_nor_identity_number_is_taken() -> None:
    [(complaint, words)] = (await IntakeClient(in_process(sister())).words([COMPLAINT])).items()
    assert complaint == COMPLAINT
    assert words.complainant == "张小满"
    assert words.may_be_named
    assert words.kind == "inquiry"
    assert words.subject == "手机换屏后开裂"
    assert words.text == "换屏三天后屏幕开裂。\n\n与店方协商三次，未果。"
    assert words.claims == (Claim("退还货款和服务费用", 129900), Claim("赔礼道歉"))
    assert words.evidence == ("购物小票", "聊天记录")
    assert words.files == (Enclosure(FILE, "小票.jpg"),)
    assert (words.amount_fen, words.happened_on) == (129900, "2026-06-01")
    assert "13800000000" not in repr(words)
    assert "11010519491231002X" not in repr(words)


async def test_a_record_that_was_erased_is_empty_and_nothing_falls() -> None:
    app = FastAPI()

    @app.post("/internal/words")
    async def words() -> dict[str, object]:
        return {"items": [{"id": str(COMPLAINT), "complainant": {}, "words": None}]}

    [found] = (await IntakeClient(in_process(app)).words([COMPLAINT])).values()
    assert (found.text, found.complainant, found.may_be_named) == ("", "", False)


async def test_a_sister_that_fails_is_unanswered() -> None:
    app = FastAPI()

    @app.post("/internal/words")
    @app.post("/internal/letter-facts")
    async def fail() -> None:
        raise HTTPException(503)

    with pytest.raises(Unanswered):
        await IntakeClient(in_process(app)).words([COMPLAINT])
    with pytest.raises(Unanswered):
        await MediationClient(in_process(app)).of([Forwarding(CASE, 2)])
