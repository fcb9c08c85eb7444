"""A complaint as staff and partners read it: in the shape in which it is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.intake.domain.scanning import Scan
from services.intake.use_cases.sealing import is_apart
from services.intake.use_cases.submission import (
    AgentForm,
    ClaimForm,
    ComplainantForm,
    ConsentsForm,
    ExternalForm,
    JointForm,
    MatterForm,
    RespondentForm,
)

MATTER_WORDS = (
    "subject", "text", "place", "goods_or_service", "order_no", "rights_infringement_known_on",
)  # fmt: skip
MATTER_FACTS = ("happened_on", "region", "amount_fen", "nature", "category")
OURS = (
    "id", "number", "kind", "channel", "body", "demo", "received_at", "registered_at",
    "category_version", "respondent_known", "withdrawn_at",
)  # fmt: skip


class FileOut(BaseModel):
    """One file of the evidence (证据文件)."""

    id: UUID
    name: str
    kind: str = Field(description="Its type, found from its content (文件类型).")
    size: int = Field(description="Bytes.")
    scan: Scan = Field(
        description="What the scanner for malware found (查毒结果): `clean` 没有病毒, "
        "`infected` 有病毒 (in quarantine, cannot be downloaded), `unscanned` 没有查过, "
        "`scan_failed` 没有查成 (is tried again)."
    )


class RecordOut(BaseModel):
    """One complaint with everything that was said (投诉详情): what was sent, and what we add.

    What was erased on lawful request is null or empty; of the matter then only the facts remain.
    Of a report (举报), who reported is never here.
    """

    id: UUID
    number: str = Field(description="Public number (投诉编号).")
    kind: str
    channel: str
    body: str = Field(description="Code of the organisation that received it (接收单位).")
    demo: bool = Field(description="A fictitious complaint (演示数据).")
    received_at: datetime
    registered_at: datetime
    withdrawn_at: datetime | None
    privacy_notice: str | None = Field(
        description="Version of the privacy notice that the person saw or was read (隐私告知)."
    )
    category_version: str | None
    respondent_known: bool
    reporter_apart: bool = Field(
        description="Who reported is kept apart (举报人另行保管) and is not shown here."
    )
    complainant: ComplainantForm | None
    agent: AgentForm | None
    joint: JointForm | None
    respondent: RespondentForm | None
    matter: MatterForm
    claims: list[ClaimForm]
    evidence: list[str]
    consents: ConsentsForm | None
    external: ExternalForm | None
    files: list[FileOut]


def record_json(document: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The record as JSON, from its stored documents and facts."""
    words = document["words"] or {}
    matter = {name: words.get(name) for name in MATTER_WORDS} | {"text": words.get("text") or ""}
    return {
        **{name: document[name] for name in OURS},
        "reporter_apart": is_apart(document["kind"]),
        "privacy_notice": document["notice"],
        "complainant": document["complainant"],
        "agent": words.get("agent"),
        "joint": words.get("joint"),
        "respondent": document["respondent"],
        "matter": matter | {name: document[name] for name in MATTER_FACTS},
        "claims": words.get("claims", []),
        "evidence": words.get("evidence", []),
        "consents": words.get("consents"),
        "external": external_of(document, words),
        "files": list(files),
    }


def external_of(document: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where it came from; null for what people sent themselves."""
    if document["source"] is None:
        return None
    return {
        "source": document["source"],
        "id": words.get("external_id"),
        "received_at": document["received_at"],
    }
