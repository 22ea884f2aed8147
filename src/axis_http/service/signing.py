"""Signed addresses: whoever has one may read one thing until it expires. The secret is a file that only we can read."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path


__all__ = ["Signer"]


class Signer:
    """Signs paths with a secret of this installation."""

    def __init__(self, path: Path) -> None:
        self._key = _kept_secret(path)

    def query(self, path: str, life_s: float) -> str:
        """Return ``expires=..&signature=..`` for a path."""
        until = str(int(time.time() + life_s))
        return f"expires={until}&signature={self._signature(path, until)}"

    def holds(self, path: str, expires: str, signature: str) -> bool:
        """Whether a signature is ours, for this path, and not over."""
        right = hmac.compare_digest(self._signature(path, expires), signature.encode("ascii", "replace").decode())
        return right and expires.isdigit() and len(expires) < 12 and int(expires) > time.time()

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes for a purpose: the same ones each time, and of no use for another purpose."""
        return hmac.new(self._key, f"derived\n{purpose}".encode(), hashlib.sha256).digest()

    def _signature(self, path: str, expires: str) -> str:
        return hmac.new(self._key, f"{path}\n{expires}".encode(), hashlib.sha256).hexdigest()


def _kept_secret(path: Path) -> bytes:
    """Return the secret in a file, made at the first start; of several processes the first one's is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()
