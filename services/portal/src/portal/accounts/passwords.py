"""Passwords: only their argon2id hash is kept, and it is made anew when the settings ask for more."""

from dataclasses import dataclass
from functools import cached_property

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

MEBIBYTE = 1024
LEAST_MEMORY, LEAST_PASSES = 19, 2
"""19 MiB, two passes: the usual least for argon2id, some 20 ms a login. A weaker setting stops the start."""


@dataclass(frozen=True)
class Passwords:
    """How passwords are hashed here: memory of one hash in MiB, passes over it."""

    memory: int = LEAST_MEMORY
    passes: int = LEAST_PASSES

    @cached_property
    def _hasher(self) -> PasswordHasher:
        return PasswordHasher(time_cost=self.passes, memory_cost=self.memory * MEBIBYTE, parallelism=1)

    @cached_property
    def nobody(self) -> str:
        """The hash of an account that nobody has: somebody unknown costs the same time as somebody known."""
        return self._hasher.hash("nobody has this account")

    def hashed(self, password: str) -> str:
        """What is kept, parameters included."""
        return self._hasher.hash(password)

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; `None` is the hash of nobody, and never fits."""
        try:
            return self._hasher.verify(kept or self.nobody, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def weaker(self, kept: str) -> bool:
        """Whether the hash was made with less than is asked for now."""
        was = extract_parameters(kept)
        return was.memory_cost < self.memory * MEBIBYTE or was.time_cost < self.passes
