"""Decimation of large meshes on several threads: parts of the mesh collapse side by side, what crosses them afterwards.

The parts depend on the mesh alone and never on the number of threads, so the result does not either.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels import threads
from axis_core.kernels.decimate_state import SHARE, DecimationState, Workspace


__all__ = ["reduce_to"]

PART = 32_768
"""Faces of a part: a few megabytes of rows, faces and rings."""
NEARLY = 0.85
"""Share of the remaining surplus that a round over parts may take: the last collapses compete over the whole mesh."""
WORTHWHILE = 0.02
"""Share of the faces that a round over parts must promise to remove."""

_T = TypeVar("_T")


@attrs.frozen(eq=False)
class _Scratch:
    """What one thread writes to beside its parts of the mesh."""

    stamps: NDArray[np.uint32]
    progress: NDArray[np.float64]
    histogram: NDArray[np.uint32]
    pairs: NDArray[np.uint32]
    lanes: NDArray[np.float32]
    waiting: NDArray[np.uint32]


def reduce_to(state: DecimationState, target: int) -> None:
    """Collapse edges until ``target`` faces are left, or until nothing more can go."""
    if state.n_faces > max(threads.PARALLEL_ABOVE, target):
        _reduce_in_parts(state, state.space(), target)
    state.reduce_to(target)


def _reduce_in_parts(state: DecimationState, space: Workspace, target: int) -> None:
    """Run rounds over parts until the rest is small, or so close to ``target`` that it wants one order for all."""
    from axis_core.kernels.cpu import decimate_lanes as lanes
    from axis_core.kernels.cpu import decimate_rounds as rounds

    scratch = [
        _Scratch(
            stamps=space.stamps if number == 0 else np.zeros_like(space.stamps),
            progress=state.progress if number == 0 else np.zeros(2),
            histogram=np.zeros(rounds.N_BUCKETS, dtype=np.uint32),
            pairs=np.zeros((2, 2), dtype=np.uint32),
            lanes=np.zeros(lanes.SIZE, dtype=np.float32),
            waiting=np.zeros(lanes.LANES, dtype=np.uint32),
        )
        for number in range(threads.n_threads())
    ]
    with ThreadPoolExecutor(len(scratch)) as pool:
        while state.n_faces > max(threads.PARALLEL_ABOVE, target):
            if not _Round(state, space, scratch, pool).run(target):
                break
    state.progress[0] = max(one.progress[0] for one in scratch)


class _Round:
    """One round over the parts of the mesh."""

    def __init__(
        self, state: DecimationState, space: Workspace, scratch: list[_Scratch], pool: ThreadPoolExecutor
    ) -> None:
        self.state = state
        self.space = space
        self.scratch = scratch
        self.pool = pool
        self.bits = space.costs.view(np.uint32)
        n_parts = -(-state.n_faces // PART)
        self.bounds = [state.n_faces * i // n_parts for i in range(n_parts + 1)]

    def run(self, target: int) -> bool:
        """Price, sort and collapse in parts, then what crosses them; return False when one order should take over."""
        from axis_core.kernels.cpu import decimate_price as price
        from axis_core.kernels.cpu import decimate_rounds as rounds
        from axis_core.kernels.cpu import decimate_setup as setup

        state, space = self.state, self.space
        surplus = state.n_faces - target
        setup.build_rings(state.faces, state.n_faces, state.n_vertices, state.starts, state.ring)
        priced = self._each(self._price)
        histogram = np.sum([part[1] for part in priced], axis=0, dtype=np.uint32)
        n_priced = sum(part[0] for part in priced)
        space.touched[: state.n_vertices] = 0
        wanted = rounds.edges_to_try(n_priced, state.n_faces, SHARE, surplus)
        if surplus * NEARLY < WORTHWHILE * state.n_faces or n_priced == 0:
            return False
        n_buckets = int(price.bucket_limit(histogram, wanted))
        counts = self._each(lambda part, scratch: self._sort(part, scratch, n_buckets))
        total = max(1, sum(counts))
        allowed = int(NEARLY * surplus)
        results = self._each(
            lambda part, scratch: self._collapse(part, scratch, counts[part], allowed * counts[part] // total)
        )
        removed = sum(part[0] for part in results)
        crossing = np.concatenate(
            [space.order[3 * first : 3 * first + left] for first, (_, left) in zip(self.bounds, results)]
        )
        removed += self._collapse_edges(crossing, len(crossing), self.scratch[0], allowed - removed, 0, state.n_faces)[
            0
        ]
        state.squeeze(space)
        return removed > WORTHWHILE * state.n_faces

    def _each(self, work: Callable[[int, _Scratch], _T]) -> list[_T]:
        """Return ``work`` of every part; part i runs on thread i modulo their number."""
        n_parts = len(self.bounds) - 1
        results: dict[int, _T] = {}

        def run(number: int) -> None:
            for part in range(number, n_parts, len(self.scratch)):
                results[part] = work(part, self.scratch[number])

        list(self.pool.map(run, range(len(self.scratch))))
        return [results[part] for part in range(n_parts)]

    def _price(self, part: int, scratch: _Scratch) -> tuple[int, NDArray[np.uint32]]:
        from axis_core.kernels.cpu import decimate_price as price
        from axis_core.kernels.cpu import decimate_rounds as rounds

        state, space = self.state, self.space
        first, stop = self.bounds[part], self.bounds[part + 1]
        if len(state.wedges):
            count = price.price_soft_edges(
                state.faces, first, stop, state.wedges, state.charts, space.dead, state.starts, state.ring, state.rows,
                state.kinds, space.touched, space.costs, self.bits, rounds.BUCKET_SHIFT, scratch.histogram,
                scratch.pairs,
            )  # fmt: skip
        else:
            count = price.price_edges(
                state.faces, first, stop, state.rows, state.kinds, space.touched, space.costs, self.bits,
                rounds.BUCKET_SHIFT, scratch.histogram, scratch.lanes, scratch.waiting,
            )  # fmt: skip
        return int(count), scratch.histogram.copy()

    def _sort(self, part: int, scratch: _Scratch, n_buckets: int) -> int:
        from axis_core.kernels.cpu import decimate_price as price
        from axis_core.kernels.cpu import decimate_rounds as rounds

        first, stop = 3 * self.bounds[part], 3 * self.bounds[part + 1]
        count = price.sort_blocks(
            self.bits, first, stop, n_buckets, rounds.BLOCK, rounds.BUCKET_SHIFT, scratch.histogram,
            self.space.chosen[first:stop], self.space.order[first:stop],
        )  # fmt: skip
        return int(count)

    def _collapse(self, part: int, scratch: _Scratch, count: int, surplus: int) -> tuple[int, int]:
        first, stop = self.bounds[part], self.bounds[part + 1]
        return self._collapse_edges(self.space.order[3 * first : 3 * stop], count, scratch, surplus, first, stop)

    def _collapse_edges(
        self, order: NDArray[np.uint32], count: int, scratch: _Scratch, surplus: int, first: int, stop: int
    ) -> tuple[int, int]:
        from axis_core.kernels.cpu import decimate as cpu

        state, space = self.state, self.space
        removed, left = cpu.collapse_edges(
            order, count, state.faces, state.wedges, state.charts, space.dead, state.starts, state.ring, state.rows,
            state.kinds, space.touched, scratch.stamps, state.merged, scratch.progress, surplus, state.max_square,
            False, first, stop, scratch.pairs,
        )  # fmt: skip
        return int(removed), int(left)
