"""The arrays that a decimation works on, between two calls of its kernels."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray


__all__ = ["DecimationState"]

SHARE = 0.3
"""Share of the edges that a round may take, cheapest first."""


@attrs.define(eq=False)
class DecimationState:
    """A mesh in the middle of its decimation. Only the first ``n_faces`` and ``n_vertices`` entries count."""

    positions: NDArray[np.float64]
    faces: NDArray[np.uint32]
    wedges: NDArray[np.uint32]
    charts: NDArray[np.uint32]
    face_ids: NDArray[np.uint32]
    vertex_of: NDArray[np.uint32]
    rows: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    starts: NDArray[np.uint32]
    ring: NDArray[np.uint32]
    merged: NDArray[np.uint32]
    centre: NDArray[np.float64]
    scale: float
    n_faces: int
    n_vertices: int
    max_square: float = np.inf
    progress: NDArray[np.float64] = attrs.field(factory=lambda: np.zeros(2))
    workspace: tuple[NDArray[np.float32], NDArray[np.uint32], NDArray[np.uint8], NDArray[np.uint8]] | None = None
    stamps: NDArray[np.uint32] = attrs.field(factory=lambda: np.zeros(0, dtype=np.uint32))

    @classmethod
    def of_faces(cls, positions: NDArray[np.float64], faces: NDArray[np.uint32]) -> DecimationState:
        """Start from bare faces: every vertex is a point of its own."""
        none = np.zeros(0, dtype=np.uint32)
        vertices = np.arange(len(positions), dtype=np.uint32)
        return cls.of_points(positions, faces, none, vertices, with_wedges=False)

    @classmethod
    def of_points(
        cls,
        positions: NDArray[np.float64],
        faces: NDArray[np.uint32],
        point_of: NDArray[np.uint32],
        vertex_of: NDArray[np.uint32],
        *,
        with_wedges: bool = True,
        wedge_of: NDArray[np.uint32] | None = None,
        chart_of: NDArray[np.uint32] | None = None,
    ) -> DecimationState:
        """Start from faces over vertices (wedges) that lie on points.

        Parameters
        ----------
        positions : (V, 3)
        faces : (F, 3), vertices
        point_of : (V,) point of each vertex; empty where each vertex is a point
        vertex_of : (P,) one vertex of each point
        with_wedges : bool
            Follow which vertices merge.
        wedge_of : (V,), optional
            The vertex that stands for each one, where copies are alike.
        chart_of : (V,), optional
            The same where copies are alike in all that makes a seam.
        """
        from axis_core.kernels.cpu import decimate_carry as carry
        from axis_core.kernels.cpu import decimate_setup as setup

        points = np.empty_like(faces)
        face_ids = np.empty(len(faces) if with_wedges else 0, dtype=np.uint32)
        n_faces = int(carry.copy_whole_faces(faces, point_of, points, face_ids))
        points = points[:n_faces]
        wedges = np.zeros((0, 3), dtype=np.uint32)
        if with_wedges:
            wedges = faces[face_ids[:n_faces]]
            wedges = wedges if wedge_of is None else wedge_of[wedges]
        centre, edge = carry.finite_frame(positions, faces)
        scale = 1.0 / edge
        rows = np.empty((len(vertex_of), 16), dtype=np.float32)
        setup.place_rows(positions, vertex_of, centre, scale, rows)
        starts = np.empty(len(vertex_of) + 1, dtype=np.uint32)
        ring = np.empty(3 * n_faces, dtype=np.uint32)
        setup.build_rings(points, n_faces, len(vertex_of), starts, ring)
        setup.add_face_planes(points, rows)
        kinds = np.zeros(len(vertex_of), dtype=np.uint8)
        charts = np.zeros(0, dtype=np.uint32)
        if with_wedges:
            charts = np.arange(len(positions), dtype=np.uint32) if chart_of is None else chart_of.copy()
        setup.classify_vertices(points, wedges, charts, starts, ring, rows, kinds)
        merged = np.arange(len(positions) if with_wedges else 0, dtype=np.uint32)
        n_vertices = len(vertex_of)
        return cls(
            positions=positions,
            faces=points,
            wedges=wedges,
            charts=charts,
            face_ids=face_ids,
            vertex_of=vertex_of,
            rows=rows,
            kinds=kinds,
            starts=starts,
            ring=ring,
            merged=merged,
            centre=centre,
            scale=scale,
            n_faces=n_faces,
            n_vertices=n_vertices,
        )

    @property
    def error(self) -> float:
        """Root mean square distance, metres, of the worst collapse so far."""
        return float(np.sqrt(self.progress[0]) / self.scale)

    def reduce_to(self, target: int) -> None:
        """Collapse edges until ``target`` faces are left, or until nothing more can go."""
        if self.n_faces > target:
            self._run(target)

    def bare_result(self) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
        """Return (positions, faces) of the points left."""
        from axis_core.kernels.cpu import decimate_setup as setup

        if self.n_vertices == len(self.vertex_of):  # nothing was squeezed: unused vertices are still there
            remap = np.empty(self.n_vertices, dtype=np.uint32)
            self.n_vertices = int(
                setup.squeeze_vertices(
                    self.faces, self.n_faces, self.rows, self.kinds, self.vertex_of, self.n_vertices, remap
                )
            )
        return self.point_positions(), self.faces[: self.n_faces].copy()

    def point_positions(self) -> NDArray[np.float64]:
        """Return the places of the points left (P', 3)."""
        from axis_core.kernels.cpu import decimate as cpu
        from axis_core.kernels.cpu import decimate_carry as carry

        places: NDArray[np.float64] = carry.read_positions(
            self.rows, self.kinds, self.vertex_of, self.n_vertices, self.positions, self.centre, self.scale,
            int(cpu.MOVED),
        )  # fmt: skip
        return places

    def _run(self, target: int) -> None:
        from axis_core.kernels.cpu import decimate_rounds as rounds

        if self.workspace is None:
            costs = np.empty(3 * self.n_faces, dtype=np.float32)
            order = np.empty(max(3 * self.n_faces, self.n_vertices), dtype=np.uint32)
            dead = np.zeros(self.n_faces, dtype=np.uint8)
            self.workspace = (costs, order, dead, np.zeros(self.n_vertices, dtype=np.uint8))
            self.stamps = np.zeros(self.n_vertices, dtype=np.uint32)
        costs, order, dead, touched = self.workspace
        n_faces, n_vertices = rounds.simplify_to(
            target, self.n_faces, self.n_vertices, self.faces, self.wedges, self.charts, self.face_ids, self.rows, self.kinds,
            self.vertex_of, self.starts, self.ring, costs, costs.view(np.uint32), order, dead, touched, self.stamps,
            self.merged, self.progress, self.max_square, SHARE,
        )  # fmt: skip
        self.n_faces, self.n_vertices = int(n_faces), int(n_vertices)
