"""How a question to the trail becomes walks along its indexes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.ext.asyncio import AsyncSession

from shared.trail.belonging import Things
from shared.trail.keys import among
from shared.trail.question import Question
from shared.trail.tables import AuditRow
from shared.trail.walking import MOST_WALKED, Days, Walk

PEOPLE = ("staff", "session")
"""Kinds of chains whose key is a person."""


async def chains_about(session: AsyncSession, asked: Question, things: Things) -> list[Walk] | None:
    """The chains of a complaint, by name, so that the database goes straight to them; None: all."""
    if asked.complaint is None:
        return None
    found: list[Walk] = []
    for kind, belonging in things.items():
        if belonging.of_complaint is not None:
            ids = await session.scalars(belonging.of_complaint(asked.complaint))
            found.append(in_chains(kind, ids))
    return found


def in_chains(kind: str, keys: Iterable[UUID]) -> Walk:
    """The rows of chains that are named by ids."""
    named = [str(one) for one in keys]
    return Walk([AuditRow.kind == kind, AuditRow.key.in_(named)], ordered=False)


def ways(asked: Question, about: Sequence[Walk] | None, now: datetime) -> list[Walk]:
    """The walks that together find what is asked for, each along an index; none: nothing is.

    Through the chains of a complaint; else for each of the people; else for each action.
    """
    also = conditions(asked, now)
    few = asked.people is not None and len(asked.people) <= MOST_WALKED
    along: Sequence[Walk] = [Walk([])]
    if about is not None:
        along = about
    elif asked.people is not None and few:
        along = [one for person in asked.people for one in by(person)]
    elif asked.actions is not None:
        along = [Walk([AuditRow.action == one]) for one in asked.actions]
    if asked.people is not None and (about is not None or not few):
        also.append(of(asked.people))
    return [one.also(also) for one in along]


def conditions(asked: Question, now: datetime) -> list[ColumnElement[bool]]:
    """What a row must be like, whoever did it and wherever it stands."""
    found = list(Days(asked.since, asked.until, now).of(AuditRow.id, AuditRow.at))
    if asked.before is not None:
        found.append(AuditRow.id < asked.before)
    if asked.kind is not None:
        found.append(AuditRow.kind == asked.kind)
    if asked.actions is not None:
        found.append(AuditRow.action.in_(asked.actions))
    return found


def by(person: UUID) -> list[Walk]:
    """What has to do with one person: what they did, in whose name it was done, their accounts."""
    accounts = [in_chains(kind, [person]) for kind in PEOPLE]
    return [Walk([AuditRow.doer == person]), Walk([AuditRow.for_id == person]), *accounts]


def of(people: Collection[UUID]) -> ColumnElement[bool]:
    """What has to do with these people."""
    accounts = and_(AuditRow.kind.in_(PEOPLE), AuditRow.key.in_([str(one) for one in people]))
    return or_(among(AuditRow.doer, people), among(AuditRow.for_id, people), accounts)
