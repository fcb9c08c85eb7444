"""An answer repeats of its address what is ours, and nothing that somebody may have typed there."""

import pytest

from shared.web.requests import told_path

ID = "0192f3b4-8c1e-7000-8000-000000000000"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/intake/api/v1/complaints",
        f"/intake/api/v1/complaints/{ID}/attachments",
        f"/notification/api/v1/letters/{ID}.pdf",
        "/intake/api/v1/complaints/260623-0ABCDEFGH/withdraw",
        "/mediation/api/v1/cases/x/steps/close_refused",
    ],
)
def test_ids_numbers_and_words_of_ours_stay(path: str) -> None:
    assert told_path(path) == path


@pytest.mark.parametrize(
    "typed",
    ["赵钱孙李", "13800009999", "x13800009999", "a b", "zhao@marked.invalid", "Zhang", "%41"],
)
def test_what_somebody_typed_does_not(typed: str) -> None:
    assert told_path(f"/mediation/cases/{typed}") == "/mediation/cases/-"
