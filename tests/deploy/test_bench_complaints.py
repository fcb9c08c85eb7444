"""The complaints that are sent."""

import csv
import json
from itertools import islice
from pathlib import Path

from deploy.bench.complaints import batches, bodies, complaint, creates, write_ledger
from deploy.bench.stage import read_environment
from services.intake.use_cases.submission import ComplaintForm


def test_every_complaint_is_one_that_intake_reads() -> None:
    read = [ComplaintForm.model_validate_json(one).record() for one in bodies(50)]
    assert {one.respondent_known for one in read} == {True}
    assert len({one.complainant.phone for one in read}) == 50


def test_the_same_number_is_the_same_complaint() -> None:
    assert complaint(7) == complaint(7) != complaint(8)


def test_each_request_has_a_key_of_its_own() -> None:
    heads = [one.partition(b"\r\n\r\n")[0] for one in islice(creates("r", [b"{}"]), 3)]
    assert [b"idempotency-key: r-%08d" % n in head for n, head in enumerate(heads)] == [True] * 3


def test_a_batch_has_items_with_ids_of_their_own() -> None:
    sent = [one.partition(b"\r\n\r\n")[2] for one in islice(batches({}, 2, "r"), 2)]
    items = [item for body in sent for item in json.loads(body)["items"]]
    assert [item["external"]["id"] for item in items] == ["r-0-0", "r-0-1", "r-1-0", "r-1-1"]


def test_a_ledger_has_a_row_for_each(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    write_ledger(file, 3, "r")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [row["编号"] for row in rows] == ["r-0", "r-1", "r-2"]
    assert all(row["投诉内容"] and row["被投诉单位"] for row in rows)


def test_the_environment_of_a_cluster_is_read() -> None:
    text = "# note\nREDRESS_DATA=/srv/x\nA='b=c d'\nexport B=\"1\"\n"
    assert read_environment(text) == {"REDRESS_DATA": "/srv/x", "A": "b=c d", "B": "1"}
