"""Limits that keep a hostile file from costing more than an honest one.

Real avatars stay far below all of them. Where one is passed the rest of a check is left out and the report says that
it is truncated.
"""

from __future__ import annotations


__all__ = ["MOST_DEPTH", "MOST_FINDINGS", "MOST_SETS", "MOST_STEPS", "MOST_ZEROS", "WORK"]

MOST_FINDINGS = 250_000
"""Findings kept when the caller sets no limit."""

MOST_DEPTH = 400
"""Objects and arrays inside each other in the JSON."""

MOST_STEPS = 5_000_000
"""Steps along the scene graph in one check of it."""

MOST_SETS = 16
"""Sets of joints and weights of one primitive: 64 influences."""

MOST_ZEROS = 4_000_000
"""Components of an accessor without a buffer view."""

WORK = 2_000_000_000
"""Components that data checks look at, all accessors and uses together."""
