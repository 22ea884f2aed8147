"""What comes out of an FBX and of a Collada file: units, pivots, weights, shapes, clips, textures."""

from __future__ import annotations

import numpy as np
import pytest
from axis_importer_assimp import FORMATS
from axis_importer_assimp.read import fbx_version, read_scene

import axis_core
from axis_core.plugin import InputError, LimitExceeded, Scene
from axis_core.testing import check_format, checker_png

from .fbx_text import column_fbx


BY_NAME = {f.name: f for f in FORMATS}


def read(data: bytes, kind: str = "fbx", beside: dict[str, bytes] | None = None) -> Scene:
    return read_scene(data, name=f"tiny.{kind}", companions=(beside or {}).get, kind=kind)


@pytest.fixture(scope="module")
def column() -> Scene:
    return read(column_fbx(), beside={"skin.png": checker_png()})


@pytest.mark.parametrize("record", FORMATS, ids=lambda r: r.name)
def test_a_format_keeps_the_promises_of_its_kind(record):
    check_format(record)


def test_the_library_door_knows_the_suffix_and_the_bytes(tmp_path):
    (tmp_path / "a.fbx").write_bytes(column_fbx())
    assert axis_core.read(tmp_path / "a.fbx").source_format == "fbx"
    assert axis_core.read(column_fbx(), name="no suffix").source_format == "fbx"


def test_centimetres_become_metres(column):
    low, high = column.meshes[0].positions.min(axis=0), column.meshes[0].positions.max(axis=0)
    np.testing.assert_allclose([low, high], [[-0.1, 0, -0.1], [0.1, 2.0, 0.1]], atol=1e-6)


def test_the_unit_of_the_file_counts():
    scene = read(column_fbx(unit=100.0))
    np.testing.assert_allclose(np.ptp(scene.meshes[0].positions, axis=0), [20, 200, 20], rtol=1e-6)


def test_quads_become_twelve_triangles_on_shared_corners(column):
    assert column.n_triangles == 12
    assert column.n_vertices < 36


def test_pivots_leave_no_nodes_behind(column):
    assert sorted(n.name for n in column.nodes) == ["column", "lower", "upper"]


def test_weights_add_up_to_one(column):
    np.testing.assert_allclose(column.meshes[0].weights.sum(axis=1), 1.0, atol=1e-6)
    names = [column.nodes[j].name for j in column.skins[0].joints]
    upper = column.meshes[0].positions[:, 1] > 1.0
    moved_by = np.array(names)[column.meshes[0].joints[:, 0]]
    assert set(moved_by[upper]) == {"upper"}
    assert set(moved_by[~upper]) == {"lower"}


def test_the_bind_pose_is_the_pose_of_the_nodes(column):
    matrices = column.skin_matrices(0)
    np.testing.assert_allclose(matrices, np.broadcast_to(np.eye(4), matrices.shape), atol=1e-6)


def test_a_shape_is_a_displacement_in_metres_and_rests_at_zero(column):
    (shape,) = column.meshes[0].morphs
    assert shape.name == "wide"
    assert np.abs(shape.positions).max() == pytest.approx(0.05, rel=1e-5)
    assert not any(column.meshes[0].morph_weights)


def test_a_clip_on_a_bone_with_pivots_turns_the_bone(column):
    (clip,) = column.animations
    (channel,) = [c for c in clip.channels if c.path == "rotation"]
    assert column.nodes[channel.node].name == "upper"
    assert clip.seconds == pytest.approx(1.0)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(np.abs(channel.values[-1]), [0, 0, half, half], atol=1e-5)


def test_a_texture_is_asked_for_by_its_base_name_only():
    asked = []

    def companions(name):
        asked.append(name)
        return checker_png()

    scene = read_scene(column_fbx(), name="a.fbx", companions=companions, kind="fbx")
    assert asked == ["skin.png"]
    assert scene.materials[0].base_color_texture is not None
    assert scene.textures[0].data == checker_png()


def test_a_missing_texture_is_told():
    scene = read(column_fbx())
    assert scene.materials[0].base_color_texture is None
    np.testing.assert_allclose(scene.materials[0].base_color[:3], [0.5, 0.25, 0.125], atol=1e-6)
    assert any("skin.png" in note for note in scene.notes)


@pytest.mark.parametrize("version", [5800, 6100, 7000])
def test_an_old_fbx_is_refused_with_what_to_do(version):
    with pytest.raises(InputError, match=r"7\.1 and later") as caught:
        read(column_fbx(version=version))
    assert caught.value.code == "unsupported_format"
    assert "Export it anew" in caught.value.hint


def test_the_version_is_found_in_both_kinds_of_file():
    assert fbx_version(column_fbx()) == 7400
    assert fbx_version(b"Kaydara FBX Binary  \x00\x1a\x00" + (7500).to_bytes(4, "little")) == 7500
    assert fbx_version(b"; FBX something else") is None


def test_too_little_time_is_a_limit():
    with pytest.raises(LimitExceeded):
        read_scene(column_fbx(), name="a.fbx", companions={}.get, kind="fbx", seconds=0.01)


DAE = b"""<?xml version="1.0"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
<asset><unit name="centimeter" meter="0.01"/><up_axis>Z_UP</up_axis></asset>
<library_geometries><geometry id="g" name="tri"><mesh>
<source id="p"><float_array id="pa" count="9">0 0 0 100 0 0 0 0 200</float_array><technique_common>
<accessor source="#pa" count="3" stride="3"><param name="X" type="float"/><param name="Y" type="float"/>
<param name="Z" type="float"/></accessor></technique_common></source>
<vertices id="v"><input semantic="POSITION" source="#p"/></vertices>
<triangles count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 2</p></triangles>
</mesh></geometry></library_geometries>
<library_visual_scenes><visual_scene id="s"><node id="n" name="tri"><instance_geometry url="#g"/></node></visual_scene>
</library_visual_scenes><scene><instance_visual_scene url="#s"/></scene></COLLADA>"""


def test_collada_is_turned_up_and_scaled():
    scene = read(DAE, "dae")
    points = scene.world_positions(0, next(n for n, _ in scene.instances()))
    np.testing.assert_allclose(points.min(axis=0), [0, 0, 0], atol=1e-6)
    np.testing.assert_allclose(points.max(axis=0), [1, 2, 0], atol=1e-6)


def test_entities_in_xml_are_refused():
    bomb = DAE.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
    with pytest.raises(InputError, match="entities"):
        read(bomb, "dae")


def test_a_file_outside_cannot_be_reached(tmp_path):
    secret = tmp_path / "secret.dae"
    secret.write_bytes(DAE)
    reaching = DAE.replace(b'url="#g"', f'url="file://{secret}#g"'.encode())
    try:
        scene = read(reaching, "dae")
    except InputError:
        return
    assert scene.n_triangles == 0


def test_an_x_file_is_read():
    scene = read(b"xof 0303txt 0032\nMesh m {\n3;\n0;0;0;,\n1;0;0;,\n0;1;0;;\n1;\n3;0,1,2;;\n}\n", "x")
    assert scene.n_triangles == 1
    assert np.ptp(scene.meshes[0].positions, axis=0).max() == pytest.approx(1.0)


def chunk(ident: int, body: bytes) -> bytes:
    return ident.to_bytes(2, "little") + (6 + len(body)).to_bytes(4, "little") + body


def test_a_3ds_file_is_read():
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1]], "<f4").tobytes()
    faces = np.array([0, 1, 2, 7], "<u2").tobytes()
    mesh = chunk(0x4110, b"\x03\x00" + points) + chunk(0x4120, b"\x01\x00" + faces)
    shown = chunk(0x3D3D, chunk(0x4000, b"tri\0" + chunk(0x4100, mesh)))
    data = chunk(0x4D4D, chunk(0x0002, b"\x03\0\0\0") + shown)
    assert read(data, "3ds").n_triangles == 1
    assert BY_NAME["threeds"].sniff(data)
