"""Which of many known avatars another one is: by bytes, by surface, by shape, by images."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from axis_core.audit.fraud.image_hash import SAME_IMAGE_BITS, differing_bits
from axis_core.audit.fraud.indicator import Indicator
from axis_core.audit.fraud.traces import Traces
from axis_core.kernels.fingerprint import SAME_SHAPE_DISTANCE, distance


__all__ = ["Known", "Match", "match_traces", "matching_indicators"]


@attrs.frozen(kw_only=True)
class Known:
    """An avatar that was there before."""

    id: str
    traces: Traces


@attrs.frozen(kw_only=True)
class Match:
    """A known avatar that another one resembles.

    Attributes
    ----------
    kind : str
        ``file``, ``surface``, ``shape`` or ``image``.
    similarity : float
        0 to 1; 1 is the same.
    """

    id: str
    kind: str
    similarity: float


def match_traces(
    traces: Traces, known: Sequence[Known], *, threshold: float = SAME_SHAPE_DISTANCE
) -> tuple[Match, ...]:
    """Return what of ``known`` the traces belong to, the best first; one match an avatar and kind."""
    if not known:
        return ()
    gaps = distance(np.stack([k.traces.shape for k in known]), traces.shape)
    out = []
    for entry, gap in zip(known, gaps.tolist(), strict=True):
        there = entry.traces
        if traces.file_sha256 and traces.file_sha256 == there.file_sha256:
            out.append(Match(id=entry.id, kind="file", similarity=1.0))
        elif traces.mesh_sha256 and traces.mesh_sha256 == there.mesh_sha256:
            out.append(Match(id=entry.id, kind="surface", similarity=1.0))
        elif gap < threshold:
            out.append(Match(id=entry.id, kind="shape", similarity=round(1.0 - gap, 4)))
        shared = _shared_image(traces, there)
        if shared:
            out.append(Match(id=entry.id, kind="image", similarity=shared))
    return tuple(sorted(out, key=lambda m: (-m.similarity, m.id, m.kind)))


def _shared_image(one: Traces, two: Traces) -> float:
    """How alike the most alike images of two avatars are; 0 where none are one picture. Flat ones never count."""
    best = 0.0
    for a in one.images:
        for b in two.images:
            if a.perceptual is None or b.perceptual is None:
                continue
            if a.sha256 == b.sha256:
                return 1.0
            bits = differing_bits(a.perceptual, b.perceptual)
            if bits <= SAME_IMAGE_BITS:
                best = max(best, round(1.0 - bits / 64.0, 4))
    return best


def matching_indicators(matches: Sequence[Match]) -> tuple[Indicator, ...]:
    """Return the indicators of matches with other accounts' earlier avatars."""
    out = []
    exact = [m for m in matches if m.kind in ("file", "surface")]
    near = [m for m in matches if m.kind == "shape"]
    image = [m for m in matches if m.kind == "image"]
    if exact:
        what = "file" if any(m.kind == "file" for m in exact) else "surface"
        detail = f"the {what} is that of {_avatars(exact)} of another account"
        out.append(Indicator(id="exact_duplicate", score=0.95, detail=detail))
    if near:
        text = f"the shape is that of {_avatars(near)} of another account, similarity {near[0].similarity:.3f}"
        out.append(Indicator(id="near_duplicate", score=0.7, detail=text))
    if image:
        text = f"an image is that of {_avatars(image)} of another account, similarity {image[0].similarity:.3f}"
        out.append(Indicator(id="texture_reuse", score=0.45 if image[0].similarity == 1.0 else 0.3, detail=text))
    return tuple(out)


def _avatars(matches: Sequence[Match]) -> str:
    return "an earlier avatar" if len(matches) == 1 else f"{len(matches)} earlier avatars"
