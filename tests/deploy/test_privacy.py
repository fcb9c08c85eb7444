"""From the console: a copy for a person, and erasures applied again."""

import io
import zipfile
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.commands.privacy import written
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
    assert [action for action, *_ in said] == ["copy.given"]


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


def test_an_archive_is_written_for_its_owner_alone_and_over_nothing(tmp_path: Path) -> None:
    out = tmp_path / "copy.zip"
    assert written(out, 1, "YQ==").read_bytes() == b"a"
    assert written(out, 2, "Yg==") == tmp_path / "copy-2.zip"
    assert out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        written(out, 1, "Yg==")
    assert out.read_bytes() == b"a"
