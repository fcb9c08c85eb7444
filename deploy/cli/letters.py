"""What letters lack as this installation is set up, each in a sentence that says how to set it."""

from pydantic import ValidationError

from deploy.cli.urls import is_distributed
from services.notification.settings import NotificationSettings
from shared.bodies import MAIN
from shared.settings import CommonSettings

WHERE = "README, “Name your organisation”"


def lacking(common: CommonSettings) -> list[str]:
    """Everything that keeps a letter from going out by e-mail in the organisation's name."""
    return [one for one in (sender_lacks(common), post_lacks()) if one]


def sender_lacks(common: CommonSettings) -> str | None:
    """The organisation's name or telephone. Raises ValueError where REDRESS_BODIES is unreadable.

    The demonstration's own organisation has both.
    """
    own = [body for body in common.organisations.known if not body.demo]
    silent = [body.code for body in own if not body.phone]
    if not silent:
        return None
    what = f"no telephone for {', '.join(silent)}"
    if own == [MAIN]:
        what = f"no name of your organisation ({MAIN.name} stands there) and no telephone"
    return (
        f"Letters have {what}: a letter whose mediator has no telephone either is left to print "
        f"and never goes by e-mail; set REDRESS_BODIES ({WHERE}) and start again, or "
        "`redress staff change NAME --phone 0999-12315`."
    )


def post_lacks() -> str | None:
    """The mail server. Raises ValidationError where half of one is set."""
    if NotificationSettings().smtp_host:
        return None
    here = " here; where the notification service has none either," if is_distributed() else ":"
    return (
        f"No mail server is set{here} e-mail waits on /notification/mail and is not sent; "
        f"set NOTIFICATION_SMTP_HOST and NOTIFICATION_SMTP_FROM ({WHERE})."
    )


def unreadable(error: ValidationError) -> str:
    """Which setting cannot be read, and why, without what stands in it."""
    faults = (
        f"{'.'.join(map(str, one['loc']))}: {one['msg']}".removeprefix(": ")
        for one in error.errors(include_input=False, include_url=False)
    )
    name = "REDRESS_BODIES" if error.title.startswith("list[") else error.title
    return f"{name} cannot be read ({WHERE}; .env.example): {'; '.join(faults).rstrip('.')}."
