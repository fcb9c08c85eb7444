"""Which column becomes which field of a complaint: a map, shipped or of the user's own, as YAML."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from deploy.imports.problems import MapRefusedError
from shared.i18n import N_
from shared.sheets.problems import Several
from shared.terms import Channel, Claim, IdType, Kind, Nature, PersonKind, Term

SHIPPED = Path(__file__).parent / "maps"
EXAMPLE = SHIPPED / "ledger.yaml"

Reading = Literal["line", "text", "code", "instant", "day", "money", "yes", "list"]
FIELDS: dict[Reading, str] = {
    "line": """kind channel body complainant.name complainant.id_type complainant.address
        complainant.kind respondent.name respondent.address respondent.platform matter.subject
        matter.place matter.goods_or_service matter.nature matter.category""",
    "text": "matter.text",
    "code": """external.id complainant.phone complainant.id_number complainant.email
        respondent.uscc respondent.phone respondent.email matter.region matter.order_no""",
    "instant": "external.received_at",
    "day": "matter.happened_on matter.rights_infringement_known_on",
    "money": "matter.amount_fen claims.amount_fen",
    "list": "evidence claims.kind",
    "yes": """consents.forwarding consents.mediation consents.entrusted_mediation
        consents.publication""",
}
READINGS = {field: reading for reading, fields in FIELDS.items() for field in fields.split()}
"""How the cell of each field of a complaint is read."""
CODES: dict[str, type[Term]] = {
    "kind": Kind,
    "channel": Channel,
    "complainant.kind": PersonKind,
    "complainant.id_type": IdType,
    "matter.nature": Nature,
    "claims.kind": Claim,
}
"""Fields that take codes, and which."""
TEXT = "matter.text"
"""What no complaint is without."""
WRONG = {
    "missing": N_("对照表“{name}”缺 {place}；请照 {example} 补上。"),
    "extra_forbidden": N_("对照表“{name}”写了没有的 {place}；请检查拼写，可照 {example} 改。"),
}
WRONG_OTHERWISE = N_("对照表“{name}”的 {place} 写法不对；请照 {example} 改。")


def columns_of(value: Any) -> Any:
    """The short forms: a column's name, or several names of which the first present one counts."""
    if isinstance(value, str):
        return {"columns": [value]}
    return {"columns": value} if isinstance(value, list) else value


class FieldMap(BaseModel):
    """Where one field comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    columns: tuple[str, ...] = ()
    value: str | bool | None = None
    """What stands there when the cell is empty or there is no such column."""
    values: dict[str, str] = {}
    """The file's words and our codes, such as 举报: report."""
    required: bool = False


class ImportMap(BaseModel):
    """One kind of file."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    name: str
    title: str
    source: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    """Code of the system the rows come from; with the row's own number it names a row for ever."""
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    """The row with the column names; otherwise the first row that holds a required one."""
    fields: dict[str, Annotated[FieldMap, BeforeValidator(columns_of)]]
    ignore: tuple[str, ...] = ()
    """Columns that are known and deliberately left out."""

    @field_validator("fields")
    @classmethod
    def no_complaint_without_text(cls, fields: dict[str, FieldMap]) -> dict[str, FieldMap]:
        """The text is required even where a map does not say so."""
        text = fields.get(TEXT)
        if text is None or text.value is not None:
            return fields
        return fields | {TEXT: text.model_copy(update={"required": True})}


def shipped_maps() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def load_map(name: str) -> ImportMap:
    """A YAML file, or the name of a shipped map. Raises MapRefusedError in plain words."""
    path = SHIPPED / f"{name}.yaml" if name in shipped_maps() else Path(name)
    if not path.is_file():
        raise MapRefusedError(
            "没有对照表“{name}”；自带的有：{shipped}，或给出 YAML 文件的路径。",
            name=name,
            shipped=Several(shipped_maps()),
        )
    content = content_of(path)
    if not isinstance(content, dict):
        raise MapRefusedError(
            "对照表“{name}”不是“名称: 值”的样子；请照 {example} 写。",
            name=path.name,
            example=EXAMPLE,
        )
    try:
        found = ImportMap.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise MapRefusedError(
            WRONG.get(first["type"], WRONG_OTHERWISE),
            name=path.name,
            place=".".join(map(str, first["loc"])),
            example=EXAMPLE,
        ) from error
    check(found, path.name)
    return found


def content_of(path: Path) -> Any:
    """What stands in a YAML file."""
    try:
        return yaml.safe_load(path.read_text("utf-8-sig"))
    except OSError as error:
        why = error.strerror or error
        raise MapRefusedError("打不开对照表“{name}”：{why}。", name=path, why=why) from error
    except UnicodeDecodeError as error:
        raise MapRefusedError(
            "对照表“{name}”不是 UTF-8；请另存为 UTF-8。", name=path.name
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise MapRefusedError(
            "对照表“{name}”第 {line} 行不合 YAML 的写法；请核对缩进、冒号、引号和括号。",
            name=path.name,
            line=mark.line + 1 if mark else 1,
        ) from error


def check(found: ImportMap, name: str) -> None:
    """Refuse a map whose every row intake would refuse."""
    if unknown := sorted(set(found.fields) - set(READINGS)):
        raise MapRefusedError(
            "对照表“{name}”写了没有的字段：{fields}；请检查拼写。",
            name=name,
            fields=Several(unknown),
        )
    text = found.fields.get(TEXT, FieldMap())
    if not text.columns and not text.value:
        raise MapRefusedError(
            "对照表“{name}”没有写投诉内容（{field}）在哪一列；请补上。", name=name, field=TEXT
        )
    check_codes(found, name)


def check_codes(found: ImportMap, name: str) -> None:
    """Refuse codes that no complaint knows."""
    for target, terms in CODES.items():
        field = found.fields.get(target, FieldMap())
        known = [term.value for term in terms]
        for code in (*field.values.values(), field.value):
            if code is not None and code not in known:
                raise MapRefusedError(
                    "对照表“{name}”的 {field} 写了没有的代码“{code}”；可以写：{known}。",
                    name=name,
                    field=target,
                    code=code,
                    known=Several(known),
                )
