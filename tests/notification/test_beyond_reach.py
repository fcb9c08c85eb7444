"""A letter beyond reach is like none; only the trail is told that there is one."""

from uuid import UUID, uuid4

import pytest

from services.notification.domain.states import Action
from services.notification.ports import Office
from services.notification.use_cases.allowing import seen_by
from services.notification.use_cases.desk import NoSuchLetterError, act
from services.notification.use_cases.read import letter_in
from shared.kernel import BEYOND, Tried
from shared.rights import Role
from shared.work import Database
from tests.notification.conftest import clerk, forwarded
from tests.notification.platform import made, only

FAR = clerk(Role.MEDIATOR, UUID(int=99), "/elsewhere/")


async def test_reading_and_handling_a_letter_of_another_unit_name_it_to_the_trail_alone(
    database: Database, office: Office
) -> None:
    [letter] = await made(database, office, forwarded())
    refused = []
    for name in (letter.id, uuid4()):
        with pytest.raises(NoSuchLetterError) as read:
            async with database.reading() as session:
                await letter_in(session, seen_by(FAR), name)
        with pytest.raises(NoSuchLetterError) as handled:
            async with database.work() as work:
                await act(work, office, FAR, name, Action.PRINTED)
        refused += [read.value, handled.value]
    assert {str(one) for one in refused} == {"没有这份函件。"}
    assert [(one.deed, one.tried) for one in refused] == [
        *[(BEYOND, Tried("letter", letter.id))] * 2,
        *[("", None)] * 2,
    ]
    assert (await only(database)).state == letter.state
