"""Passwords: argon2id, at the least cost that OWASP allows (19 MiB, two passes), two at a time.

Hashing takes some 50 ms and 19 MiB: it is done in threads, never in the event loop, and behind a semaphore, or twenty
log-ins at once would take the memory of the machine.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from axis_http.problems import invalid


if TYPE_CHECKING:
    from argon2 import PasswordHasher


__all__ = ["checked_password", "hash_password", "needs_rehash", "password_fits"]

SHORTEST, LONGEST = 10, 128

_SLOTS = threading.BoundedSemaphore(2)

_COMMON_TEXT = (
    "1234567890 0123456789 12345678910 123456789a 1q2w3e4r5t qwertyuiop qwerty1234 qwerty12345 password12 "
    "password123 password1234 passw0rd123 iloveyou123 letmein1234 welcome123 welcome1234 admin12345 "
    "administrator changeme123 football123 baseball123 superman123 starwars123 princess123 sunshine123 "
    "dragon12345 master12345 monkey12345 abcdefghij abcdefghijk abc1234567 aaaaaaaaaa 1111111111 "
    "0000000000 9876543210 asdfghjkl123 zxcvbnm123 trustno1123 "
)
_COMMON = frozenset(_COMMON_TEXT.split())


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def checked_password(name: str, value: str, email: str = "") -> str:
    """Return a password that may be set.

    Raises
    ------
    Problem
        400: its length, or that everybody tries it first. What is in it is the user's choice.
    """
    if not SHORTEST <= len(value) <= LONGEST:
        raise invalid(name, f"must have {SHORTEST} to {LONGEST} characters")
    if value.lower() in _COMMON or (email and value.lower() == email):
        raise invalid(name, "is among the first that anybody would try")
    return value


def hash_password(password: str) -> str:
    """Return the hash of a password, with its parameters and salt."""
    with _SLOTS:
        return _hasher().hash(password)


def password_fits(hashed: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed. It takes the same time where there is no hash."""
    from argon2.exceptions import InvalidHashError, VerificationError

    hasher = _hasher()
    with _SLOTS:
        if hashed is None:
            hasher.hash(password[:LONGEST])
            return False
        try:
            return hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(hashed: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(hashed)
