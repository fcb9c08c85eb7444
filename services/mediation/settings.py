"""What mediation can be told."""

from functools import cached_property

from pydantic import Field, SecretStr, TypeAdapter, field_validator
from pydantic_settings import SettingsConfigDict

from services.mediation.domain.sign_on import GroupRule, Post
from shared.rights import ROLES
from shared.settings import ServiceSettings


class MediationSettings(ServiceSettings):
    """Settings with the prefix MEDIATION_."""

    model_config = SettingsConfigDict(env_prefix="MEDIATION_", env_file=".env", extra="ignore")

    session_hours: int = Field(default=12, ge=1, description="Hours after which a log-in ends.")
    session_idle_minutes: int = Field(
        default=60, ge=5, description="Minutes without a request after which a log-in ends."
    )
    second_factor_roles: str = Field(
        default="",
        description="Roles that must log in with a second factor, comma separated, such as "
        "administrator,privacy_officer; until they have one they can do nothing else.",
    )
    code_failures: int = Field(
        default=10, ge=3, description="Wrong second-factor codes of one account, then a wait."
    )
    login_failures: int = Field(
        default=10,
        ge=1,
        description="Failed log-ins of one account from one address, then a wait; a browser that "
        "logged in as it before has as many of its own.",
    )
    login_failures_address: int = Field(
        default=100, ge=1, description="Failed log-ins from one address, whoever's, then a wait."
    )
    login_lock_minutes: int = Field(
        default=15, ge=1, description="Minutes to wait after too many failed log-ins."
    )
    password_length: int = Field(
        default=10, ge=8, description="Fewest characters of a new password."
    )
    hashing_at_once: int = Field(
        default=2, ge=1, description="Password checks that may run at the same time."
    )
    audit_rows: int = Field(
        default=50_000, ge=1, description="Most rows of one export of the trail (审计记录)."
    )
    looks_per_hour: int = Field(
        default=20, ge=1, description="Looks of one person in an hour that are pointed out."
    )
    looks_same: int = Field(
        default=5, ge=2, description="Looks of one person at the same case that are pointed out."
    )
    looks_day_begins: int = Field(
        default=7, ge=0, le=23, description="Looks before this hour count as by night."
    )
    looks_day_ends: int = Field(
        default=21, ge=1, le=24, description="Looks from this hour on count as by night."
    )
    ledger_rows: int = Field(
        default=50_000, ge=1, description="Most rows of one ledger (台账) as Excel file."
    )
    invitation_days: int = Field(
        default=30, ge=1, le=366, description="Days for which a respondent's invitation is good."
    )
    oidc_issuer: str = Field(
        default="",
        description="OpenID Connect provider (统一登录): its issuer, an https address; "
        "empty: local accounts only.",
    )
    oidc_name: str = Field(default="统一登录", description="What the log-in page calls it.")
    oidc_client: str = Field(default="", description="The client id that the provider gave us.")
    oidc_secret: SecretStr = Field(
        default=SecretStr(""), description="The client secret; empty: a public client (PKCE alone)."
    )
    oidc_scopes: str = Field(
        default="openid profile", description="Scopes that are asked for, with blanks between."
    )
    oidc_groups: str = Field(
        default="[]",
        description="Which group of the provider's holds which role here, as JSON list: group, "
        "role, body (empty: all), unit (its code; empty: none), claim (default: groups).",
        examples=['[{"group": "mediators", "role": "mediator", "body": "main"}]'],
    )

    oidc_role_days: int = Field(
        default=90,
        ge=2,
        le=366,
        description="Days after somebody's last sign-on at which what the groups gave ends; it is "
        "renewed when less than half of them are left.",
    )

    @field_validator("second_factor_roles")
    @classmethod
    def roles_there_are(cls, text: str) -> str:
        """Raises ValueError for a role that is none."""
        unknown = sorted(names_in(text) - set(ROLES))
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no role. Known: {', '.join(ROLES)}.")
        return text

    @property
    def factor_roles(self) -> frozenset[str]:
        """The roles that must log in with a second factor."""
        return names_in(self.second_factor_roles)

    @cached_property
    def group_rules(self) -> tuple[GroupRule, ...]:
        """What groups of the provider hold here. Raises ValueError for what cannot be."""
        rules = tuple(
            map(rule_of, TypeAdapter(list[dict[str, str]]).validate_json(self.oidc_groups))
        )
        unknown = sorted({one.post.role for one in rules} - set(ROLES))
        if unknown:
            raise ValueError(f"MEDIATION_OIDC_GROUPS: {', '.join(unknown)}: no role.")
        return rules


def rule_of(said: dict[str, str]) -> GroupRule:
    """One rule as JSON says it. Raises ValueError."""
    known = {"group", "role", "body", "unit", "claim"}
    if not {"group", "role"} <= set(said) <= known:
        raise ValueError(f"MEDIATION_OIDC_GROUPS: a rule names {', '.join(sorted(known))}.")
    post = Post(said["role"], said.get("body", ""), said.get("unit", ""))
    return GroupRule(said["group"], post, said.get("claim", "groups"))


def names_in(text: str) -> frozenset[str]:
    """What stands between the commas."""
    return frozenset(one.strip() for one in text.split(",") if one.strip())
