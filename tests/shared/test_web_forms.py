"""Forms come from our own pages, lose nothing, and say beside each field what is wrong."""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Request
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from shared.kernel import RuleError, RuleErrors
from shared.vault import Vault, new_vault
from shared.web import (
    CheckedForm,
    clear_session_cookie,
    decode_cursor,
    encode_cursor,
    forget,
    nested,
    page,
    public,
    recall,
    remember,
    safe_next,
    see_other,
    set_session_cookie,
    uploads,
    wrongs,
)
from shared.web.cookies import seal, unseal
from shared.web.csrf import is_fresh, signed
from shared.web.paging import UnreadableCursorError
from tests.conftest import NOON, StandingClock
from tests.shared.webs import COOKIE, ENGLISH, HTML, database_of, options, serving

router = APIRouter(dependencies=[public()], include_in_schema=False)
kept: list[dict[str, object]] = []


class Matter(BaseModel):
    text: str = Field(max_length=5)


class Asked(BaseModel):
    matter: Matter


def refuse(text: str) -> None:
    """A rule for tests."""
    if text == "no":
        raise RuleError("请先登录。", pointer="/matter/text")


@router.get("/x/form")
async def blank(request: Request) -> Response:
    return page(request, "expired.html", kept=[], lost=False)


@router.get("/x/listed")
@router.get("/x/api/v1/listed")
async def listed_by(
    request: Request, due: date | None = None, who: UUID | None = None, q: str = "all"
) -> list[str]:
    return [str(due), str(who), q, request.url.query]


@router.post("/x/form")
async def post_form(request: Request, form: CheckedForm) -> Response:
    try:
        asked = Asked.model_validate(nested(form))
        refuse(asked.matter.text)
    except (RuleError, ValidationError) as error:
        return Response(str(wrongs(request, error)), 422)
    kept.append({"text": asked.matter.text, "files": [one.filename for one in uploads(form, "f")]})
    answer = see_other("/x/receipt")
    remember(request, answer, "receipt", {"text": asked.matter.text}, max_age=60)
    return answer


@router.get("/x/receipt")
async def receipt(request: Request) -> dict[str, object] | None:
    return recall(request, "receipt")


@router.get("/x/forget")
async def forgotten(request: Request) -> Response:
    answer = Response()
    forget(request, answer, "receipt")
    clear_session_cookie(request, answer)
    return answer


@router.get("/x/login")
async def log_in(request: Request) -> Response:
    answer = Response()
    set_session_cookie(request, answer, COOKIE, 600)
    return answer


async def token(client: httpx.AsyncClient) -> str:
    shown = (await client.get("/x/form")).text
    [found] = re.findall(r'name="form_token" value="([^"]+)"', shown)
    return str(found)


async def test_a_form_from_our_page_is_taken_once_it_is_right(
    vault: Vault, clock: StandingClock
) -> None:
    kept.clear()
    async with serving([router], database_of(vault, clock)) as client:
        mark = await token(client)
        wrong = await client.post("/x/form", data={"form_token": mark, "matter.text": "too long"})
        assert (wrong.status_code, wrong.text) == (
            422,
            "{'matter.text': '最多写5个字，请缩短。'}",
        )
        rule = await client.post(
            "/x/form", data={"form_token": mark, "matter.text": "no"}, headers=ENGLISH
        )
        assert rule.text == "{'matter.text': 'Please log in first.'}"
        assert kept == []
        right = await client.post(
            "/x/form",
            data={"form_token": mark, "matter.text": "yes"},
            files={"f": ("a.txt", b"x")},
        )
        assert (right.status_code, right.headers["location"]) == (303, "/x/receipt")
    assert kept == [{"text": "yes", "files": ["a.txt"]}]


@pytest.mark.parametrize("kind", ["missing", "forged", "old", "another session"])
async def test_a_form_without_a_fresh_token_is_shown_again_with_all_that_was_typed(
    vault: Vault, clock: StandingClock, kind: str
) -> None:
    kept.clear()
    async with serving([router], database_of(vault, clock)) as client:
        mark = await token(client)
        if kind == "old":
            clock.move(hours=12, seconds=1)
        if kind == "another session":
            client.cookies.set("redress_session", COOKIE)
        marks = {"missing": {}, "forged": {"form_token": mark[:-2] + "AA"}}
        data = {"matter.text": "桌子<裂>", **marks.get(kind, {"form_token": mark})}
        answer = await client.post("/x/form", data=data, headers=HTML)
        assert answer.status_code == 409
        assert "还没有提交，填的内容都在" in answer.text
        assert '<input type="hidden" name="matter.text" value="桌子&lt;裂&gt;">' in answer.text
        assert kept == []
        [fresh] = re.findall(r'name="form_token" value="([^"]+)"', answer.text)
        data = {"matter.text": "again", "form_token": fresh}
        assert (await client.post("/x/form", data=data)).status_code == 303
    assert len(kept) == 1


async def test_a_password_is_never_written_into_a_page_again(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        data = {"name": "lin", "new_password": "geheim", "code": "ABCD"}
        answer = await client.post("/x/form", data=data, headers=HTML)
    assert answer.status_code == 409
    assert "geheim" not in answer.text
    assert "ABCD" not in answer.text
    assert "密码和查询码没有保留" in answer.text


async def test_a_form_that_another_site_sends_is_not_taken(
    vault: Vault, clock: StandingClock
) -> None:
    kept.clear()
    async with serving([router], database_of(vault, clock)) as client:
        data = {"form_token": await token(client), "matter.text": "yes"}
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await client.post("/x/form", data=data, headers=headers)
            assert (answer.status_code, answer.json()["type"]) == (403, "ForeignOriginError")
    assert kept == []


async def test_a_form_with_too_many_parts_is_refused(vault: Vault, clock: StandingClock) -> None:
    kept.clear()
    async with serving([router], database_of(vault, clock)) as client:
        mark = await token(client)
        files = [("f", (f"{n}.txt", b"x")) for n in range(30)]
        data = {"form_token": mark, "matter.text": "yes"}
        answer = await client.post("/x/form", data=data, files=files)
        assert answer.status_code == 400
    assert kept == []


@given(session=st.text(max_size=20), other=st.text(max_size=20), age=st.integers(-3600, 90_000))
def test_a_form_token_is_good_for_its_session_and_twelve_hours(
    session: str, other: str, age: int
) -> None:
    vault = VAULT
    mark = signed(vault, session, NOON)
    now = NOON + timedelta(seconds=age)
    assert is_fresh(vault, session, mark, now) is (-60 <= age <= 12 * 3600)
    assert is_fresh(vault, other, mark, now) is (session == other and -60 <= age <= 12 * 3600)


VAULT = new_vault()


@given(mark=st.text(max_size=80))
def test_a_made_up_form_token_is_refused_without_a_fuss(mark: str) -> None:
    assert not is_fresh(VAULT, "", mark, NOON)


async def test_a_sealed_cookie_is_read_back_until_its_time_is_over(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        data = {"form_token": await token(client), "matter.text": "桌子"}
        answer = await client.post("/x/form", data=data)
        header = answer.headers["set-cookie"]
        assert "桌子" not in header
        assert header.endswith("; HttpOnly; Max-Age=60; Path=/x; SameSite=lax")
        assert (await client.get("/x/receipt")).json() == {"text": "桌子"}
        sealed = client.cookies["redress_receipt"]
        clock.move(seconds=61)
        assert (await client.get("/x/receipt")).json() is None
        clock.move(seconds=-61)
        client.cookies.clear()
        client.cookies.set("redress_receipt", sealed[:-4] + "AAAA")
        assert (await client.get("/x/receipt")).json() is None


async def test_cookies_are_secure_exactly_when_the_public_address_is_https(
    vault: Vault, clock: StandingClock
) -> None:
    for address, secure in (("https://redress.example", True), ("http://redress.example", False)):
        around = replace(options(), public_url=address)
        async with serving([router], database_of(vault, clock), around) as client:
            header = (await client.get("/x/login")).headers["set-cookie"]
            assert header == (
                "redress_session=a-session; HttpOnly; Max-Age=600; Path=/; SameSite=lax"
                + ("; Secure" if secure else "")
            )
            assert 'redress_session=""; ' in (await client.get("/x/forget")).headers["set-cookie"]


def test_a_sealed_cookie_belongs_to_its_place_and_key(vault: Vault) -> None:
    text = seal(vault, "cookies.x.a", {"number": "260623-ABC"})
    assert unseal(vault, "cookies.x.a", text) == {"number": "260623-ABC"}
    assert unseal(vault, "cookies.x.b", text) is None
    assert unseal(new_vault(), "cookies.x.a", text) is None


@given(text=st.text(max_size=60))
def test_what_was_never_sealed_is_not_opened(text: str) -> None:
    assert unseal(VAULT, "cookies.x.a", text) is None


def test_dotted_names_become_a_document_without_blanks_and_files() -> None:
    form = FormData(
        [
            ("form_token", "t"),
            ("kind", "complaint"),
            ("matter.text", "words"),
            ("matter.place", "  "),
            ("claims", "refund"),
            ("claims", "repair"),
            ("one", "a"),
            ("one", "b"),
            ("parts.10.kind", "later"),
            ("parts.2.kind", "first"),
        ]
    )
    assert nested(form, {"claims"}) == {
        "kind": "complaint",
        "matter": {"text": "words"},
        "claims": ["refund", "repair"],
        "one": "b",
        "parts": [{"kind": "first"}, {"kind": "later"}],
    }


def test_a_name_under_a_plain_field_does_not_break_the_form() -> None:
    assert nested(FormData([("a", "1"), ("a.b", "2")])) == {"a": {"b": "2"}}
    assert nested(FormData([("a.b", "2"), ("a", "1")])) == {"a": "1"}


def test_names_that_no_field_of_ours_has_break_nothing() -> None:
    deep = ".".join("a" * 100_000)
    assert nested(FormData([(deep, "1"), ("a.b.c.d.e.f.g.h", "2"), ("b", "3")])) == {
        "a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": "2"}}}}}}},
        "b": "3",
    }
    assert nested(FormData([("a.b.c.d.e.f.g.h.i", "1")])) == {}
    long = "9" * 5000
    assert nested(FormData([(f"claims.{long}", "x"), ("claims.1", "y")])) == {
        "claims": {long: "x", "1": "y"}
    }
    assert nested(FormData([("claims.9999", "x"), ("claims.0", "y")])) == {"claims": ["y", "x"]}


def test_an_empty_file_field_holds_no_files() -> None:
    form = FormData([("f", UploadFile(file=None, filename="")), ("f", "text")])  # type: ignore[arg-type] # nothing is read
    assert uploads(form, "f") == []


async def test_several_broken_rules_stand_beside_their_fields(
    vault: Vault, clock: StandingClock
) -> None:
    found: list[dict[str, str]] = []
    made = APIRouter(dependencies=[public()])

    @made.get("/x/api/v1/several")
    async def several(request: Request) -> None:
        errors = [
            RuleError("不能大于{le}。", le=3, pointer="/claims/0/amount_fen"),
            RuleError("请先登录。"),
        ]
        found.append(wrongs(request, RuleErrors(errors)))

    async with serving([made], database_of(vault, clock)) as client:
        await client.get("/x/api/v1/several")
    assert found == [{"claims.0.amount_fen": "不能大于3。", "": "请先登录。"}]


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("/mediation/cases?q=1", "/mediation/cases?q=1"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("https://evil.example", "/home"),
        ("/a\r\nSet-Cookie: x", "/home"),
        ("", "/home"),
        (None, "/home"),
    ],
)
def test_after_the_login_nobody_is_sent_elsewhere(path: str | None, safe: str) -> None:
    assert safe_next(path, "/home") == safe


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@given(values=st.lists(plain, min_size=1, max_size=4))
def test_a_cursor_reads_back_what_it_was_made_of(values: list[object]) -> None:
    assert decode_cursor(encode_cursor(values), len(values)) == values


@given(text=st.text(max_size=40))
def test_a_made_up_cursor_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableCursorError) as refused:
        decode_cursor(text, 2)
    assert refused.value.pointer == "/query/cursor"


async def test_empty_fields_of_a_filter_say_nothing(vault: Vault, clock: StandingClock) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        page = await client.get("/x/listed?due=&who=&q=", headers=HTML)
        some = await client.get("/x/listed?due=2026-06-23&who=&q=a%3D%3D&flag", headers=HTML)
        raw = await client.get("/x/listed?q=a==&who=", headers=HTML)
        program = await client.get("/x/api/v1/listed?due=", headers=HTML)
    assert page.json() == ["None", "None", "all", ""]
    assert some.json() == ["2026-06-23", "None", "a==", "due=2026-06-23&q=a%3D%3D&flag"]
    assert raw.json() == ["None", "None", "a==", "q=a=="]
    assert program.status_code == 422
