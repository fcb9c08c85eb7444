"""Passwords are hashed with the least work Argon2 allows, where they are not what is tested."""

import pytest
from argon2 import PasswordHasher

from services.mediation.use_cases import hashing


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the end of the test."""
    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(hashing, "HASHER", least)
