"""Indicator: one sign of fraud with how sure it is, and the verdict over several."""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs


__all__ = ["INDICATORS", "SUSPICIOUS_SCORE", "Indicator", "score_of", "verdict_of"]

INDICATORS = {
    "exact_duplicate": "the file or its surface is another account's earlier asset",
    "near_duplicate": "its shape is that of another account's earlier asset, altered",
    "texture_reuse": "an image is that of another account's earlier asset",
    "provenance_mismatch": "the file contradicts what is said of where it comes from",
    "tampered_contract": "the avatar contract does not recompute",
    "hidden_geometry": "much of the surface can never be seen",
    "embedded_payload": "the file carries what is no part of an avatar",
}
"""Ids and when they fire."""

SUSPICIOUS_SCORE = 0.4
"""From here on a person should look: one medium sign, or several small ones."""

FRAUDULENT_SCORE = 0.85


@attrs.frozen(kw_only=True)
class Indicator:
    """One sign.

    Attributes
    ----------
    id : str
        A key of ``INDICATORS``.
    severity : str
        ``low``, ``medium`` or ``high``.
    score : float
        0 to 1: how sure it is that something is wrong.
    detail : str
        What was seen, with numbers.
    """

    id: str = attrs.field(validator=attrs.validators.in_(INDICATORS))
    score: float
    detail: str

    @property
    def severity(self) -> str:
        """``high`` from 0.8, ``medium`` from 0.4, else ``low``."""
        return "high" if self.score >= 0.8 else "medium" if self.score >= SUSPICIOUS_SCORE else "low"


def score_of(indicators: Iterable[Indicator]) -> float:
    """Return how sure all signs together are: 1 minus the product of their doubts, the strongest of each kind."""
    strongest: dict[str, float] = {}
    for found in indicators:
        strongest[found.id] = max(strongest.get(found.id, 0.0), found.score)
    return round(1.0 - math.prod(1.0 - s for s in strongest.values()), 4)


def verdict_of(score: float) -> str:
    """Return ``clear``, ``suspicious`` or ``fraudulent``."""
    if score >= FRAUDULENT_SCORE:
        return "fraudulent"
    return "suspicious" if score >= SUSPICIOUS_SCORE else "clear"
