"""The container to the byte by a reader of its own; the content by what the records say, and by assimp if there."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import attrs
import numpy as np
import pytest
from axis_exporter_fbx import FBX
from axis_exporter_fbx.motion import SECOND, euler_degrees
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from axis_core.plugin import Animation, Channel, MorphTarget, Scene
from axis_core.testing import capsule_person, check_format, cube, textured_quad


Node = tuple[str, list[Any], list[Any]]
ARRAYS = {"d": "<f8", "f": "<f4", "i": "<i4", "l": "<i8"}


def parsed(data: bytes) -> list[Node]:
    """Return the records of a file; every offset must be exact."""
    assert data.startswith(b"Kaydara FBX Binary  \x00\x1a\x00" + struct.pack("<I", 7400))
    out, at = [], 27
    while True:
        node, at = record(data, at)
        if node is None:
            break
        out.append(node)
    assert len(data[at:]) >= 16 + 4 + 1 + 4 + 120 + 16
    assert struct.unpack_from("<I", data, len(data) - 140)[0] == 7400
    assert (len(data) - 140) % 16 == 0
    return out


def record(data: bytes, at: int) -> tuple[Node | None, int]:
    end, n_values, size, name_size = struct.unpack_from("<IIIB", data, at)
    if end == 0:
        assert data[at : at + 13] == bytes(13)
        return None, at + 13
    name = data[at + 13 : at + 13 + name_size].decode()
    place = at + 13 + name_size
    stop, values = place + size, []
    for _ in range(n_values):
        value, place = one_value(data, place)
        values.append(value)
    assert place == stop
    inside = []
    while place < end:
        node, place = record(data, place)
        if node is None:
            break
        inside.append(node)
    assert place == end
    return (name, values, inside), end


def one_value(data: bytes, at: int) -> tuple[Any, int]:
    kind, at = chr(data[at]), at + 1
    if kind in "CIDL":
        letter = {"C": "<?", "I": "<i", "D": "<d", "L": "<q"}[kind]
        return struct.unpack_from(letter, data, at)[0], at + struct.calcsize(letter)
    if kind in "SR":
        size = struct.unpack_from("<I", data, at)[0]
        raw = data[at + 4 : at + 4 + size]
        return raw.decode() if kind == "S" else raw, at + 4 + size
    count, packed, size = struct.unpack_from("<III", data, at)
    raw = data[at + 12 : at + 12 + size]
    array = np.frombuffer(zlib.decompress(raw) if packed else raw, ARRAYS[kind])
    assert len(array) == count
    return array, at + 12 + size


def all_named(nodes: list[Node], name: str) -> list[Node]:
    return [n for top in nodes for n in ([top] if top[0] == name else []) + all_named(top[2], name)]


def inner(node: Node, name: str) -> Any:
    return next(n for n in node[2] if n[0] == name)[1][0]


def lively() -> Scene:
    """Return a person with a shape and a clip of an arm and the shape."""
    scene = capsule_person()
    move = np.zeros_like(scene.meshes[0].positions)
    move[:9, 2] = 0.02
    meshes = [attrs.evolve(scene.meshes[0], morphs=[MorphTarget(name="jawOpen", positions=move)]), *scene.meshes[1:]]
    shown = next(n for n, m in scene.instances() if m == 0)
    joint = next(j for j in scene.skins[0].joints if scene.nodes[j].name == "leftUpperArm")
    clip = Animation(
        name="wave",
        channels=[
            Channel(node=joint, path="rotation", times=[0, 1], values=[[0, 0, 0, 1], [0, 0, 0.6, 0.8]]),
            Channel(node=shown, path="weights", times=[0, 1], values=[[0.0], [1.0]]),
        ],
    )
    return attrs.evolve(scene, meshes=meshes, animations=[clip])


def written(scene: Scene) -> bytes:
    (file,) = FBX.write(scene, name="tiny")
    assert file.name == "tiny.fbx"
    return file.data


def test_the_format_keeps_the_promises_of_its_kind() -> None:
    check_format(FBX)


@pytest.mark.parametrize("make", [capsule_person, cube, lively, textured_quad])
def test_every_offset_and_count_is_exact(make: Any) -> None:
    nodes = parsed(written(make()))
    names = [n[0] for n in nodes]
    assert (
        names.index("GlobalSettings") < names.index("Definitions") < names.index("Objects") < names.index("Connections")
    )
    objects = next(n for n in nodes if n[0] == "Objects")[2]
    keys = [o[1][0] for o in objects]
    assert len(set(keys)) == len(keys)
    links = next(n for n in nodes if n[0] == "Connections")[2]
    assert {k for link in links for k in link[1][1:3]} <= {0, *keys}
    counts = {n[1][0]: inner(n, "Count") for n in all_named(nodes, "ObjectType")}
    assert all(counts[kind] == sum(o[0] == kind for o in objects) for kind in {o[0] for o in objects})


def test_the_surface_is_there_in_centimetres_and_welded() -> None:
    scene = cube()
    geometry = all_named(parsed(written(scene)), "Geometry")[0]
    points = inner(geometry, "Vertices").reshape(-1, 3)
    polygons = inner(geometry, "PolygonVertexIndex").reshape(-1, 3).copy()
    assert (polygons[:, 2] < 0).all()
    polygons[:, 2] = ~polygons[:, 2]
    np.testing.assert_allclose(points[polygons] / 100.0, scene.meshes[0].positions[scene.meshes[0].faces], atol=1e-9)
    assert len(points) == len(np.unique(scene.meshes[0].positions, axis=0))


def test_sheets_drawn_from_both_sides_keep_both_sides() -> None:
    scene = textured_quad()
    front = scene.meshes[0]
    normals = np.tile(np.float32([0, 0, 1]), (front.n_vertices, 1))
    both = attrs.evolve(
        front,
        positions=np.concatenate([front.positions] * 2),
        uvs=[np.concatenate([uv, uv]) for uv in front.uvs],
        normals=np.concatenate([normals, -normals]),
        faces=np.concatenate([front.faces, front.faces[:, ::-1] + front.n_vertices]),
        tangents=None,
        colors=(),
    )
    geometry = all_named(parsed(written(attrs.evolve(scene, meshes=[both]))), "Geometry")[0]
    polygons = inner(geometry, "PolygonVertexIndex").reshape(-1, 3).copy()
    polygons[:, 2] = ~polygons[:, 2]
    assert len(np.unique(np.sort(polygons, axis=1), axis=0)) == both.n_triangles


def test_weights_add_up_to_one_and_joints_stand_where_they_are_bound() -> None:
    scene = lively()
    nodes = parsed(written(scene))
    clusters = [n for n in all_named(nodes, "Deformer") if n[1][2] == "Cluster"]
    n_points = [len(inner(g, "Vertices")) // 3 for g in all_named(nodes, "Geometry") if g[1][2] == "Mesh"]
    total = np.zeros(sum(n_points))
    for cluster in clusters:
        if any(n[0] == "Indexes" for n in cluster[2]):
            np.add.at(total, inner(cluster, "Indexes"), inner(cluster, "Weights"))
        both = inner(cluster, "Transform").reshape(4, 4) @ inner(cluster, "TransformLink").reshape(4, 4)
        np.testing.assert_allclose(both, np.eye(4), atol=1e-4)
    np.testing.assert_allclose(total, 1.0, atol=1e-5)


def test_clips_have_their_length_and_shapes_their_percent() -> None:
    nodes = parsed(written(lively()))
    (take,) = all_named(nodes, "Take")
    assert take[1] == ["wave"]
    curves = all_named(nodes, "AnimationCurve")
    assert {int(inner(c, "KeyTime")[-1]) for c in curves} == {SECOND}
    tops = sorted(float(np.abs(inner(c, "KeyValueFloat")).max()) for c in curves)
    assert tops[-1] == pytest.approx(100.0)
    assert tops[-2] == pytest.approx(2 * np.degrees(np.arcsin(0.6)), abs=1e-4)


def test_images_are_in_the_file() -> None:
    scene = textured_quad()
    (video,) = all_named(parsed(written(scene)), "Video")
    assert inner(video, "Content") == scene.textures[0].data


def test_the_same_scene_gives_the_same_bytes() -> None:
    assert written(lively()) == written(lively())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.floats(-3, 3)] * 3), min_size=2, max_size=12))
def test_angles_say_the_same_turns_without_jumps(axes: list[tuple[float, float, float]]) -> None:
    steps = Rotation.from_rotvec(0.15 * np.array(axes))
    turns = [Rotation.identity()]
    for step in steps:
        turns.append(step * turns[-1])
    whole = Rotation.concatenate(turns)
    angles = euler_degrees(whole.as_quat())
    back = Rotation.from_euler("xyz", angles, degrees=True)
    assert (back.inv() * whole).magnitude().max() < 1e-6
    assert np.abs(np.diff(angles, axis=0)).max() <= 180.0 + 1e-6


def test_assimp_reads_what_was_written() -> None:
    read = pytest.importorskip("axis_importer_assimp.read").read_scene
    scene = lively()
    back = read(written(scene), name="tiny.fbx", companions=lambda _: None, kind="fbx")
    assert back.n_triangles == scene.n_triangles
    assert {back.nodes[j].name for s in back.skins for j in s.joints} == {
        scene.nodes[j].name for s in scene.skins for j in s.joints
    }
    assert [a.name for a in back.animations] == ["wave"]
    assert {m.name for mesh in back.meshes for m in mesh.morphs} == {"jawOpen"}
    low = np.concatenate([back.world_positions(m, n) for n, m in back.instances()]).min(axis=0)
    expected = np.concatenate([scene.world_positions(m, n) for n, m in scene.instances()]).min(axis=0)
    np.testing.assert_allclose(low, expected, atol=1e-4)
