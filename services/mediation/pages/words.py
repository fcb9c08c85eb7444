"""What templates need to turn codes into words, and forms into fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import Request

from services.mediation.use_cases import labels
from shared.terms import Channel, IdType, Kind, Nature, category_label, label_of, region_name
from shared.web.requests import language_of

HOME = "/mediation/cases"
START = "/mediation/"
"""Leads everybody to the first page that their rights open."""


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
        "id_label": lambda code: label_of(IdType, code, language),
        "day_written": day_written,
    }


def day_written(text: str | None) -> date | None:
    """A day as intake writes it; None where there is none."""
    return date.fromisoformat(text) if text else None


def text_in(form: Mapping[str, Any], name: str) -> str | None:
    """A text field; None where it is empty or missing."""
    value = form.get(name)
    return value if isinstance(value, str) and value else None
