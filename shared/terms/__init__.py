"""The coded words of a complaint: what the codes on the wire are called in Chinese and English."""

from shared.terms.categories import CATEGORIES, CATEGORIES_VERSION, category_label
from shared.terms.codes import (
    Channel,
    Claim,
    IdType,
    Kind,
    Nature,
    PersonKind,
    Term,
    label_of,
    spelled_out,
)
from shared.terms.reasons import FAILURES, REFUSALS, Reason
from shared.terms.regions import REGIONS, is_region, region_choices, region_name

__all__ = [
    "CATEGORIES",
    "CATEGORIES_VERSION",
    "FAILURES",
    "REFUSALS",
    "REGIONS",
    "Channel",
    "Claim",
    "IdType",
    "Kind",
    "Nature",
    "PersonKind",
    "Reason",
    "Term",
    "category_label",
    "is_region",
    "label_of",
    "region_choices",
    "region_name",
    "spelled_out",
]
