"""What letters lack in a plain installation is said; the example of the README mends it."""

import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from dotenv import dotenv_values
from typer.testing import CliRunner

from deploy.cli.app import app
from deploy.cli.letters import lacking
from services.notification.settings import NotificationSettings
from shared.bodies import Body
from shared.settings import CommonSettings
from tests.deploy.installation import PATIENCE, REDRESS

HERE = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
CITY = Body(
    code="main",
    name="安澜市消费者权益保护委员会",
    short="安澜市消委会",
    docword="安消转",
    phone="0999-12315",
    address="安澜市滨江路100号",
)
NOBODY = (
    "Letters have no name of your organisation (消费者权益保护委员会 stands there) and no "
    "telephone: a letter whose mediator has no telephone either is left to print and never goes "
    "by e-mail; set REDRESS_BODIES (README, “Name your organisation”) and start again, or "
    "`redress staff change NAME --phone 0999-12315`."
)
NO_POST = (
    "No mail server is set: e-mail waits on /notification/mail and is not sent; set "
    "NOTIFICATION_SMTP_HOST and NOTIFICATION_SMTP_FROM (README, “Name your organisation”)."
)


@pytest.fixture(autouse=True)
def _told_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("REDRESS_BODIES", "NOTIFICATION_SMTP_HOST", "MEDIATION_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def example_in(readme: str) -> str:
    """The lines for `.env` that a README shows."""
    text = (HERE / readme).read_text("utf-8")
    [found] = re.findall(r"```\n(REDRESS_BODIES=.*?)```", text, re.DOTALL)
    return str(found)


def test_a_plain_installation_lacks_a_name_a_telephone_and_a_mail_server() -> None:
    assert lacking(CommonSettings()) == [NOBODY, NO_POST]


def test_a_console_beside_the_services_knows_of_its_own_mail_server_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEDIATION_DATABASE_URL", "postgresql+asyncpg://one:two@127.0.0.1:1/none")
    assert lacking(CommonSettings()) == [
        NOBODY,
        NO_POST.replace(
            "set: e-mail", "set here; where the notification service has none either, e-mail"
        ),
    ]


def test_a_named_organisation_without_a_telephone_is_named_by_its_code() -> None:
    told = '[{"code": "bin", "name": "滨江区消委会", "short": "滨江", "docword": "滨消"}]'
    [first, _] = lacking(CommonSettings(bodies=told))
    assert first.startswith("Letters have no telephone for bin: a letter whose mediator has")


@pytest.mark.parametrize("readme", READMES)
def test_the_example_of_the_readme_is_read_as_it_is_and_nothing_lacks(
    readme: str, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(example_in(readme), "utf-8")
    common, post = CommonSettings(), NotificationSettings()
    assert common.organisations.default == CITY
    assert (post.smtp_host, post.smtp_port, post.smtp_security, post.smtp_from) == (
        "smtp.example.cn", 587, "starttls", "letters@example.cn",
    )  # fmt: skip
    assert post.smtp_user == "letters@example.cn"
    assert post.smtp_password.get_secret_value() in {"its password", "邮箱的密码"}
    assert lacking(common) == []


def test_the_example_of_env_example_is_a_whole_organisation() -> None:
    text = (HERE / ".env.example").read_text("utf-8")
    [example] = re.findall(r"^# For example: (REDRESS_BODIES=.*)$", text, re.MULTILINE)
    told = dotenv_values(stream=io.StringIO(example))["REDRESS_BODIES"]
    assert CommonSettings(bodies=told or "").organisations.default == CITY


def test_the_doctor_says_what_letters_lack_and_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["doctor", "--json", "--data", str(tmp_path / "data")])
    found = {one["what"]: (one["found"], one["good"]) for one in json.loads(done.stdout)}
    assert found["organisation on letters"] == (NOBODY, None)
    assert found["mail server"] == (NO_POST, None)


def test_a_setting_that_cannot_be_read_is_wrong_and_named_by_doctor_and_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDRESS_BODIES", '[{"code": "main"')
    monkeypatch.setenv("NOTIFICATION_SMTP_HOST", "smtp.example.cn")
    done = CliRunner().invoke(app, ["doctor", "--json", "--data", str(tmp_path / "data")])
    assert done.exit_code == 1
    found = {one["what"]: (one["found"], one["good"]) for one in json.loads(done.stdout)}
    said, good = found["organisation on letters"]
    assert good is False
    assert said.startswith(
        "REDRESS_BODIES cannot be read (README, “Name your organisation”; .env.example): Invalid"
    )
    said, good = found["mail server"]
    assert good is False
    assert said == (
        "NotificationSettings cannot be read (README, “Name your organisation”; .env.example): "
        "Value error, NOTIFICATION_SMTP_FROM is required with NOTIFICATION_SMTP_HOST."
    )


def test_a_start_with_an_unreadable_organisation_says_so_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDRESS_BODIES", '[{"code": "main"}]')
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    done = subprocess.run(  # noqa: S603 - our own program
        [*REDRESS, "up", "--port", "0", "--no-demo", "--data", str(tmp_path / "data")],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "REDRESS_BODIES cannot be read (README, “Name your organisation”; .env.example): "
        "0.name: Field required; 0.short: Field required; 0.docword: Field required.\n"
    )
    assert not (tmp_path / "data" / "intake.db").exists()
