"""Every refusal says what to mend, in Chinese and in English."""

import re
from datetime import date
from enum import StrEnum
from typing import get_args
from uuid import UUID

import pytest
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import core_schema
from starlette.requests import Request
from structlog.testing import capture_logs

from shared.i18n import catalogue
from shared.kernel import ConflictError, RuleError, RuleErrors, TooManyError, UnknownError
from shared.net import Unanswered
from shared.vault import Vault
from shared.web import public
from shared.web.plainly import without
from shared.web.sentences import SENTENCES, choices_of, key_of, pointer_of
from tests.conftest import StandingClock
from tests.shared.webs import ENGLISH, HTML, database_of, serving


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=2, max_length=5)


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    part: Part
    fen: int = 0
    day: date | None = None
    id: UUID | None = None
    colour: Colour = Colour.RED
    many: list[int] = Field(default=[], max_length=2)

    @field_validator("fen")
    @classmethod
    def known(cls, value: int) -> int:
        if value == 13:
            raise ValueError("请先登录。")  # any sentence that is translated
        return value


class SomethingMissingError(UnknownError):
    """For tests."""


class ChangedMeanwhileError(ConflictError):
    """For tests."""


router = APIRouter(dependencies=[public()])


@router.post("/x/api/v1/whole")
async def whole(_: Whole) -> None: ...


@router.get("/x/api/v1/broken/{kind}")
async def broken(kind: str, most: int = 0) -> None:
    match kind:
        case "unknown":
            raise SomethingMissingError("没有这个文件，请检查网址。")
        case "conflict":
            raise ChangedMeanwhileError("不能大于{le}。", le=3, pointer="/version")
        case "several":
            raise RuleErrors(
                [
                    RuleError("不能大于{le}。", le=3, pointer="/a"),
                    RuleError("请先登录。", pointer="/b"),
                ]
            )
        case "many":
            raise TooManyError("操作太频繁，请{retry_after}秒后再试。", retry_after=7)
        case "database":
            raise ConnectionRefusedError("secret")
        case "sister":
            raise Unanswered("secret")
        case _:
            raise ZeroDivisionError("secret")


@router.get("/x/list")
async def page_of_a_list(due_before: date | None = None, most: int = 0, q: str = "") -> None:
    raise RuleError("不能大于{le}。", le=3, pointer="/q")


@router.get("/x/broken")
async def broken_page() -> None:
    raise SomethingMissingError("没有这个文件，请检查网址。")


async def test_a_broken_rule_is_a_problem_document_in_the_readers_language(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        chinese = await client.get("/x/api/v1/broken/conflict")
        english = await client.get("/x/api/v1/broken/conflict", headers=ENGLISH)
    assert chinese.status_code == english.status_code == 409
    assert chinese.headers["content-type"] == "application/problem+json"
    assert (chinese.headers["content-language"], english.headers["content-language"]) == (
        "zh-CN",
        "en",
    )
    assert chinese.json() == {
        "type": "ChangedMeanwhileError",
        "title": "和现在的情况不一致",
        "status": 409,
        "detail": "不能大于3。",
        "instance": "/x/api/v1/broken/conflict",
        "errors": [
            {"pointer": "/version", "detail": "不能大于3。", "code": "ChangedMeanwhileError"}
        ],
    }
    assert english.json() == {
        "type": "ChangedMeanwhileError",
        "title": "Does not fit the present state",
        "status": 409,
        "detail": "At most 3.",
        "instance": "/x/api/v1/broken/conflict",
        "errors": [
            {"pointer": "/version", "detail": "At most 3.", "code": "ChangedMeanwhileError"}
        ],
    }


async def test_several_broken_rules_are_told_at_once(vault: Vault, clock: StandingClock) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        answer = (await client.get("/x/api/v1/broken/several")).json()
    assert (answer["status"], answer["type"]) == (422, "SeveralWrong")
    assert answer["detail"] == "有2处要改，改好就能提交。"
    assert answer["errors"] == [
        {"pointer": "/a", "detail": "不能大于3。", "code": "RuleError"},
        {"pointer": "/b", "detail": "请先登录。", "code": "RuleError"},
    ]


Said = tuple[dict[str, object], str, str, str]


@pytest.mark.parametrize(
    "case",
    [
        ({}, "/part", "这一项必须填写。", "This is required."),
        ({"part": {}}, "/part/text", "这一项必须填写。", "This is required."),
        ({"part": 3}, "/part", "要是对象（JSON 的花括号）。", "Must be an object (JSON braces)."),
        (
            {"part": {"text": 3}},
            "/part/text",
            "要是文字（JSON 字符串）。",
            "Must be text (a JSON string).",
        ),
        ({"part": {"text": "a"}}, "/part/text", "至少要写2个字。", "At least 2 characters."),
        (
            {"part": {"text": "超过五个字了"}},
            "/part/text",
            "最多写5个字，请缩短。",
            "At most 5 characters; please shorten it.",
        ),
        (
            {"fen": "1.5"},
            "/fen",
            "要是整数，例如 12900。",
            "Must be a whole number, such as 12900.",
        ),
        ({"fen": 1.5}, "/fen", "要是整数，例如 12900。", "Must be a whole number, such as 12900."),
        ({"fen": 13}, "/fen", "请先登录。", "Please log in first."),
        (
            {"day": "2026-02-30"},
            "/day",
            "要是存在的日期，写成 2026-11-01 的样子。",
            "Must be an existing date, such as 2026-11-01.",
        ),
        (
            {"id": "x"},
            "/id",
            "要是 UUID，例如 0192f3b4-8c1e-7000-8000-000000000000。",
            "Must be a UUID, such as 0192f3b4-8c1e-7000-8000-000000000000.",
        ),
        (
            {"colour": "green"},
            "/colour",
            "只能填下列值之一：red、blue。",
            "Must be one of: red, blue.",
        ),
        (
            {"many": [1, 2, 3]},
            "/many",
            "最多2项，请分几次提交。",
            "At most 2 items; please send them in several parts.",
        ),
        (
            {"number": "7"},
            "/number",
            "没有“number”这个字段，或者它由系统填写；请删掉或者检查拼写。",
            (
                'There is no field "number" here, or the system fills it in; '
                "please remove it or check the spelling."
            ),
        ),
    ],
    ids=str,
)
async def test_a_field_that_is_wrong_is_named_with_what_to_mend(
    vault: Vault, clock: StandingClock, case: Said
) -> None:
    body, pointer, chinese, english = case
    sent = {"part": {"text": "ok"}} | body if body else body
    async with serving([router], database_of(vault, clock)) as client:
        said = [
            (await client.post("/x/api/v1/whole", json=sent, headers=headers)).json()
            for headers in ({}, ENGLISH)
        ]
    assert [one["status"] for one in said] == [422, 422]
    assert [[(e["pointer"], e["detail"]) for e in one["errors"]] for one in said] == [
        [(pointer, chinese)],
        [(pointer, english)],
    ]
    assert said[0]["detail"] == f"{pointer[1:].replace('/', '.')}: {chinese}"


@pytest.mark.parametrize(
    "case",
    [
        (b'{"part"', "application/json", 422, "内容不是正确的 JSON，请检查括号、引号和逗号。"),
        (b"", "application/json", 422, "这一项必须填写。"),
        (b'{"part": "\xff"}', "application/json", 400, "请求读不出来，请检查内容和编码（UTF-8）。"),
        (
            b'{"part": {"text": "ok"}}',
            None,
            415,
            "请求头里要写 Content-Type: application/json，内容是 UTF-8 编码的 JSON。",
        ),
        (
            b'{"part": {"text": "ok"}}',
            "text/plain",
            415,
            "请求头里要写 Content-Type: application/json，内容是 UTF-8 编码的 JSON。",
        ),
        (b"[" * 100_000, "application/json", 400, "JSON套得太深，请检查内容。"),
    ],
    ids=["broken", "empty", "not utf-8", "no type", "another type", "deep"],
)
async def test_a_body_that_cannot_be_read_says_why(
    vault: Vault, clock: StandingClock, case: tuple[bytes, str | None, int, str]
) -> None:
    content, media, status, detail = case
    headers = {"Content-Type": media} if media else {}
    async with serving([router], database_of(vault, clock)) as client:
        answer = await client.post("/x/api/v1/whole", content=content, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


async def test_unknown_address_and_wrong_method_say_so(vault: Vault, clock: StandingClock) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        nowhere = await client.get("/x/api/v1/nowhere")
        wrong = await client.get("/x/api/v1/whole")
    assert (nowhere.status_code, nowhere.json()["detail"]) == (404, "没有这个地址，请检查网址。")
    assert (wrong.status_code, wrong.json()["detail"]) == (405, "这个地址不能用 GET 方法。")
    assert wrong.headers["allow"] == "POST"


async def test_a_person_gets_a_page_and_a_program_a_document(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        page = await client.get("/x/broken", headers=HTML)
        english = await client.get("/x/broken", headers=HTML | ENGLISH)
        document = await client.get("/x/broken")
    assert page.status_code == document.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>没有找到</h1>" in page.text
    assert "没有这个文件，请检查网址。" in page.text
    assert "<h1>Not found</h1>" in english.text
    assert '<html lang="en">' in english.text
    assert document.json()["type"] == "SomethingMissingError"


async def test_a_page_names_the_field_in_words_and_leads_back_without_it(
    vault: Vault, clock: StandingClock
) -> None:
    asked = "/x/list?due_before=2026-02-30&q=1&lang=zh"
    async with serving([router], database_of(vault, clock)) as client:
        page = (await client.get(asked, headers=HTML)).text
        english = (await client.get(asked.replace("=zh", "=en"), headers=HTML)).text
        both = (await client.get("/x/list?due_before=x&most=y&lang=zh", headers=HTML)).text
        rule = (await client.get("/x/list?q=4", headers=HTML)).text
        document = (await client.get(asked)).json()
    sentence = "要是存在的日期，写成 2026-11-01 的样子。"
    assert f'<p class="lead">在此日之前到期：{sentence}</p>' in page
    assert '<a class="button" href="/x/list?q=1&amp;lang=zh">去掉填错的条件再看</a>' in page
    assert "<ul>" not in page[page.index("<main") : page.index("</main>")]
    assert '<p class="lead">Due before: Must be an existing date' in english
    assert "<li>要是整数，例如 12900。</li>" in both
    assert f"<li>在此日之前到期：{sentence}</li>" in both
    assert '<p class="lead">不能大于3。</p>' in rule
    assert '<a class="button" href="/x/list">去掉填错的条件再看</a>' in rule
    for shown in (page, english, both, rule):
        main = shown[shown.index("<main") : shown.index("</main>")]
        assert not re.search(r"query[./]|/due_before|/q<", main)
    assert document["errors"][0]["pointer"] == "/query/due_before"


async def test_the_way_back_from_a_problem_leads_to_no_other_host(
    vault: Vault, clock: StandingClock
) -> None:
    problem = {"detail": "", "type": "X", "errors": [{"pointer": "/q", "detail": ""}]}
    for path in ("//evil.example/a", "/\\evil.example/a"):
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"q=1"}
        assert without(Request(scope), problem) == "/evil.example/a"


async def test_a_limit_says_when_to_come_back(vault: Vault, clock: StandingClock) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        answer = await client.get("/x/api/v1/broken/many")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["detail"] == "操作太频繁，请7秒后再试。"


async def test_what_nobody_foresaw_is_logged_once_and_told_without_its_words(
    vault: Vault, clock: StandingClock
) -> None:
    with capture_logs() as lines:
        async with serving([router], database_of(vault, clock)) as client:
            answer = await client.get("/x/api/v1/broken/bug")
    told = answer.json()
    assert (answer.status_code, told["type"]) == (500, "InternalError")
    assert "secret" not in answer.text
    [failed] = [line for line in lines if line["event"] == "request_failed"]
    assert failed["exc_type"] == "ZeroDivisionError"
    assert failed["error"] in told["detail"]
    assert "secret" not in str(lines)


@pytest.mark.parametrize("kind", ["database", "sister"])
async def test_what_is_away_for_a_moment_is_a_503(
    vault: Vault, clock: StandingClock, kind: str
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        answer = await client.get(f"/x/api/v1/broken/{kind}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == "UnavailableError"
    assert "secret" not in answer.text


@pytest.mark.parametrize("kind", get_args(core_schema.ErrorType))
def test_every_error_of_pydantic_has_a_sentence_in_both_languages(kind: str) -> None:
    key = key_of(kind)
    assert key in SENTENCES
    assert SENTENCES[key] in catalogue("en")


ODD = {
    "no_such_attribute", "needs_python_object", "get_attribute_error",
    "default_factory_not_called", "iteration_error", "set_item_not_hashable",
    "bytes_invalid_encoding", "value_error", "assertion_error", "missing_sentinel_error",
    "ellipsis_error", "time_delta_type", "time_delta_parsing", "is_instance_of",
    "is_subclass_of", "callable_type", "arguments_type", "unexpected_positional_argument",
    "multiple_argument_values", "fraction_type", "fraction_parsing", "complex_type",
    "complex_str_parsing", "frozen_dict_type", "ordered_dict_type", "counter_type", "deque_type",
}  # fmt: skip
"""Errors of Python objects that no request can cause, and those that bring their own words."""


def test_only_errors_no_request_can_cause_are_told_in_general_words() -> None:
    general = {kind for kind in get_args(core_schema.ErrorType) if key_of(kind) == "other"}
    assert general == ODD


def test_pointers_are_those_of_rfc_6901() -> None:
    assert pointer_of(("body", "matter", "text")) == "/matter/text"
    assert pointer_of(("body", "items", 3, "a/b~c")) == "/items/3/a~1b~0c"
    assert pointer_of(("query", "state")) == "/query/state"
    assert pointer_of(("body", 17)) == ""
    assert pointer_of(("body",)) == ""


def test_choices_are_listed_as_the_language_lists_things() -> None:
    assert choices_of("'a', 'b' or 'c'", "zh") == "a、b、c"
    assert choices_of("'a', 'b' or 'c'", "en") == "a, b, c"
