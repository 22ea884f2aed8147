"""Animals and things built in code: closed tubes and boxes that overlap, as artists make them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.rig.placement import Placement, place


Mesh = tuple[NDArray[np.float64], NDArray[np.int64]]

FLIP = np.array([-1.0, 1.0, 1.0])


def tube(points: ArrayLike, radii: ArrayLike, *, sides: int = 10, flat: tuple[float, float] = (1.0, 1.0)) -> Mesh:
    """A closed tube through points; ``flat`` scales its cross-section (across, up)."""
    line, r = np.asarray(points, np.float64), np.asarray(radii, np.float64)
    vertices, n = [], len(line)
    angles = 2.0 * np.pi * np.arange(sides) / sides
    for k in range(n):
        along = line[min(k + 1, n - 1)] - line[max(k - 1, 0)]
        along /= np.linalg.norm(along)
        u = np.cross([0.0, 1.0, 0.0] if abs(along[1]) < 0.9 else [0.0, 0.0, 1.0], along)
        u /= np.linalg.norm(u)
        w = np.cross(along, u)
        ring = flat[0] * np.cos(angles)[:, None] * u + flat[1] * np.sin(angles)[:, None] * w
        vertices.append(line[k] + r[k] * ring)
    caps = [line[0], line[-1]]
    v = np.concatenate([*vertices, caps])
    faces = []
    for k in range(n - 1):
        for i in range(sides):
            a, b = k * sides + i, k * sides + (i + 1) % sides
            faces += [[a, b, b + sides], [a, b + sides, a + sides]]
    for i in range(sides):
        faces += [
            [n * sides, (i + 1) % sides, i],
            [n * sides + 1, (n - 1) * sides + i, (n - 1) * sides + (i + 1) % sides],
        ]
    return v, np.array(faces, np.int64)


def box(low: ArrayLike, high: ArrayLike) -> Mesh:
    """A box between two corners."""
    a, b = np.asarray(low, np.float64), np.asarray(high, np.float64)
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    faces = [
        [0, 1, 3],
        [0, 3, 2],
        [4, 6, 7],
        [4, 7, 5],
        [0, 4, 5],
        [0, 5, 1],
        [2, 3, 7],
        [2, 7, 6],
        [0, 2, 6],
        [0, 6, 4],
    ]
    return a + corners * (b - a), np.array([*faces, [1, 5, 7], [1, 7, 3]], np.int64)


def both_sides(mesh: Mesh) -> list[Mesh]:
    """A mesh and its mirror image in x = 0."""
    return [mesh, (mesh[0] * FLIP, mesh[1][:, ::-1])]


def merged(meshes: Sequence[Mesh]) -> Mesh:
    """All meshes as one."""
    offsets = np.cumsum([0, *(len(v) for v, _ in meshes)])
    return np.concatenate([v for v, _ in meshes]), np.concatenate([f + k for (_, f), k in zip(meshes, offsets)])


def dog() -> Mesh:
    """A dog with a bent hind leg, a neck that rises, a snout, and a thin tail; 1 long, facing +Z."""
    trunk = tube(
        [[0, 0.52, -0.36], [0, 0.54, -0.2], [0, 0.52, 0.0], [0, 0.52, 0.2], [0, 0.56, 0.32]],
        [0.1, 0.13, 0.12, 0.15, 0.1],
    )
    neck = tube([[0, 0.56, 0.24], [0, 0.7, 0.36], [0, 0.78, 0.42]], [0.1, 0.08, 0.07])
    head = tube([[0, 0.8, 0.36], [0, 0.82, 0.46], [0, 0.78, 0.56], [0, 0.76, 0.66]], [0.06, 0.1, 0.08, 0.05])
    tail = tube([[0, 0.56, -0.38], [0, 0.62, -0.52], [0, 0.72, -0.64]], [0.035, 0.03, 0.02])
    hind = tube(
        [[0.1, 0.5, -0.26], [0.1, 0.36, -0.2], [0.1, 0.2, -0.34], [0.1, 0.05, -0.3], [0.1, 0.0, -0.3]],
        [0.08, 0.06, 0.035, 0.035, 0.04],
    )
    fore = tube([[0.1, 0.5, 0.22], [0.1, 0.3, 0.2], [0.1, 0.05, 0.22], [0.1, 0.0, 0.22]], [0.07, 0.045, 0.035, 0.04])
    paws = [box([0.06, 0.0, z - 0.04], [0.14, 0.05, z + 0.08]) for z in (-0.3, 0.22)]
    pairs = [hind, fore, *paws]
    return merged([trunk, neck, head, tail, *(side for part in pairs for side in both_sides(part))])


def block_cow() -> Mesh:
    """A cow of boxes, as block games have them."""
    legs = [box([0.08, 0.0, z - 0.07], [0.22, 0.42, z + 0.07]) for z in (-0.35, 0.35)]
    body = [box([-0.24, 0.4, -0.45], [0.24, 0.85, 0.45]), box([-0.15, 0.62, 0.4], [0.15, 0.97, 0.72])]
    return merged(
        [*body, box([-0.03, 0.45, -0.52], [0.03, 0.8, -0.44]), *(side for leg in legs for side in both_sides(leg))]
    )


def raptor() -> Mesh:
    """A dinosaur on two legs with small arms and a long tail."""
    z = np.linspace(-1.2, 0.45, 12)
    body = tube(
        np.stack([0 * z, 0.78 + 0.05 * np.sin(z), z], axis=1),
        np.interp(z, [-1.2, -0.4, 0.0, 0.45], [0.02, 0.11, 0.18, 0.1]),
    )
    neck = tube([[0, 0.8, 0.35], [0, 1.0, 0.55], [0, 1.12, 0.62]], [0.12, 0.08, 0.08])
    head = tube([[0, 1.12, 0.52], [0, 1.14, 0.7], [0, 1.1, 0.92]], [0.08, 0.11, 0.05])
    leg = tube([[0.15, 0.74, 0.0], [0.16, 0.5, 0.12], [0.16, 0.22, -0.1], [0.16, 0.04, 0.0]], [0.11, 0.09, 0.05, 0.05])
    foot = box([0.09, 0.0, -0.05], [0.23, 0.06, 0.2])
    arm = tube([[0.1, 0.74, 0.36], [0.14, 0.6, 0.38], [0.14, 0.52, 0.5]], [0.04, 0.03, 0.03])
    return merged([body, neck, head, *(side for part in (leg, foot, arm) for side in both_sides(part))])


def gliding_bird() -> Mesh:
    """A bird in flight: flat wings, a fan of a tail, no legs."""
    body = tube([[0, 0, -0.3], [0, 0.02, -0.1], [0, 0.02, 0.15], [0, 0.04, 0.3]], [0.04, 0.1, 0.11, 0.07])
    head = tube([[0, 0.05, 0.25], [0, 0.08, 0.38], [0, 0.06, 0.46], [0, 0.05, 0.54]], [0.06, 0.08, 0.05, 0.01])
    tail = box([-0.1, -0.01, -0.55], [0.1, 0.015, -0.25])
    wing = tube(
        [[0.05, 0.03, 0.08], [0.35, 0.06, 0.1], [0.7, 0.05, 0.02], [0.95, 0.03, -0.1]],
        [0.16, 0.15, 0.12, 0.04],
        flat=(1.0, 0.14),
    )
    return merged([body, head, tail, *both_sides(wing)])


def standing_bird() -> Mesh:
    """A bird on two thin legs with folded wings."""
    body = tube([[0, 0.42, -0.34], [0, 0.48, -0.15], [0, 0.52, 0.05], [0, 0.6, 0.2]], [0.05, 0.15, 0.18, 0.1])
    head = tube([[0, 0.6, 0.14], [0, 0.74, 0.24], [0, 0.78, 0.32], [0, 0.76, 0.46]], [0.09, 0.08, 0.08, 0.01])
    leg = tube([[0.08, 0.42, 0.0], [0.08, 0.2, -0.03], [0.08, 0.02, 0.0]], [0.04, 0.022, 0.022])
    foot = box([0.04, 0.0, -0.05], [0.12, 0.025, 0.1])
    return merged([body, head, *(side for part in (leg, foot) for side in both_sides(part))])


def snake(*, winds: float = 0.22) -> Mesh:
    """A snake on the ground; ``winds`` is how far it swings to the sides (0: straight)."""
    t = np.linspace(0.0, 1.0, 60)
    line = np.stack([winds * np.sin(2.2 * 2.0 * np.pi * t), 0.05 + 0.0 * t, 0.9 - 1.8 * t], axis=1)
    return tube(line, np.interp(t, [0.0, 0.02, 0.06, 0.12, 0.5, 1.0], [0.03, 0.05, 0.06, 0.045, 0.05, 0.008]))


def spider() -> Mesh:
    """A spider on eight legs."""
    body = [
        tube([[0, 0.3, -0.6], [0, 0.34, -0.4], [0, 0.3, -0.12]], [0.1, 0.22, 0.08]),
        tube([[0, 0.28, -0.15], [0, 0.28, 0.0], [0, 0.27, 0.18]], [0.1, 0.14, 0.08]),
    ]
    legs = []
    for angle in np.deg2rad([-50.0, -15.0, 20.0, 55.0]):
        way = np.array([np.cos(angle), 0.0, np.sin(angle)])
        joints = [
            np.array([0, 0.28, 0]) + 0.08 * way,
            np.array([0, 0.55, 0]) + 0.45 * way,
            np.array([0, 0.3, 0]) + 0.75 * way,
            0.95 * way,
        ]
        legs += both_sides(tube(joints, [0.035, 0.03, 0.025, 0.02], sides=6))
    return merged([*body, *legs])


def fish() -> Mesh:
    """A fish with a tail fin, fins on back and belly, and a pair of fins at its sides."""
    z = np.linspace(-0.7, 0.7, 12)
    body = tube(
        np.stack([0 * z, 0 * z, z], axis=1),
        np.interp(z, [-0.7, -0.5, 0.15, 0.6, 0.7], [0.05, 0.08, 0.28, 0.16, 0.04]),
        flat=(0.6, 1.0),
    )
    tail = box([-0.012, -0.28, -1.0], [0.012, 0.28, -0.66])
    back = box([-0.012, 0.2, -0.2], [0.012, 0.42, 0.25])
    side = tube([[0.12, -0.06, 0.25], [0.3, -0.14, 0.1]], [0.08, 0.05], flat=(1.0, 0.15))
    return merged([body, tail, back, *both_sides(side)])


def person_at_attention() -> Mesh:
    """A person of tubes, arms down."""
    trunk = tube([[0, 0.5, 0], [0, 0.85, 0]], [0.13, 0.15], flat=(1.0, 0.6))
    leg = tube([[0.09, 0, 0], [0.09, 0.5, 0]], [0.06, 0.08])
    arm = tube([[0.2, 0.45, 0], [0.18, 0.82, 0]], [0.04, 0.05])
    return merged([trunk, tube([[0, 0.85, 0], [0, 1.0, 0]], [0.07, 0.07]), *both_sides(leg), *both_sides(arm)])


def table() -> Mesh:
    """A table with four legs."""
    legs = [box([0.4, 0.0, z - 0.04], [0.48, 0.72, z + 0.04]) for z in (-0.3, 0.3)]
    return merged([box([-0.52, 0.7, -0.38], [0.52, 0.78, 0.38]), *(side for leg in legs for side in both_sides(leg))])


def chair() -> Mesh:
    """A chair with four legs and a back."""
    legs = [box([0.17, 0.0, z - 0.03], [0.23, 0.45, z + 0.03]) for z in (-0.2, 0.2)]
    seat = [box([-0.24, 0.44, -0.24], [0.24, 0.5, 0.24]), box([-0.24, 0.48, -0.24], [0.24, 1.0, -0.18])]
    return merged([*seat, *(side for leg in legs for side in both_sides(leg))])


def sword() -> Mesh:
    """A straight sword, standing on its point."""
    blade = box([-0.04, 0.0, -0.008], [0.04, 0.8, 0.008])
    return merged(
        [blade, box([-0.14, 0.78, -0.025], [0.14, 0.83, 0.025]), tube([[0, 0.82, 0], [0, 1.0, 0]], [0.025, 0.025])]
    )


def tree() -> Mesh:
    """A round tree."""
    return merged(
        [
            tube([[0, 0, 0], [0, 0.5, 0]], [0.06, 0.05]),
            tube([[0, 0.42, 0], [0, 0.6, 0], [0, 0.85, 0], [0, 1.0, 0]], [0.1, 0.32, 0.26, 0.05]),
        ]
    )


def cart() -> Mesh:
    """A car on four wheels."""
    body = [box([-0.4, 0.15, -0.9], [0.4, 0.5, 0.9]), box([-0.34, 0.48, -0.4], [0.34, 0.8, 0.35])]
    wheels = [tube([[0.3, 0.17, z], [0.44, 0.17, z]], [0.17, 0.17], sides=14) for z in (-0.6, 0.6)]
    return merged([*body, *(side for wheel in wheels for side in both_sides(wheel))])


@cache
def placed(name: str) -> Placement:
    """What ``place`` says of one of these bodies; asked once."""
    return place(*globals()[name]())
