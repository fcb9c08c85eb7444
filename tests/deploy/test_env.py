"""`.env.example` says what the settings classes say."""

from pathlib import Path

from deploy.cli.env import settings_classes, text

HERE = Path(__file__).parents[2]


def test_the_example_is_what_make_env_writes() -> None:
    assert (HERE / ".env.example").read_text("utf-8") == text()


def test_every_setting_has_a_sentence() -> None:
    for one in settings_classes():
        for name, field in one.model_fields.items():
            assert (field.description or "").endswith("."), f"{one.__name__}.{name}"


def test_all_settings_are_optional_lines_so_that_the_file_changes_nothing_by_itself() -> None:
    lines = (HERE / ".env.example").read_text("utf-8").splitlines()
    assert all(line.startswith("#") or not line for line in lines)
    assert "#REDRESS_DATA=data" in lines
    assert "#MEDIATION_DATABASE_URL=" in lines
