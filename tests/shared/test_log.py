"""What is written is a short list of fields; whatever else is handed in is dropped."""

import json
import logging
from collections.abc import Callable, Generator

import pytest
import structlog

from shared.log import configure, logger

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Generator[Lines]:
    handlers = logging.getLogger().handlers[:]
    configure("INFO")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


def test_only_the_listed_fields_are_written(lines: Lines) -> None:
    logger(service="intake").info("received", complaint_id="1", text="我的手机号是13800000000")
    [line] = lines()
    assert set(line) == {"event", "service", "complaint_id", "level", "timestamp"}


def test_a_library_says_who_it_is_and_what_fell_but_not_whose_words_it_held(lines: Lines) -> None:
    try:
        int("张三的话")
    except ValueError:
        logging.getLogger("aiokafka.consumer").exception("Failed for %s", "张三")
        logging.getLogger("somebody.else").exception("张三的话 %s", "张三")
    first, second = lines()
    assert (first["where"], first["exc_type"], first["reason"]) == (
        "aiokafka.consumer",
        "ValueError",
        "Failed for %s",
    )
    assert "reason" not in second
    assert "张三" not in json.dumps([first, second], ensure_ascii=False)
