"""Which groups of the provider's hold which role here, as the settings say."""

import pytest

from services.mediation.domain.sign_on import GroupRule, Post
from services.mediation.settings import MediationSettings
from tests.mediation.sign_on.browser import SETTINGS


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('[{"group": "a", "role": "king"}]', "king: no role"),
        ('[{"group": "a"}]', "a rule names"),
        ('[{"group": "a", "role": "mediator", "boss": "x"}]', "a rule names"),
        ("{}", "list"),
    ],
)
def test_rules_about_groups_that_cannot_be_are_named(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _ = MediationSettings(oidc_groups=said).group_rules


def test_rules_are_read_whole() -> None:
    rules = SETTINGS.group_rules
    assert rules[0] == GroupRule("mediators", Post("mediator", "main"))
    assert rules[3] == GroupRule("auditor", Post("auditor"), "realm_access.roles")
