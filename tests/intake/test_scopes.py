"""Who of the staff reads, adds to and registers which complaints; and what they see masked."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select

from services.intake import pages, routes
from services.intake.consumers import on_assigned, on_opened, on_unit
from services.intake.internal import Internal
from services.intake.ports import Means
from services.intake.tables import AttachmentRow, ComplaintRow
from shared.acting import Staff
from shared.api_tokens import ApiToken
from shared.api_tokens import mint as mint_api_token
from shared.events import CaseAssigned, CaseOpened, UnitChanged
from shared.rights import Action, Grant, Role
from shared.trail.tables import AuditRow
from shared.units import path_of
from shared.web import EdgeOptions, edge
from shared.web.csrf import HEADER
from shared.web.sessions import NobodyLoggedIn
from shared.work import Database
from tests.conftest import NOON
from tests.doers import Did, did
from tests.intake.builders import a_complaint, of_a_case
from tests.intake.conftest import WIDE
from tests.intake.samples import SAMPLES

CREATE = "/intake/api/v1/complaints"
CITY, WARD, ROOM = UUID(int=11), UUID(int=12), UUID(int=13)
WARD_PATH = path_of(path_of("", CITY), WARD)


def person(number: int, role: Role, unit: UUID | None = None, path: str = "") -> Staff:
    me = UUID(int=number)
    grant = Grant(role, me, "main", unit, path)
    return Staff(me, role.value, "某人", role.value, "main", unit, (grant,))


PEOPLE = {
    "ward": person(21, Role.MEDIATOR, WARD, WARD_PATH),
    "room": person(22, Role.MEDIATOR, ROOM, path_of(WARD_PATH, ROOM)),
    "city": person(23, Role.LEADER, CITY, path_of("", CITY)),
    "house": person(24, Role.SECRETARY_GENERAL),
    "desk": person(25, Role.MEDIATOR),
    "contact": person(26, Role.DEPARTMENT_CONTACT),
    "auditor": person(27, Role.AUDITOR),
    "partner": person(28, Role.PARTNER),
    "another": person(29, Role.PARTNER),
    "statistician": person(30, Role.STATISTICIAN),
    "administrator": person(31, Role.ADMINISTRATOR),
    "demo": Staff(UUID(int=32), "demo", "演示", "mediator", "demo"),
}


class Everybody(NobodyLoggedIn):
    """All of them are logged in, each with their own name for a cookie."""

    async def of(self, cookie: str) -> Staff | None:
        return PEOPLE.get(cookie)

    async def of_token(self, jti: str) -> Staff | None:
        """A token of each of them, which allows what its name says behind the colon."""
        who, _, scope = jti.partition(":")
        only = frozenset(one for one in Action if one.value == scope)
        return replace(PEOPLE[who], only=only) if who in PEOPLE else None

    def known(self, cookie: str) -> Staff | None:
        return PEOPLE.get(cookie)


@pytest.fixture
async def web(database: Database, means: Means) -> AsyncGenerator[httpx.AsyncClient]:
    options = EdgeOptions(public_url="http://test", sessions=Everybody(), limits=WIDE)
    routers = [*routes.routers(means), *pages.routers(means), Internal(means).router]
    app = edge("intake", routers, database, options=options)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def as_one(database: Database, who: str) -> dict[str, str]:
    """The headers of somebody's script: cookie, and the token that login returned."""
    made = urlsafe_b64encode(database.vault.mac("csrf-header", who.encode())).decode()
    return {"Cookie": f"redress_session={who}", HEADER: made.rstrip("=")}


async def told(database: Database, unit: UUID, above: str = "", body: str = "main") -> None:
    event = UnitChanged(
        occurred_at=NOON,
        unit_id=unit,
        version=1,
        body=body,
        path=path_of(above, unit),
        code=f"u{unit.int}",
    )
    async with database.work() as work:
        await on_unit(work, [event])


@pytest.fixture
async def units(database: Database) -> None:
    await told(database, CITY)
    await told(database, WARD, path_of("", CITY))
    await told(database, ROOM, WARD_PATH)


def assigned(
    complaint: str, version: int, unit: UUID | None, assignee: UUID | None = None
) -> CaseAssigned:
    said = of_a_case(CaseAssigned, complaint, version, "registered", unit=unit, assignee=assignee)
    assert isinstance(said, CaseAssigned)
    return said


async def assign(database: Database, *events: CaseAssigned) -> None:
    async with database.work() as work:
        await on_assigned(work, events)


async def opened(database: Database, complaint: str, version: int, unit: UUID | None) -> None:
    said = of_a_case(CaseOpened, complaint, version, "registered", unit=str(unit) if unit else None)
    assert isinstance(said, CaseOpened)
    async with database.work() as work:
        await on_opened(work, [said])


async def create(web: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:
    answer = await web.post(CREATE, json=a_complaint(**changed))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def who_reads(web: httpx.AsyncClient, database: Database, complaint: str) -> set[str]:
    """Who gets the record; everybody else is told what they would be told of nothing at all."""
    found = set()
    for name in PEOPLE:
        headers = as_one(database, name)
        answer = await web.get(f"{CREATE}/{complaint}", headers=headers)
        nothing = await web.get(f"{CREATE}/{uuid4()}", headers=headers)
        if answer.status_code == 200:
            found.add(name)
        else:
            assert answer.status_code == nothing.status_code
            assert answer.json()["detail"] == nothing.json()["detail"]
    return found


async def place(database: Database, complaint: str) -> tuple[UUID | None, UUID | None, int | None]:
    async with database.reading() as session:
        row = await session.get_one(ComplaintRow, UUID(complaint))
    return row.unit, row.assignee, row.placed


EVERYWHERE = {"house", "auditor"}


@pytest.mark.usefixtures("units")
async def test_a_complaint_is_read_where_its_case_lies_and_above(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = (await create(web))["id"]
    await opened(database, made, 1, WARD)
    assert await place(database, made) == (WARD, None, 1)
    assert await who_reads(web, database, made) == EVERYWHERE | {"ward", "city"}
    await assign(database, assigned(made, 2, ROOM))
    assert await who_reads(web, database, made) == EVERYWHERE | {"room", "city"}
    await assign(database, assigned(made, 3, None, PEOPLE["contact"].id))
    assert await who_reads(web, database, made) == EVERYWHERE | {"desk", "contact"}


@pytest.mark.usefixtures("units")
async def test_without_a_word_of_mediation_it_lies_with_the_body(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = (await create(web))["id"]
    await opened(database, made, 1, None)
    assert await place(database, made) == (None, None, None)
    assert await who_reads(web, database, made) == EVERYWHERE | {"desk"}


async def test_what_comes_late_or_twice_moves_nothing(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = (await create(web))["id"]
    third = assigned(made, 3, ROOM, UUID(int=5))
    await assign(database, assigned(made, 2, WARD), third)
    await assign(database, assigned(made, 2, WARD), third)
    await opened(database, made, 1, CITY)
    assert await place(database, made) == (ROOM, UUID(int=5), 3)
    await assign(database, assigned(str(uuid4()), 9, CITY))
    assert await place(database, made) == (ROOM, UUID(int=5), 3)


async def test_of_several_words_on_one_case_the_newest_counts(
    web: httpx.AsyncClient, database: Database
) -> None:
    one, other = (await create(web))["id"], (await create(web))["id"]
    await assign(
        database,
        assigned(one, 3, ROOM),
        assigned(other, 2, CITY),
        assigned(one, 2, WARD),
    )
    assert await place(database, one) == (ROOM, None, 3)
    assert await place(database, other) == (CITY, None, 2)


def with_token(database: Database, who: str, *only: Action) -> dict[str, str]:
    """The headers of a script with somebody's token."""
    jti = f"{who}:{''.join(one.value for one in only)}"
    until = database.clock().timestamp() + 60
    token = ApiToken(jti, PEOPLE[who].id, frozenset(only), until)
    made = mint_api_token(database.vault, token, database.clock())
    return {"Authorization": f"Bearer {made}"}


async def test_a_script_registers_with_the_token_of_who_may_and_where_they_may(
    web: httpx.AsyncClient, database: Database
) -> None:
    headers = with_token(database, "partner", Action.CASE_REGISTER)
    external = {"source": "partner", "id": "1"}
    answer = await web.post(CREATE, json=a_complaint(external=external), headers=headers)
    assert answer.status_code == 201
    assert [one.registrar for one in await kept(database)] == [PEOPLE["partner"].id]
    answer = await web.post(CREATE, json=a_complaint(body="demo"), headers=headers)
    assert answer.status_code == 403
    assert len(await kept(database)) == 1


async def test_a_token_allows_no_more_than_it_names(
    web: httpx.AsyncClient, database: Database
) -> None:
    headers = with_token(database, "house", Action.FIGURES_READ)
    assert (await web.post(CREATE, json=a_complaint(), headers=headers)).status_code == 403
    made = (await create(web))["id"]
    assert (await web.get(f"{CREATE}/{made}", headers=headers)).status_code == 403
    reading = with_token(database, "house", Action.CASE_READ)
    assert (await web.get(f"{CREATE}/{made}", headers=reading)).status_code == 200
    assert len(await kept(database)) == 1


async def upload(web: httpx.AsyncClient, made: dict[str, Any], headers: dict[str, str]) -> int:
    address = f"{CREATE}/{made['number']}/attachments"
    files = [("files", ("a.png", SAMPLES["png"], "image/png"))]
    return (await web.post(address, files=files, headers=headers)).status_code


async def files(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(AttachmentRow)) or 0


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("contact", 404),
        ("ward", 404),
        ("statistician", 404),
        ("administrator", 404),
        ("demo", 404),
        ("auditor", 403),
    ],
)
@pytest.mark.usefixtures("units")
async def test_who_may_not_add_to_a_complaint_adds_nothing(
    web: httpx.AsyncClient, database: Database, who: str, status: int
) -> None:
    made = await create(web)
    assert await upload(web, made, as_one(database, who)) == status
    assert await files(database) == 0


@pytest.mark.usefixtures("units")
async def test_who_handles_or_corrects_a_complaint_adds_evidence_to_it(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    await opened(database, made["id"], 1, WARD)
    assert await upload(web, made, as_one(database, "ward")) == 201
    assert await files(database) == 1
    [file] = (await web.get(f"{CREATE}/{made['id']}", headers=as_one(database, "ward"))).json()[
        "files"
    ]
    address = f"{CREATE}/{made['id']}/attachments/{file['id']}"
    for who, status in (("ward", 200), ("city", 200), ("room", 404), ("desk", 404), ("demo", 404)):
        answer = await web.get(address, headers=as_one(database, who))
        assert answer.status_code == status, who
        assert (answer.content == SAMPLES["png"]) == (status == 200)
    async with database.reading() as session:
        rows = (await session.scalars(select(AuditRow).order_by(AuditRow.seq))).all()
    assert [(one.kind, one.key, one.action, one.doer) for one in rows] == [
        ("complaint", made["id"], action, PEOPLE[who].id)
        for action, who in (
            ("evidence.added", "ward"),
            ("file.opened", "ward"),
            ("file.opened", "city"),
        )
    ]


async def kept(database: Database) -> Sequence[ComplaintRow]:
    async with database.reading() as session:
        return (await session.scalars(select(ComplaintRow))).all()


async def test_a_partner_reads_what_it_sent_in_and_nothing_else(
    web: httpx.AsyncClient, database: Database
) -> None:
    external = {"source": "partner", "id": "1"}
    answer = await web.post(
        f"{CREATE}/batch",
        json={"items": [a_complaint(external=external)]},
        headers=as_one(database, "partner"),
    )
    [item] = answer.json()["items"]
    assert item["outcome"] == "created"
    assert (await kept(database))[0].registrar == PEOPLE["partner"].id
    assert await who_reads(web, database, item["receipt"]["id"]) == EVERYWHERE | {"desk", "partner"}
    others = (await create(web))["id"]
    assert "partner" not in await who_reads(web, database, others)


async def test_nobody_registers_in_a_body_that_is_not_theirs(
    web: httpx.AsyncClient, database: Database
) -> None:
    there = a_complaint(body="demo")
    headers = as_one(database, "partner")
    answer = await web.post(CREATE, json=there, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "NotAllowedError")
    answer = await web.post(f"{CREATE}/batch", json={"items": [there]}, headers=headers)
    [item] = answer.json()["items"]
    assert (item["outcome"], item["status"]) == ("refused", 403)
    assert await kept(database) == []


@pytest.mark.parametrize("who", ["auditor", "statistician", "administrator", "contact"])
async def test_who_registers_nothing_sends_in_nothing(
    web: httpx.AsyncClient, database: Database, who: str
) -> None:
    headers = as_one(database, who)
    items = {"items": [a_complaint(external={"source": "x", "id": "1"})]}
    answer = await web.post(f"{CREATE}/batch", json=items, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "NotAllowedError")
    assert (await web.post(CREATE, json=a_complaint(), headers=headers)).status_code == 403
    assert await kept(database) == []


async def test_people_read_a_record_masked(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    sent = a_complaint(
        complainant={
            "name": "张三丰",
            "phone": "13800138000",
            "email": "zhang@example.com",
            "id_type": "resident_id",
            "id_number": "11010519491231002X",
            "address": "四川省遂宁市船山区凯旋路88号",
        },
        agent={
            "name": "王五",
            "phone": "13900139000",
            "authority": "代张三丰投诉，电话13900139000",
        },
        joint={"people": [{"name": "赵六", "phone": "0825-2222222"}], "representatives": ["赵六"]},
        respondent={"name": "老周家电", "phone": "13700137000", "address": "凯旋路1号"},
        matter_text="张三丰和赵六买的，打138 0013 8000找我，送到凯旋路88号，花了12800元。",
        evidence=["张三丰的小票"],
    )
    made = (await web.post(CREATE, json=sent, headers=token)).json()
    got = (await web.get(f"{CREATE}/{made['id']}", headers=as_one(database, "desk"))).json()
    assert got["complainant"] == {
        "name": "张**",
        "phone": "138****8000",
        "email": "z***@example.com",
        "id_type": "resident_id",
        "id_number": "110***********002X",
        "address": "四川省遂宁市船山区****",
        "kind": "natural",
    }
    assert got["agent"]["name"] == "王*"
    assert got["agent"]["authority"] == "代张**投诉，电话139****9000"
    assert got["joint"]["people"] == [{"name": "赵*", "phone": "0825-****222"}]
    assert got["joint"]["representatives"] == ["赵*"]
    assert got["respondent"]["name"] == "老周家电"
    assert got["respondent"]["address"] == "凯旋路1号"
    assert got["respondent"]["phone"] == "137****7000"
    assert got["matter"]["text"] == "张**和赵*买的，打138****8000找我，送到****，花了12800元。"
    assert got["evidence"] == ["张**的小票"]
    for secret in ("三丰", "13800138000", "11010519491231002X", "凯旋路88号", "13900139000"):
        assert secret not in str(got)


async def test_services_of_the_house_read_it_whole(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    made = await create(web)
    got = (await web.get(f"{CREATE}/{made['id']}", headers=token)).json()
    assert got["complainant"]["name"] == "张三"
    assert got["complainant"]["phone"] == "13800138000"


@pytest.mark.usefixtures("units")
async def test_a_file_that_a_stand_in_gets_is_noted_with_whose_right_it_is(
    web: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = PEOPLE["ward"]
    lent = Grant(Role.MEDIATOR, away.id, "main", WARD, WARD_PATH, "王调解员")
    here = Staff(UUID(int=40), "li", "李登记员", "registrar", "main", None, (lent,))
    monkeypatch.setitem(PEOPLE, "here", here)
    made = await create(web)
    await opened(database, made["id"], 1, WARD)
    assert await upload(web, made, as_one(database, "ward")) == 201
    record = await web.get(f"{CREATE}/{made['id']}", headers=as_one(database, "ward"))
    address = f"{CREATE}/{made['id']}/attachments/{record.json()['files'][0]['id']}"
    for who in ("here", "ward"):
        assert (await web.get(address, headers=as_one(database, who))).status_code == 200
    assert await did(database, "file.opened") == [
        Did("file.opened", here.id, "李登记员", "mediator", away.id, "王调解员"),
        Did("file.opened", away.id, "某人", "mediator", None, ""),
    ]
