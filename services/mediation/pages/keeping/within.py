"""Who asks, and which bodies they look after."""

from collections.abc import Mapping

from fastapi import Request

from services.mediation.use_cases.privacy.holds import Officer
from shared.acting import Staff
from shared.bodies import Bodies
from shared.i18n import N_
from shared.rights import Action
from shared.trail import Doer

HERE = "/mediation/keeping"
DONE: Mapping[str, str] = {
    "due": N_("批准了，正在删除所选案件的内容。"),
    "held": N_("已经暂停删除。"),
    "lifted": N_("暂停已经解除。"),
    "periods": N_("保存期限改好了，下次检查按新的期限。"),
    "assessed": N_("评估记录好了，旧的版本还在。"),
}
"""What a page says once it is done, by a word in its address."""


def told(request: Request) -> str | None:
    """The sentence about what has just been done."""
    return DONE.get(request.query_params.get("done", ""))


def officer_of(who: Staff) -> Officer:
    """Who asks, as use cases know them."""
    return Officer(who.id, Doer.of(who), who.rights)


def bodies_of(who: Staff, action: Action, bodies: Bodies) -> list[str]:
    """The bodies in which they may do something."""
    reach = who.rights.reach(action)
    return [one.code for one in bodies.known if reach.whole(one.code)]
