"""From the console: a copy for a person, and erasures applied again."""

import io
import zipfile
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.app import app
from deploy.cli.errors import CannotError
from deploy.cli.privacy import OPERATIONS
from shared.runtime.embedded import Embedded
from tests.journeys.walking import Walker
from tests.mediation.keeping import noted


async def complained(platform: Embedded, client: Any, **changes: Any) -> str:
    walker = Walker(client, platform.settle)
    receipt = await walker.complain(**changes)
    await platform.settle()
    return str(receipt["number"])


async def test_a_copy_is_made_noted_and_told_case_by_case(platform: Embedded, client: Any) -> None:
    number = await complained(platform, client)
    seen: list[tuple[int, int]] = []
    asked = {"name": "张三丰", "phone": "13800000001", "id_number": "", "checked": "当面看了身份证"}
    async with platform.at_work():
        made = await OPERATIONS["privacy-copy"](
            platform, asked, lambda done, of: seen.append((done, of))
        )
    [archive] = made["archives"]
    with zipfile.ZipFile(io.BytesIO(b64decode(archive))) as opened:
        assert number in opened.read("everything.json").decode()
    assert seen[-1] == (1, 1)
    said = await noted(platform.running["mediation"].database, "retention")
    assert [action for action, *_ in said] == ["copy.asked", "copy.given"]


async def test_of_somebody_unknown_there_is_no_copy(platform: Embedded, client: Any) -> None:
    await complained(platform, client)
    asked = {"name": "没有这个人", "phone": "13899990000", "id_number": "", "checked": "看了身份证"}
    with pytest.raises(CannotError, match="没有找到这个人的案件"):
        await OPERATIONS["privacy-copy"](platform, asked, lambda _done, _of: None)
    assert await noted(platform.running["mediation"].database, "retention") == []


async def test_a_name_alone_gives_no_copy_as_others_may_have_it(
    platform: Embedded, client: Any
) -> None:
    await complained(platform, client)
    asked = {"name": "张三丰", "phone": "", "id_number": "", "checked": "看了身份证"}
    with pytest.raises(CannotError, match="只有姓名不够"):
        await OPERATIONS["privacy-copy"](platform, asked, lambda _done, _of: None)
    assert await noted(platform.running["mediation"].database, "retention") == []


async def test_without_a_ledger_nothing_is_erased_again(platform: Embedded) -> None:
    done = await OPERATIONS["privacy-reapply"](platform, {}, lambda _done, _of: None)
    assert done == {"erased": 0}


@pytest.mark.parametrize(
    ("typed", "phone", "id_number"),
    [
        ("张三\n138 0013 8000\n\n", "138 0013 8000", ""),
        ("张三\n\n110101199003074514\n", "", "110101199003074514"),
    ],
)
def test_who_is_meant_is_asked_for_and_need_not_stand_on_the_command_line(
    typed: str, phone: str, id_number: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    heard: list[dict[str, str]] = []

    async def ask(_common: object, _name: str, asked: dict[str, str], _: object) -> dict[str, Any]:
        heard.append(asked)
        return {"archives": []}

    monkeypatch.setattr("deploy.cli.reach.ask", ask)
    words = ["privacy", "copy", "--checked", "看了身份证", "--json", "--data", str(tmp_path)]
    words += ["--out", str(tmp_path / "copy.zip")]
    done = CliRunner().invoke(app, words, input=typed)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, '{"files": []}')
    said = {"name": "张三", "phone": phone, "id_number": id_number}
    assert heard == [said | {"checked": "看了身份证", "language": "zh"}]
    assert list(tmp_path.iterdir()) == []


def test_without_a_name_nothing_is_asked_of_the_platform(tmp_path: Path) -> None:
    words = ["privacy", "copy", "--checked", "看了", "--data", str(tmp_path / "none")]
    words += ["--out", str(tmp_path / "copy.zip")]
    done = CliRunner().invoke(app, words, input="")
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == [], "no data, and no archive"
