"""STL."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import HealthCheck, given, settings

from axis_core.errors import InputError, LimitExceeded
from axis_core.formats.limits import Limits
from axis_core.formats.stl import STL, read_stl, write_stl
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.testing.scenes import capsule_person, cube
from axis_core.testing.strategies import scenes


ASCII = b"""solid little one
  facet normal 0 0 1
    outer loop
      vertex 0 0 0
      VERTEX 1e0 0 0
      vertex 0 1 -0.0
    endloop
  endfacet
endsolid
"""


def test_ascii_is_read() -> None:
    scene = read_stl(ASCII)
    assert scene.meshes[0].positions.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
    assert scene.nodes[0].name == "little one"


def test_a_binary_file_that_starts_with_solid_is_binary() -> None:
    data = bytearray(write_stl(cube(), name="x")[0].data)
    data[:5] = b"solid"
    assert read_stl(bytes(data)).n_triangles == 12


def test_corners_at_one_place_become_one_vertex() -> None:
    again = read_stl(write_stl(cube(), name="x")[0].data)
    assert (again.n_vertices, again.n_triangles) == (8, 12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_any_scene_keeps_its_corners(scene: Scene) -> None:
    again = read_stl(write_stl(scene, name="x")[0].data).meshes[0]
    ours = scene_soup(scene)
    wanted = ours.positions[ours.faces].astype(np.float32)
    assert np.array_equal(
        np.sort(wanted.reshape(-1, 9), axis=0), np.sort(again.positions[again.faces].reshape(-1, 9), axis=0)
    )


@pytest.mark.parametrize("kind", ["stl", "stl_ascii"])
def test_our_reader_sees_what_trimesh_writes(kind: str) -> None:
    mesh = trimesh.creation.icosphere(subdivisions=2)
    data: Any = mesh.export(file_type=kind)
    again = read_stl(data if isinstance(data, bytes) else data.encode()).meshes[0]
    assert again.n_vertices == len(mesh.vertices)
    assert np.allclose(again.positions[again.faces], mesh.vertices[mesh.faces], atol=1e-6)


def test_trimesh_sees_what_we_write() -> None:
    data = write_stl(capsule_person(), name="p")[0].data
    theirs = trimesh.load(io.BytesIO(data), file_type="stl")
    assert len(theirs.faces) == capsule_person().n_triangles
    assert np.allclose(theirs.bounds, scene_soup(capsule_person()).bounds, atol=1e-6)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "parse_failed"),
        (bytes(84), "empty_geometry"),
        (bytes(80) + struct.pack("<I", 3) + bytes(100), "parse_failed"),
        (b"solid x\nendsolid x\n", "empty_geometry"),
        (ASCII[:-12], "parse_failed"),
        (ASCII.replace(b"vertex 0 1 -0.0\n", b""), "parse_failed"),
        (ASCII.replace(b"1e0", b"one"), "parse_failed"),
        (ASCII.replace(b"1e0 0 0", b"1e0 0"), "parse_failed"),
        (ASCII.replace(b"0 0 0\n      VERTEX", b"0 0 0 VERTEX"), "parse_failed"),
    ],
)
def test_damage_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_stl(data)
    assert caught.value.code == code


def test_a_count_that_is_too_large_is_refused_before_it_is_believed() -> None:
    with pytest.raises(LimitExceeded):
        read_stl(bytes(80) + struct.pack("<I", 2**32 - 1) + bytes(50))
    with pytest.raises(LimitExceeded):
        read_stl(ASCII, limits=Limits(triangles=0))


def test_noise_does_not_look_like_stl() -> None:
    rng = np.random.default_rng(3)
    assert not any(STL.sniff(rng.bytes(4096)) for _ in range(200))
