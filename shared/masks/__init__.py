"""What people see of personal data who need not see all of it: 张**, 138****0000 (脱敏)."""

from shared.masks.comparing import is_mask_of, looks_masked, plain_stars
from shared.masks.complaints import masked_record
from shared.masks.hiding import Secrets, Unseen
from shared.masks.names import is_company, masked_name, starred_name
from shared.masks.records import FIELDS, masked_person
from shared.masks.texts import masked_text
from shared.masks.values import (
    HIDDEN,
    masked_account,
    masked_address,
    masked_email,
    masked_id,
    masked_phone,
    masked_plate,
)
from shared.masks.veils import StarsError, Veiled

__all__ = [
    "FIELDS",
    "HIDDEN",
    "Secrets",
    "StarsError",
    "Unseen",
    "Veiled",
    "is_company",
    "is_mask_of",
    "looks_masked",
    "masked_account",
    "masked_address",
    "masked_email",
    "masked_id",
    "masked_name",
    "masked_person",
    "masked_phone",
    "masked_plate",
    "masked_record",
    "masked_text",
    "plain_stars",
    "starred_name",
]
