"""What intake can be told."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """Settings with the prefix INTAKE_."""

    model_config = SettingsConfigDict(env_prefix="INTAKE_", env_file=".env", extra="ignore")

    attachments: Path | None = Field(
        default=None,
        description="Folder of the sealed attachments; default: attachments in the data folder.",
    )
    s3_endpoint: str = Field(
        default="",
        description="Host and port of an S3-compatible store; empty: attachments in the folder.",
    )
    s3_bucket: str = Field(default="redress", description="Bucket of the attachments.")
    s3_access_key: str = Field(default="", description="Access key of the S3-compatible store.")
    s3_secret_key: SecretStr = Field(
        default=SecretStr(""), description="Secret key of the S3-compatible store."
    )
    s3_secure: bool = Field(default=True, description="Whether the store is reached over https.")
    clamd: str = Field(
        default="",
        pattern=r"^($|unix:/.+|\[?[^\s/\]]+\]?:[0-9]{1,5}$)",
        description="ClamAV's clamd, as host:port or unix:/path; empty: files stay unscanned.",
    )
    clamd_timeout: float = Field(
        default=60.0, gt=0, description="Seconds within which clamd must have looked at a file."
    )
    flood_per_minute: int = Field(
        default=300,
        ge=0,
        description="Complaints of strangers in a minute above which each is asked to compute a "
        "little or to wait; 0: never.",
    )
    notices: Path | None = Field(
        default=None,
        description="Folder with privacy notices of single bodies, in the form of ours.",
    )
    upload_hours: int = Field(
        default=24, ge=1, description="Hours for which files of an unfinished form are kept."
    )
    waiting_mb_per_address: int = Field(
        default=200,
        ge=0,
        description="Megabytes of files of unfinished forms that are kept for one address; "
        "0: no limit.",
    )
    waiting_mb: int = Field(
        default=2000,
        ge=0,
        description="Megabytes of files of unfinished forms that are kept for all; 0: no limit.",
    )
    keep_free_mb: int = Field(
        default=500,
        ge=0,
        description="Megabytes of the disk of the attachments that files leave free; below that "
        "files are refused, complaints without files are still taken.",
    )
