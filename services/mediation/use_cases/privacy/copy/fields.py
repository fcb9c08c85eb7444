"""Fields of a record with what they are called, and their values as people read them."""

from collections.abc import Callable, Mapping
from typing import Any

from services.mediation.use_cases.privacy.copy.person import known
from services.mediation.use_cases.privacy.copy.said import Words, data
from shared.terms import Claim, IdType, PersonKind, category_label, label_of, region_name

TERMS = {"kind": PersonKind, "id_type": IdType}
FEN = 100


def fields_of(facts: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Fields with their labels; codes with what they are called."""
    return {
        name: {
            "label": words.of("fields", name),
            "value": value,
            "shown": shown(name, value, words),
        }
        for name, value in known(facts)
        if name in data()["fields"]
    }


def shown(name: str, value: Any, words: Words) -> str:
    """A value as people read it."""
    if name in TERMS:
        return label_of(TERMS[name], value, words.language)
    if name in SPELLED:
        return SPELLED[name](value, words)
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def claim(one: Mapping[str, Any], words: Words) -> str:
    label = label_of(Claim, one.get("kind"), words.language)
    amount = one.get("amount_fen")
    return f"{label} {yuan(amount)}" if amount is not None else label


def yuan(fen: int) -> str:
    """¥1,234.56."""
    return f"¥{fen // FEN:,}.{fen % FEN:02}"


SPELLED: Mapping[str, Callable[[Any, Words], str]] = {
    "region": lambda value, _: region_name(value),
    "category": lambda value, words: category_label(value, words.language),
    "amount_fen": lambda value, _: yuan(value),
    "claims": lambda value, words: "\n".join(claim(one, words) for one in value),
}
"""Fields that are spelled in their own way."""
