"""The words of one fictitious complaint, in the JSON of the API."""

from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from deploy.demo import people
from deploy.demo.troubles import Trouble, amount, said, some_trouble, words

CHANNELS = {
    "web": 34, "phone": 26, "app": 12, "walk_in": 10, "hotline_12345": 8, "platform_12315": 4,
    "letter": 3, "email": 2, "station": 1,
}  # fmt: skip
CHANNEL_NAMES, CHANNEL_WEIGHTS = list(CHANNELS), list(accumulate(CHANNELS.values()))
TRANSFERRED = {"hotline_12345": "hotline-12345", "platform_12315": "platform-12315"}
"""Channels through which other systems hand over; these may not know the respondent."""
KNOWN = 0.7
"""The share of those whose respondent is known."""


def complaint_of(random: Random, kind: str, received: datetime) -> dict[str, Any]:
    """What came in, with invented people and firms."""
    trouble = some_trouble(random)
    code, district = random.choice(people.DISTRICTS)
    firm = people.firm(random, random.choice(trouble.shops), district)
    yuan = amount(random, trouble)
    months, days = random.randrange(2, 9), random.randrange(3, 25)
    which = random.randrange(len(trouble.subjects))
    happened = trouble.happened[which % len(trouble.happened)]
    passed = months * 30 * ("{months}" in happened) + days * ("{days}" in happened)
    day = received.date() - timedelta(days=passed + int(random.expovariate(1 / 12)))
    places = {
        "goods": random.choice(trouble.goods),
        "shop": firm,
        "yuan": yuan,
        "day": f"{day.year}年{day.month}月{day.day}日",
        "months": months,
        "times": random.randrange(2, 6),
        "days": days,
    }
    channel = random.choices(CHANNEL_NAMES, cum_weights=CHANNEL_WEIGHTS)[0]
    transferred = channel in TRANSFERRED
    known = not transferred or people.chance(random, KNOWN)
    return {
        "kind": kind,
        "channel": channel,
        "body": "demo",
        "complainant": complainant(random, district),
        "respondent": respondent(random, firm, district) if known else None,
        "matter": {
            "subject": subject(kind, trouble.subjects[which], places),
            "text": text(random, kind, (happened, random.choice(trouble.answered)), places),
            "happened_on": day.isoformat(),
            "region": code,
            "goods_or_service": places["goods"],
            "amount_fen": yuan * 100 if kind == "complaint" else None,
            "nature": trouble.nature if kind == "complaint" else None,
            "category": trouble.category,
        },
        "claims": claims(random, trouble, yuan) if kind == "complaint" else [],
        "evidence": random.sample(words().common["evidence"], random.randrange(4)),
        "consents": {"forwarding": people.chance(random, 0.9), "mediation": True},
        "external": transfer(random, channel, received) if transferred else None,
    }


def transfer(random: Random, channel: str, received: datetime) -> dict[str, Any]:
    number = f"{received:%Y%m%d}{random.randrange(10**6):06d}"
    return {"source": TRANSFERRED[channel], "id": number, "received_at": received.isoformat()}


def complainant(random: Random, district: str) -> dict[str, Any]:
    email = (
        f"user{random.randrange(10**6):06d}@example.invalid" if people.chance(random, 0.4) else None
    )
    return {
        "name": people.person(random),
        "phone": people.mobile(random),
        "email": email if people.chance(random, 0.4) else None,
        "address": people.address(random, district) if people.chance(random, 0.5) else None,
    }


def respondent(random: Random, firm: str, district: str) -> dict[str, Any]:
    email = f"service{random.randrange(10**5):05d}@shop.example.invalid"
    return {
        "name": firm,
        "address": people.address(random, district),
        "phone": people.office_phone(random) if people.chance(random, 0.8) else None,
        "email": email if people.chance(random, 0.7) else None,
    }


def subject(kind: str, own: str, places: dict[str, Any]) -> str:
    if kind == "complaint":
        return own.format(**places)
    titles = {
        "report": "反映{shop}的问题",
        "inquiry": "咨询{goods}的消费问题",
        "suggestion": "一点建议",
        "praise": "表扬信",
        "help": "请求帮助",
    }
    return titles[kind].format(**places)


def text(random: Random, kind: str, told: tuple[str, str], places: dict[str, Any]) -> str:
    if kind != "complaint":
        sentence: str = random.choice(words().common["others"][kind])
        return sentence.format(**places)
    happened, answered = (sentence.format(**places) for sentence in told)
    return f"{happened}\n{answered}{said(random, 'closings')}"


def claims(random: Random, trouble: Trouble, yuan: int) -> list[dict[str, Any]]:
    chosen = random.sample(trouble.claims, random.randrange(1, min(2, len(trouble.claims)) + 1))
    money = {"refund", "damages"}
    return [
        {"kind": kind} | ({"amount_fen": yuan * 100} if kind in money else {}) for kind in chosen
    ]
