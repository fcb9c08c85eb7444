"""The console of the distributed mode where a process does not answer, and what it complains of."""

from pathlib import Path

import pytest

from deploy.cli.apart import facts_of, replay_letters
from deploy.cli.errors import CannotError
from deploy.cli.say import nobody_watches
from deploy.cli.watching import troubles
from shared.database import open_engine
from shared.messaging.burying import bury
from shared.runtime.migrate import migrate, newest
from shared.settings import CommonSettings
from shared.vault import Vault, write_key_file
from shared.work import Database
from tests.conftest import NOON

NOBODY = "http://127.0.0.1:1"


@pytest.fixture
async def common(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vault: Vault) -> CommonSettings:
    """Mediation's database with one dead letter, and nobody at its address."""
    key = tmp_path / "data.key"
    write_key_file(vault, key)
    url = f"sqlite+aiosqlite:///{tmp_path}/mediation.db"
    monkeypatch.setenv("MEDIATION_DATABASE_URL", url)
    database = Database(open_engine(url), lambda: NOON, vault)
    await migrate(database.engine, "mediation")
    await bury(database, "mediation", b"{}", "SomeError")
    await database.close()
    return CommonSettings(data=tmp_path / "data", key_file=key, mediation_url=NOBODY)


async def test_a_service_that_does_not_answer_is_named_with_what_lies_in_its_database(
    common: CommonSettings,
) -> None:
    facts = await facts_of(common, "mediation")
    schema = newest("mediation")
    assert facts == {
        "outbox": 0,
        "dead_letters": 1,
        "migration": {"at": schema, "newest": schema},
        "unreachable": f"no answer at {NOBODY}: ConnectError",
    }
    said = troubles({"services": {"mediation": facts}})
    assert said == [f"mediation: no answer at {NOBODY}: ConnectError"]


async def test_a_service_without_process_and_schema_says_both(
    common: CommonSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDIATION_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    assert await facts_of(common, "mediation") == {
        "unreachable": f"no answer at {NOBODY}: ConnectError; "
        "not prepared (redress migrate): OperationalError"
    }


async def test_nothing_is_replayed_where_the_service_does_not_answer(
    common: CommonSettings,
) -> None:
    with pytest.raises(CannotError, match=r"mediation did not answer at .*: ConnectError"):
        await replay_letters(common, {"service": "mediation"}, nobody_watches)
    assert (await facts_of(common, "mediation"))["dead_letters"] == 1


def test_words_that_intake_does_not_know_are_complained_of() -> None:
    facts = {"words_wanted": 3, "words_unknown_to_intake": 2}
    assert troubles({"services": {"mediation": facts}}) == [
        "mediation: intake does not know 2 of its complaints; asked again"
    ]
