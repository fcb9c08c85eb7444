"""What templates need to turn codes into words, and forms into fields."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from services.mediation.use_cases import labels
from shared.terms import Channel, Kind, Nature, category_label, label_of, region_name
from shared.web.requests import language_of

HOME = "/mediation/cases"


def words_for(request: Request) -> dict[str, Any]:
    """What templates need to turn codes into words."""
    language = language_of(request)
    return {
        "labels": labels,
        "kinds": Kind.choices(language),
        "channels": Channel.choices(language),
        "kind_label": lambda code: label_of(Kind, code, language),
        "channel_label": lambda code: label_of(Channel, code, language),
        "nature": lambda code: label_of(Nature, code, language) if code else "",
        "category": lambda code: category_label(code, language) if code else "",
        "region": lambda code: region_name(code) if code else "",
    }


def text_in(form: Mapping[str, Any], name: str) -> str | None:
    """A text field; None where it is empty or missing."""
    value = form.get(name)
    return value if isinstance(value, str) and value else None
