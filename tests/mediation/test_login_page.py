"""The login says truly what it keeps of what was typed."""

import httpx

from tests.mediation.things import form_token


async def test_a_wrong_password_is_not_said_to_be_kept(stranger: httpx.AsyncClient) -> None:
    page = await stranger.get("/mediation/login")
    fields = {"form_token": form_token(page), "name": "lin", "password": "wrong"}
    headers = {"Accept": "text/html", "Origin": "http://test"}
    answer = await stranger.post("/mediation/login", data=fields, headers=headers)
    assert "密码不会保留，请重新填。" in answer.text
    assert 'value="lin"' in answer.text
    assert "其他内容都已保留" not in answer.text
