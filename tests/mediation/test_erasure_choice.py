"""A decision about an erasure is a clear yes or no: nothing else is taken for either."""

import re

import httpx
import pytest

from services.mediation.tables import PrivacyRequestRow
from services.mediation.use_cases.privacy.requests import ERASURE, Subject, take_down
from shared.work import Database
from tests.mediation.doors import post, rows
from tests.mediation.keeping import ZHOU, closed
from tests.mediation.things import logged_in

HERE = "/mediation/keeping/requests"


@pytest.mark.parametrize("choice", [{}, {"erase": ""}, {"erase": "yes"}, {"erase": "True"}])
async def test_without_a_clear_choice_nothing_is_decided(
    stranger: httpx.AsyncClient, database: Database, choice: dict[str, str]
) -> None:
    wu = await logged_in(stranger, database, "wu", role="privacy_officer")
    case = await closed(database)
    async with database.work() as work:
        subject = Subject("张三", "13800138000", "", "当面核对身份证")
        page = f"{HERE}/{await take_down(work, ERASURE, subject, [case], ZHOU)}"
    said = await post(wu.client, f"{page}/decision", page, reason="符合第四十七条", **choice)
    assert (said.status_code, "请选择同意删除，还是不同意。" in said.text) == (422, True)
    assert 'value="符合第四十七条"' in said.text
    both = await post(wu.client, f"{page}/decision", page, reason="", **choice)
    wrong = set(re.findall(r'id="([a-z]+)-error"', both.text))
    assert (both.status_code, wrong) == (422, {"reason", "erase"})
    [row] = await rows(database, PrivacyRequestRow)
    assert (row.state, row.decision, row.decided_by) == ("asked", None, None)
    clear = await post(wu.client, f"{page}/decision", page, reason="身份不符", erase="false")
    assert clear.status_code == 303
    assert [one.state for one in await rows(database, PrivacyRequestRow)] == ["refused"]
