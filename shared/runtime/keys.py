"""The keys of this installation, from where its settings say they are."""

from datetime import datetime

from shared.settings import CommonSettings
from shared.vault import CommandKeys, EnvironmentKeys, FileKeys, KeyProvider, Vault, new_ring


def provider_of(common: CommonSettings) -> KeyProvider:
    """Where the keys come from."""
    if common.key_source == "env":
        return EnvironmentKeys(lambda: CommonSettings().keys.get_secret_value() or given(common))
    if common.key_source == "command":
        return CommandKeys(common.key_command, common.key_command_seconds)
    return FileKeys(common.key_path)


def given(common: CommonSettings) -> str:
    """The keys as they were given to this process."""
    return common.keys.get_secret_value()


def make_key_file(common: CommonSettings, now: datetime) -> None:
    """Fresh keys in a new file. Raises FileExistsError; then that file is as it was."""
    FileKeys(common.key_path).create(new_ring(common.cipher, now))


def vault_of(common: CommonSettings) -> Vault:
    """The vault of this installation. Raises KeyMissingError where its keys cannot be had."""
    provider = provider_of(common)
    return Vault(provider.load(), common.cipher, provider)
