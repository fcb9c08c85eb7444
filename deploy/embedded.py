"""All four services in one process."""

import services.analytics.main as analytics
import services.intake.main as intake
import services.mediation.main as mediation
import services.notification.main as notification
from shared.clock import Clock
from shared.runtime.embedded import Embedded
from shared.runtime.service import Build
from shared.settings import CommonSettings
from shared.vault import Vault

BUILDS: dict[str, Build] = {
    "mediation": mediation.build,
    "intake": intake.build,
    "notification": notification.build,
    "analytics": analytics.build,
}


def assemble(common: CommonSettings, vault: Vault, clock: Clock) -> Embedded:
    """Build the platform; sisters are asked in process, by the client that would cross the wire."""
    return Embedded(common, vault, clock, BUILDS)
