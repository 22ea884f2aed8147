"""The arrays that a decimation works on, between two calls of its kernels."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels import threads


__all__ = ["DecimationState", "Workspace"]

SHARE = 0.5
"""Share of the edges that a round may take, cheapest first."""

SORT_ABOVE = 50_000
"""Faces above which scattered or torn input is sorted along a curve first; smaller meshes fit the caches anyhow."""


@attrs.frozen(eq=False)
class Workspace:
    """What the rounds keep between them: costs of half-edges, two lists of them, marks on faces and vertices."""

    costs: NDArray[np.float32]
    chosen: NDArray[np.uint32]
    order: NDArray[np.uint32]
    dead: NDArray[np.uint8]
    touched: NDArray[np.uint8]
    stamps: NDArray[np.uint32]

    @classmethod
    def of(cls, n_faces: int, n_vertices: int) -> Workspace:
        """Return one for a mesh of that size: nothing priced yet, so every vertex counts as touched."""
        return cls(
            costs=np.empty(3 * n_faces, dtype=np.float32),
            chosen=np.empty(3 * n_faces, dtype=np.uint32),
            order=np.empty(max(3 * n_faces, n_vertices), dtype=np.uint32),
            dead=np.zeros(n_faces, dtype=np.uint8),
            touched=np.ones(n_vertices, dtype=np.uint8),
            stamps=np.zeros(n_vertices, dtype=np.uint32),
        )


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
    workspace: Workspace | None = None

    @classmethod
    def of_faces(cls, positions: NDArray[np.float64], faces: NDArray[np.uint32]) -> DecimationState:
        """Start from bare faces: every vertex is a point of its own."""
        none = np.zeros(0, dtype=np.uint32)
        return cls._start(positions, faces, none, none, none, none)

    @classmethod
    def of_points(
        cls,
        positions: NDArray[np.float64],
        faces: NDArray[np.uint32],
        point_of: NDArray[np.uint32],
        vertex_of: NDArray[np.uint32],
        wedge_of: NDArray[np.uint32],
        chart_of: NDArray[np.uint32],
        guides: NDArray[np.float32] | None = None,
    ) -> DecimationState:
        """Start from faces over vertices that lie on points, and follow which vertices merge.

        Parameters
        ----------
        positions : (V, 3)
        faces : (F, 3), vertices
        point_of : (V,) point of each vertex
        vertex_of : (P,) one vertex of each point
        wedge_of : (V,)
            The vertex that stands for each one, where copies are alike.
        chart_of : (V,)
            The same where copies are alike in all that makes a seam.
        guides : (P, K) of each point, optional
            Values whose bends count like bends of the surface: 1 is worth a distance of ``1``.
        """
        return cls._start(positions, faces, point_of, vertex_of, wedge_of, chart_of, guides)

    @classmethod
    def _start(
        cls,
        positions: NDArray[np.float64],
        faces: NDArray[np.uint32],
        point_of: NDArray[np.uint32],
        first_vertex: NDArray[np.uint32],
        wedge_of: NDArray[np.uint32],
        chart_of: NDArray[np.uint32],
        guides: NDArray[np.float32] | None = None,
    ) -> DecimationState:
        from axis_core.kernels.cpu import decimate_carry as carry
        from axis_core.kernels.cpu import decimate_guides as slopes
        from axis_core.kernels.cpu import decimate_order as local
        from axis_core.kernels.cpu import decimate_setup as setup

        low, high, edge = carry.finite_frame(positions, faces)
        order = np.zeros(0, dtype=np.uint32)
        if len(faces) > SORT_ABOVE and (local.is_scattered(faces) or local.is_torn(faces, point_of, len(positions))):
            order = local.morton_order(positions, faces, low, 1024.0 / max(float((high - low).max()), 1e-300))
        with_wedges = len(wedge_of) > 0
        points = np.empty_like(faces)
        face_ids = np.empty(len(faces) if with_wedges else 0, dtype=np.uint32)
        vertex_of = np.empty(len(positions), dtype=np.uint32)
        n_faces, n_vertices = setup.gather_faces(faces, order, point_of, first_vertex, points, face_ids, vertex_of)
        points, vertex_of = points[:n_faces], vertex_of[:n_vertices]
        wedges = wedge_of[faces[face_ids[:n_faces]]] if with_wedges else np.zeros((0, 3), dtype=np.uint32)
        rows = _aligned_rows(n_vertices, 0 if guides is None else guides.shape[1])
        parallel = n_faces > threads.PARALLEL_ABOVE
        centre, scale = 0.5 * low + 0.5 * high, 1.0 / edge
        threads.run_in_parts(
            lambda first, stop: setup.place_rows(positions, vertex_of, centre, scale, rows, first, stop),
            n_vertices,
            parallel=parallel,
        )
        starts = np.empty(n_vertices + 1, dtype=np.uint32)
        ring = np.empty(3 * n_faces, dtype=np.uint32)
        setup.build_rings(points, n_faces, n_vertices, starts, ring)
        setup.add_face_planes(points, rows)
        if guides is not None:
            slopes.add_guide_slopes(points, rows, (guides * np.float32(scale))[point_of[vertex_of]])
        kinds = np.zeros(n_vertices, dtype=np.uint8)
        charts = chart_of.copy()
        threads.run_in_parts(
            lambda first, stop: setup.classify_vertices(points, wedges, charts, starts, ring, rows, kinds, first, stop),
            n_vertices,
            parallel=parallel,
        )
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
            merged=np.arange(len(wedge_of), dtype=np.uint32),
            centre=centre,
            scale=scale,
            n_faces=n_faces,
            n_vertices=n_vertices,
        )

    @property
    def has_guides(self) -> bool:
        """Whether attributes take part in the costs."""
        from axis_core.kernels.cpu.decimate_quadric import ROW

        return bool(self.rows.shape[1] > ROW)

    @property
    def error(self) -> float:
        """Root mean square distance, metres, of the worst collapse so far."""
        return float(np.sqrt(self.progress[0]) / self.scale)

    def reduce_to(self, target: int) -> None:
        """Collapse edges on this thread until ``target`` faces are left, or until nothing more can go."""
        from axis_core.kernels.cpu import decimate_rounds as rounds

        if self.n_faces <= target:
            return
        space = self.space()
        n_faces, n_vertices = rounds.simplify_to(
            target, self.n_faces, self.n_vertices, self.faces, self.wedges, self.charts, self.face_ids, self.rows,
            self.kinds, self.vertex_of, self.starts, self.ring, space.costs, space.costs.view(np.uint32), space.chosen,
            space.order, space.dead, space.touched, space.stamps, self.merged, self.progress, self.max_square, SHARE,
        )  # fmt: skip
        self.n_faces, self.n_vertices = int(n_faces), int(n_vertices)

    def space(self) -> Workspace:
        """Return the workspace, made at the first call."""
        if self.workspace is None:
            self.workspace = Workspace.of(self.n_faces, self.n_vertices)
        return self.workspace

    def squeeze(self, space: Workspace) -> None:
        """Drop dead faces and the vertices that went with them."""
        from axis_core.kernels.cpu import decimate_setup as setup

        self.n_faces = int(
            setup.squeeze_faces(self.faces, self.wedges, self.face_ids, space.costs, space.dead, self.n_faces)
        )
        self.n_vertices = int(
            setup.squeeze_vertices(
                self.faces, self.n_faces, self.rows, self.kinds, self.vertex_of, space.touched, self.n_vertices,
                space.order,
            )
        )  # fmt: skip

    def bare_result(self) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
        """Return (positions, faces) of the points left."""
        return self.point_positions(), self.faces[: self.n_faces].copy()

    def point_positions(self) -> NDArray[np.float64]:
        """Return the places of the points left (P', 3)."""
        from axis_core.kernels.cpu import decimate_carry as carry
        from axis_core.kernels.cpu import decimate_quadric as cpu

        places: NDArray[np.float64] = carry.read_positions(
            self.rows, self.kinds, self.vertex_of, self.n_vertices, self.positions, self.centre, self.scale,
            int(cpu.MOVED),
        )  # fmt: skip
        return places


def _aligned_rows(n_rows: int, n_guides: int) -> NDArray[np.float32]:
    """Return uninitialised float32 rows; without guides each is a cache line."""
    from axis_core.kernels.cpu.decimate_quadric import GUIDES, ROW

    width = GUIDES + 4 * n_guides if n_guides else ROW
    memory = np.empty(width * n_rows + 16, dtype=np.float32)
    skip = (-memory.ctypes.data % 64) // 4
    return memory[skip : skip + width * n_rows].reshape(n_rows, width)
