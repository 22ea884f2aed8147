"""Which of many known avatars another one is: by bytes, by surface, by shape, by images."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.audit.fraud.image_hash import SAME_IMAGE_BITS
from axis_core.audit.fraud.indicator import Indicator
from axis_core.audit.fraud.traces import Traces
from axis_core.kernels.fingerprint import FINGERPRINT_SIZE, SAME_SHAPE_DISTANCE, distance


__all__ = ["Known", "KnownIndex", "Match", "match_traces", "matching_indicators"]


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


class KnownIndex:
    """Known avatars, laid out for the search: ten thousand of them are looked through in milliseconds."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._ids = [k.id for k in known]
        self._shapes = np.zeros((len(known), FINGERPRINT_SIZE), np.float32)
        self._files: dict[str, list[int]] = defaultdict(list)
        self._surfaces: dict[str, list[int]] = defaultdict(list)
        self._images: dict[str, list[int]] = defaultdict(list)
        owners, pictures = [], []
        for k, entry in enumerate(known):
            traces = entry.traces
            if len(traces.shape) == FINGERPRINT_SIZE:
                self._shapes[k] = traces.shape
            if traces.file_sha256:
                self._files[traces.file_sha256].append(k)
            if traces.mesh_sha256:
                self._surfaces[traces.mesh_sha256].append(k)
            for image in traces.images:
                if image.perceptual is not None:
                    self._images[image.sha256].append(k)
                    owners.append(k)
                    pictures.append(image.perceptual)
        self._picture_owners = np.asarray(owners, np.int64)
        self._pictures = np.asarray(pictures, np.uint64)

    def __len__(self) -> int:
        """Return how many avatars are known."""
        return len(self._ids)

    def matches(self, traces: Traces, *, threshold: float = SAME_SHAPE_DISTANCE) -> tuple[Match, ...]:
        """Return what of the known the traces belong to, the best first; one match an avatar and kind."""
        best: dict[tuple[int, str], float] = {}
        for k in self._files.get(traces.file_sha256, ()):
            best[k, "file"] = 1.0
        for k in self._surfaces.get(traces.mesh_sha256, ()):
            if (k, "file") not in best:
                best[k, "surface"] = 1.0
        for k, gap in self._near(traces.shape, threshold):
            if (k, "file") not in best and (k, "surface") not in best:
                best[k, "shape"] = round(1.0 - gap, 4)
        for k, similarity in self._pictured(traces):
            best[k, "image"] = max(best.get((k, "image"), 0.0), similarity)
        found = [Match(id=self._ids[k], kind=kind, similarity=value) for (k, kind), value in best.items()]
        return tuple(sorted(found, key=lambda m: (-m.similarity, m.id, m.kind)))

    def _near(self, shape: NDArray[np.float32], threshold: float) -> list[tuple[int, float]]:
        if len(shape) != FINGERPRINT_SIZE or not len(self._ids):
            return []
        gaps = distance(self._shapes, shape)
        return [(int(k), float(gaps[k])) for k in np.flatnonzero(gaps < threshold)]

    def _pictured(self, traces: Traces) -> list[tuple[int, float]]:
        """Known avatars with one of the images, and how alike it is. Flat images never count."""
        out: list[tuple[int, float]] = []
        for image in traces.images:
            if image.perceptual is None:
                continue
            out += [(k, 1.0) for k in self._images.get(image.sha256, ())]
            bits = np.bitwise_count(self._pictures ^ np.uint64(image.perceptual))
            for row in np.flatnonzero(bits <= SAME_IMAGE_BITS):
                # Equal hashes of different bytes are nearly, not wholly, the same image.
                out.append((int(self._picture_owners[row]), round(min(1.0 - float(bits[row]) / 64.0, 0.999), 4)))
        return out


def match_traces(
    traces: Traces, known: Sequence[Known], *, threshold: float = SAME_SHAPE_DISTANCE
) -> tuple[Match, ...]:
    """Return what of ``known`` the traces belong to, the best first; ``KnownIndex`` where there are many searches."""
    return KnownIndex(known).matches(traces, threshold=threshold)


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
