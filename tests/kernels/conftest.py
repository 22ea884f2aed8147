"""Small meshes built in code, and what can be counted on them."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray


def grid(n: int, *, height: float = 0.0) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return an open square of 2 * n * n triangles in the xz plane, waved by ``height``."""
    x, z = np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1))
    y = height * np.sin(7 * x) * np.cos(5 * z)
    positions = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)
    i = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    faces = np.concatenate([np.stack([i, i + n + 1, i + 1], 1), np.stack([i + 1, i + n + 1, i + n + 2], 1)])
    return positions, faces


def torus(n: int, *, radius: float = 0.4) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return a torus of 4 * n * n triangles (2n around, n across)."""
    u, v = np.meshgrid(np.arange(2 * n) * np.pi / n, np.arange(n) * 2 * np.pi / n, indexing="ij")
    r = 1.0 + radius * np.cos(v)
    positions = np.stack([r * np.cos(u), radius * np.sin(v), r * np.sin(u)], axis=-1).reshape(-1, 3)
    a, b = np.meshgrid(np.arange(2 * n), np.arange(n), indexing="ij")

    def at(i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.int64]:
        return ((i % (2 * n)) * n + j % n).ravel()

    p, q, r_, s = at(a, b), at(a + 1, b), at(a + 1, b + 1), at(a, b + 1)
    return positions, np.concatenate([np.stack([p, r_, q], 1), np.stack([p, s, r_], 1)])


def sphere(n: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return an octahedron subdivided ``n`` times on the unit sphere: 8 * 4**n triangles."""
    positions = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float)
    faces = np.array(
        [[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]], dtype=np.int64
    )
    for _ in range(n):
        edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
        unique, index = np.unique(edges, axis=0, return_inverse=True)
        middle = positions[unique].mean(axis=1)
        middle /= np.linalg.norm(middle, axis=1, keepdims=True)
        ab, bc, ca = (len(positions) + index.reshape(3, -1)).astype(np.int64)
        a, b, c = faces.T
        positions = np.concatenate([positions, middle])
        faces = np.concatenate(
            [np.stack(t, 1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
        )  # fmt: skip
    return positions, faces


def edge_counts(faces: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the number of faces on every edge."""
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).astype(np.int64), axis=1)
    return np.unique(edges, axis=0, return_counts=True)[1]


def euler_characteristic(faces: NDArray[np.integer]) -> int:
    """Return V - E + F over the vertices in use."""
    return len(np.unique(faces)) - len(edge_counts(faces)) + len(faces)


def distance_to(
    points: NDArray[np.float64], positions: NDArray[np.float64], faces: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Return the distance of every point to the mesh, by brute force over all triangles."""
    a, b, c = (positions[faces[:, k]] for k in range(3))
    best = np.full(len(points), np.inf)
    for i, p in enumerate(points):
        best[i] = np.sqrt(_squares(p, a, b, c).min())
    return best


def _squares(p: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]):
    """Return squared distances of one point to many triangles: the plane where it falls inside, else the edges."""
    n = np.cross(b - a, c - a)
    area = np.einsum("ij,ij->i", n, n)
    height = np.einsum("ij,ij->i", p - a, n)
    foot = p - n * (height / np.maximum(area, 1e-300))[:, None]
    inside = np.ones(len(a), dtype=bool)
    best = np.full(len(a), np.inf)
    for u, v in ((a, b), (b, c), (c, a)):
        inside &= np.einsum("ij,ij->i", np.cross(v - u, foot - u), n) >= 0
        d = v - u
        t = np.clip(np.einsum("ij,ij->i", p - u, d) / np.maximum(np.einsum("ij,ij->i", d, d), 1e-300), 0, 1)
        best = np.minimum(best, ((p - u - d * t[:, None]) ** 2).sum(axis=1))
    return np.where(inside & (area > 0), np.minimum(best, height**2 / np.maximum(area, 1e-300)), best)


@pytest.fixture(scope="session")
def shapes() -> SimpleNamespace:
    """The functions above, for the tests of this room."""
    return SimpleNamespace(
        distance_to=distance_to,
        edge_counts=edge_counts,
        euler_characteristic=euler_characteristic,
        grid=grid,
        sphere=sphere,
        torus=torus,
    )
