"""Fingerprints: the same for one shape however it is stored, different for two characters."""

import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import axis_core
from axis_core.errors import InputError
from axis_core.kernels.decimate import decimate_mesh
from axis_core.kernels.fingerprint import FINGERPRINT_SIZE, SAME_SHAPE_DISTANCE, distance, fingerprint
from axis_core.model.soup import scene_soup


FOLDER = Path(__file__).resolve().parents[3] / "shared" / "groundtruth"
CLOSE_KIN = ["kaykit/Rogue", "kaykit/Rogue_Hooded", "quaternius/animals_pack_Husky", "quaternius/animals_pack_ShibaInu"]
Shape = tuple[NDArray[np.float64], NDArray[np.int64]]


def blob(seed: int) -> Shape:
    """A few random triangles: nothing is symmetric about them."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(12, 3)), rng.integers(0, 12, (20, 3))


def rotation(seed: int) -> NDArray[np.float64]:
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return q * np.sign(np.linalg.det(q))


def characters(names: list[str]) -> dict[str, Shape]:
    if not FOLDER.is_dir():
        pytest.skip("the open characters are not here")
    soups = {n: scene_soup(axis_core.read(FOLDER / f"{n}.glb")) for n in names}
    return {n: (np.asarray(s.positions, float), np.asarray(s.faces)) for n, s in soups.items()}


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**31), st.floats(1e-3, 1e3), st.floats(-50, 50))
def test_turning_scaling_and_moving_change_nothing(seed: int, scale: float, shift: float) -> None:
    v, f = blob(seed)
    moved = (v @ rotation(seed + 1).T) * scale + shift * scale
    assert distance(fingerprint(v, f), fingerprint(moved, f)) < 2e-3


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**31))
def test_order_and_splitting_of_vertices_change_nothing(seed: int) -> None:
    v, f = blob(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(v))
    place = np.argsort(order)
    shuffled = np.roll(place[rng.permutation(f)], 1, axis=1)
    one = fingerprint(v, f)
    assert distance(one, fingerprint(v[order], shuffled)) < 1e-5
    assert distance(one, fingerprint(v[f].reshape(-1, 3), np.arange(3 * len(f)).reshape(-1, 3))) < 1e-5


def test_finer_triangles_of_one_surface_change_nothing_that_counts() -> None:
    v, f = blob(3)
    mid = (v[f] + v[np.roll(f, -1, axis=1)]) / 2
    fine = np.concatenate([v[f].reshape(-1, 3), mid.reshape(-1, 3)])
    n = 3 * len(f)
    a, b, c = (np.arange(len(f)) * 3 + k for k in range(3))
    quarters = [(a, n + a, n + c), (b, n + b, n + a), (c, n + c, n + b), (n + a, n + b, n + c)]
    finer = np.concatenate([np.stack(t, 1) for t in quarters])
    assert distance(fingerprint(v, f), fingerprint(fine, finer)) < 0.2 * SAME_SHAPE_DISTANCE


def test_a_mirror_image_has_the_same_and_a_stretched_copy_another() -> None:
    v, f = blob(5)
    one = fingerprint(v, f)
    assert distance(one, fingerprint(v * [-1, 1, 1], f[:, ::-1])) < 1e-5
    assert distance(one, fingerprint(v * [1, 1.3, 1], f)) > SAME_SHAPE_DISTANCE


@pytest.mark.parametrize("faces", [np.zeros((0, 3), int), [[0, 0, 1]], [[0, 1, 3]]])
def test_a_mesh_without_area_matches_nothing_not_even_itself(faces: object) -> None:
    v = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [np.nan, 0, 0]])
    nothing = fingerprint(v, faces)
    assert not nothing.any()
    assert np.isinf(distance(nothing, nothing))
    assert np.isinf(distance(nothing, fingerprint(v, [[0, 1, 2]])))


def test_corners_that_are_not_finite_take_only_their_faces_away() -> None:
    v, f = blob(7)
    broken = np.concatenate([v, [[np.inf, 0, 0]]])
    assert np.array_equal(fingerprint(v, f), fingerprint(broken, np.concatenate([f, [[0, 1, 12]]])))


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(InputError):
        fingerprint(np.zeros((3, 2)), [[0, 1, 2]])
    with pytest.raises(InputError):
        fingerprint(np.zeros((3, 3)), [[0, 1, 3]])


def test_ten_thousand_are_searched_in_fifty_milliseconds_of_processor_time() -> None:
    rng = np.random.default_rng(0)
    table = rng.random((10_000, FINGERPRINT_SIZE)).astype(np.float32)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    spent = []
    for k in range(5):
        begun = time.thread_time()
        best = int(np.argmin(distance(table[k], table)))
        spent.append(time.thread_time() - begun)
        assert best == k
    assert min(spent) < 0.05


def test_close_kin_are_told_apart_and_half_the_triangles_are_known_again() -> None:
    kin = characters(CLOSE_KIN)
    prints = {n: fingerprint(*shape) for n, shape in kin.items()}
    for a, b in combinations(kin, 2):
        assert distance(prints[a], prints[b]) > SAME_SHAPE_DISTANCE, (a, b)
    for name, (v, f) in kin.items():
        half = decimate_mesh(v, f, len(f) // 2)
        assert distance(prints[name], fingerprint(half.positions, half.faces)) < SAME_SHAPE_DISTANCE, name


@pytest.mark.conformance
def test_all_characters_are_found_again_and_none_is_taken_for_another() -> None:
    names = sorted(f"{p.parent.name}/{p.stem}" for p in FOLDER.rglob("*.glb"))
    shapes = characters(names)
    table = np.stack([fingerprint(*shapes[n]) for n in names])
    found = 0
    for k, name in enumerate(names):
        v, f = shapes[name]
        half = decimate_mesh(v, f, len(f) // 2)
        near = distance(fingerprint(half.positions @ rotation(k).T * 3.0, half.faces), table) < SAME_SHAPE_DISTANCE
        found += bool(near[k])
        assert near.sum() - near[k] == 0, name
    assert found >= 0.99 * len(names)
