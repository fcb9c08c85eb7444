"""Which column becomes which field of a complaint: a map, shipped or of the user's own, as YAML."""

import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from deploy.imports.problems import MapRefusedError

SHIPPED = Path(__file__).parent / "maps"

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


def header_key(name: str) -> str:
    """Column names are compared without blanks, brackets' contents, stars and full-width forms."""
    plain = re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", name))
    return re.sub(r"[\s*:：]", "", plain).lower()


def shipped_maps() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def load_map(name: str) -> ImportMap:
    """A YAML file, or the name of a shipped map. Raises MapRefusedError in plain words."""
    path = SHIPPED / f"{name}.yaml" if name in shipped_maps() else Path(name)
    if not path.is_file():
        raise MapRefusedError(
            "没有对照表“{name}”；自带的有：{shipped}，或给出 YAML 文件的路径。",
            name=name,
            shipped="、".join(shipped_maps()),
        )
    try:
        found = ImportMap.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MapRefusedError(
            "对照表“{name}”不是 YAML：{why}", name=path.name, why=error
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise MapRefusedError(
            "对照表“{name}”的 {place} 不对：{why}", name=path.name, place=place, why=first["msg"]
        ) from error
    if unknown := sorted(set(found.fields) - set(READINGS)):
        raise MapRefusedError(
            "对照表“{name}”写了没有的字段：{fields}。", name=path.name, fields="、".join(unknown)
        )
    return found
