"""What fictitious complaints are about, read once from the file beside this one."""

from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

FILE = Path(__file__).with_suffix(".yaml")


class Trouble(NamedTuple):
    """One kind of trouble with goods or a service."""

    category: str
    nature: str
    weight: int
    yuan: list[int]
    shops: list[str]
    goods: list[str]
    subjects: list[str]
    happened: list[str]
    answered: list[str]
    claims: list[str]


class Words(NamedTuple):
    """The whole file."""

    troubles: list[Trouble]
    weights: list[int]
    common: dict[str, Any]


@cache
def words() -> Words:
    data: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    troubles = [Trouble(**one) for one in data.pop("troubles")]
    return Words(troubles, list(accumulate(one.weight for one in troubles)), data)


def some_trouble(random: Random) -> Trouble:
    """One of them, the common ones more often."""
    return random.choices(words().troubles, cum_weights=words().weights)[0]


def amount(random: Random, trouble: Trouble) -> int:
    """Whole yuan: small sums are common, large ones rare."""
    low, high = trouble.yuan
    return int(low * (high / low) ** random.betavariate(1.6, 2.4))


def said(random: Random, what: str, **places: Any) -> str:
    """One of the common sentences."""
    sentence: str = random.choice(words().common[what])
    return sentence.format(**places)
