"""What notification can be told."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class NotificationSettings(ServiceSettings):
    """Settings with the prefix NOTIFICATION_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATION_", env_file=".env", extra="ignore")

    smtp_host: str = Field(
        default="", description="The mail server; empty: e-mail waits and can be read on a page."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: str = Field(
        default="starttls",
        pattern="^(starttls|tls|none)$",
        description="starttls, tls (from the first byte) or none.",
    )
    smtp_user: str = Field(default="", description="Name to log in with, if the server wants one.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    smtp_from: str = Field(
        default="", description="Address the mail comes from; required with a mail server."
    )
    smtp_bounces: str = Field(
        default="",
        description="Address for undeliverable mail; default: the address it comes from.",
    )
    smtp_timeout: float = Field(
        default=20.0, gt=0, description="Seconds to wait for the mail server."
    )
    sms_url: str = Field(
        default="",
        pattern=r"^($|https?://\S+$)",
        description="Address of a gateway for text messages; it is sent id, to and text as JSON; "
        "empty: none are sent.",
    )
    sms_token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token for the gateway, if it wants one."
    )
    sms_timeout: float = Field(default=10.0, gt=0, description="Seconds to wait for the gateway.")
    more_fonts: str = Field(
        default="/usr/share/fonts/truetype/hanazono,/usr/share/fonts/opentype/noto",
        description="Folders of further fonts for rare characters, comma separated.",
    )

    @property
    def font_folders(self) -> list[Path]:
        """The folders as paths."""
        return [Path(one.strip()) for one in self.more_fonts.split(",") if one.strip()]

    @model_validator(mode="after")
    def wholly_configured(self) -> Self:
        """Refuse half a mail server."""
        if self.smtp_host and not self.smtp_from:
            raise ValueError("NOTIFICATION_SMTP_FROM is required with NOTIFICATION_SMTP_HOST.")
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            raise ValueError("NOTIFICATION_SMTP_USER and NOTIFICATION_SMTP_PASSWORD go together.")
        return self
