"""Who asks, and which bodies they look after."""

from services.mediation.use_cases.privacy.holds import Officer
from shared.bodies import Bodies
from shared.rights import Action
from shared.trail import Doer
from shared.web import Staff

HERE = "/mediation/keeping"


def officer_of(who: Staff) -> Officer:
    """Who asks, as use cases know them."""
    return Officer(who.id, Doer.of(who), who.rights)


def bodies_of(who: Staff, action: Action, bodies: Bodies) -> list[str]:
    """The bodies in which they may do something."""
    reach = who.rights.reach(action)
    return [one.code for one in bodies.known if reach.whole(one.code)]
