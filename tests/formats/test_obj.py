"""OBJ and MTL."""

from __future__ import annotations

import io
from typing import Any

import attrs
import numpy as np
import pytest
import trimesh
from hypothesis import HealthCheck, given, settings

from axis_core.errors import AxisError, InputError, LimitExceeded
from axis_core.formats.limits import Limits
from axis_core.formats.obj import read_obj, write_obj
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.model.soup import scene_soup
from axis_core.testing.scenes import capsule_person, cube, textured_quad
from axis_core.testing.strategies import scenes


SQUARE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"


def read(text: str, **options: Any) -> Scene:
    return read_obj(text.encode(), name="file.obj", **options)


@pytest.mark.parametrize(
    "face",
    ["f 1 2 3 4", "f -4 -3 -2 -1", "f 1/ 2/ 3/ 4/", " \tf 1 2 3 4  # a square", "f 1 2 \\\n3 4", "f 1// 2// 3// 4//"],
)
def test_a_square_is_two_triangles_however_it_is_written(face: str) -> None:
    for end in ("\n", "\r\n", ""):
        scene = read((SQUARE + face).replace("\n", "\r\n" if end == "\r\n" else "\n") + end)
        assert scene.meshes[0].faces.tolist() == [[0, 1, 2], [0, 2, 3]]
        assert scene.meshes[0].normals is None


def test_corners_with_uv_and_normal_become_vertices() -> None:
    text = SQUARE + "vt 0 0\nvt 1 0\nvt 1 1\nvt 0.5 0.25\nvn 0 0 1\nf 1/1/1 2/2/1 3/3/1\nf 1/4/1 3/3/1 4/1/1\n"
    mesh = read(text).meshes[0]
    assert mesh.n_vertices == 5  # vertex 1 has two UVs
    assert mesh.positions[mesh.faces].tolist() == [[[0, 0, 0], [1, 0, 0], [1, 1, 0]], [[0, 0, 0], [1, 1, 0], [0, 1, 0]]]
    assert mesh.uvs[0][mesh.faces[1]].tolist() == [[0.5, 0.75], [1, 0], [0, 1]]
    assert mesh.normals is not None
    assert (mesh.normals == [0, 0, 1]).all()


def test_negative_indices_count_back_from_the_face() -> None:
    text = "v 9 9 9\n" + SQUARE + "vt 0 0\nf -4/-1 -3/-1 -2/-1\nv 5 5 5\nvt 1 1\nf -1/-1 -2/-2 -3/1\n"
    mesh = read(text).meshes[0]
    assert mesh.positions[mesh.faces].tolist() == [[[0, 0, 0], [1, 0, 0], [1, 1, 0]], [[5, 5, 5], [0, 1, 0], [1, 1, 0]]]


def test_a_mixture_of_corners_with_and_without_uvs_is_filled_with_zeros() -> None:
    mesh = read(SQUARE + "vt 1 1\nvn 0 0 1\nf 1/1 2/1 3/1\nf 1//1 3//1 4//1\n").meshes[0]
    assert len(mesh.uvs) == 1
    assert mesh.normals is None


def test_groups_and_materials_become_nodes_and_meshes() -> None:
    body = "o body\nusemtl skin\nf 1 2 3\nusemtl cloth\nf 1 3 4\n"
    scene = read(SQUARE + body + "o head\nusemtl skin\nf 2 3 4\ng hat brim\nf 1 2 4\n")
    assert [n.name for n in scene.nodes] == ["body", "head", "hat brim"]
    assert [n.meshes for n in scene.nodes] == [(0, 1), (2,), (3,)]
    assert [scene.materials[m.material].name for m in scene.meshes if m.material is not None] == [
        "skin",
        "cloth",
        "skin",
        "skin",
    ]


def test_a_file_without_groups_is_named_after_itself() -> None:
    assert read(SQUARE + "f 1 2 3\n").nodes[0].name == "file"


def test_vertex_colours_are_taken_as_srgb() -> None:
    colored = "v 0 0 0 1 0 0.5\nv 1 0 0 1 0 0.5\nv 0 1 0 1 0 0.5\nf 1 2 3\n"
    color = read(colored).meshes[0].colors[0][0]
    assert color.tolist() == pytest.approx([1.0, 0.0, 0.21404114, 1.0])
    bytes_ = colored.replace("1 0 0.5\n", "255 0 127.5\n")
    assert read(bytes_).meshes[0].colors[0][0].tolist() == pytest.approx(color.tolist())


def test_concave_polygons_are_cut_inside() -> None:
    arrow = "v 0 0 0\nv 4 -2 0\nv 1 0 0\nv 4 2 0\nf 1 2 3 4\n"
    mesh = read(arrow).meshes[0]
    corners = mesh.positions[mesh.faces].astype(float)
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    assert (areas > 0).all()
    assert areas.sum() / 2 == pytest.approx(2.0)


def test_materials_and_textures_come_through_companions(png: bytes) -> None:
    mtl = (
        "newmtl skin\nKd 0.5 0.25 1\nKe 0 0 0\nd 0.5\nPr 0.3\nPm 0.7\nmap_Kd -s 1 1 1 textures\\skin map.png\n"
        "map_Bump -bm 0.5 C:/work/normal.png\nmap_Pr orm.png\nmap_Pm orm.png\nnewmtl old\nNs 30\nTr 0.25\n"
    )
    files = {"look.mtl": mtl.encode(), "skin map.png": png, "normal.png": png, "orm.png": png + b"\0"}
    text = "mtllib look.mtl\n" + SQUARE + "usemtl skin\nf 1 2 3\nusemtl old\nf 1 3 4\nusemtl none\nf 2 3 4\n"
    scene = read(text, companions=files.get)
    skin, old, none = scene.materials
    assert skin.base_color == (0.5, 0.25, 1.0, 0.5)
    assert (skin.roughness, skin.metallic, skin.alpha_mode) == (0.3, 0.7, "BLEND")
    assert skin.base_color_texture is not None
    assert skin.normal_texture is not None
    assert skin.normal_texture.scale == 0.5
    assert skin.metallic_roughness_texture is not None
    assert scene.textures[skin.base_color_texture.texture].data == png
    assert old.base_color[3] == 0.75
    assert old.roughness == pytest.approx((2 / 32) ** 0.25)
    assert none.name == "none"
    assert scene.notes == ()


def test_what_is_missing_beside_an_obj_is_told_and_no_error() -> None:
    asked: list[str] = []

    def companions(name: str) -> bytes | None:
        asked.append(name)
        return b"newmtl a\nmap_Kd ../../../etc/passwd\nmap_Ke /etc/shadow\n" if name == "a.mtl" else None

    scene = read("mtllib a.mtl\nmtllib b.mtl\n" + SQUARE + "usemtl a\nf 1 2 3\n", companions=companions)
    assert asked == ["a.mtl", "passwd", "shadow", "b.mtl", "b.mtl"]
    assert len(scene.notes) == 3


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (SQUARE + "f 1 2 5\n", "line 5"),
        (SQUARE + "f 0 1 2\n", "line 5"),
        (SQUARE + "f 1 2 -5\n", "line 5"),
        (SQUARE + "f 1 2 x\n", "line 5"),
        (SQUARE + "f 1/9 2/9 3/9\n", "line 5"),
        (SQUARE + "f 1/1/1/1 2 3\n", "line 5"),
        (SQUARE + "f 1.5 2 3\n", "line 5"),
        ("v 0 0\nf 1 1 1\n", "line 1"),
        ("v 0 0 zero\nf 1 1 1\n", "line 1"),
        ("# a\n\nv 0 0 0\nv 1,5 0 0\nf 1 2 1\n", "line 4"),
    ],
)
def test_damage_is_refused_with_its_line(text: str, pointer: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.code == "parse_failed"
    assert caught.value.pointer == pointer


def test_nan_is_read() -> None:
    assert np.isnan(read("v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n").meshes[0].positions[0, 0])


@pytest.mark.parametrize("text", ["", "# nothing\n", SQUARE, SQUARE + "f 1 2\nl 1 2\np 1\n"])
def test_files_without_faces_are_empty_geometry(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.code == "empty_geometry"


@pytest.mark.parametrize(
    "limits",
    [Limits(vertices=3), Limits(triangles=1), Limits(polygon_corners=3), Limits(text_lines=3), Limits(nodes=0)],
)
def test_every_limit_holds(limits: Limits) -> None:
    with pytest.raises(LimitExceeded):
        read(SQUARE + "f 1 2 3 4\n", limits=limits)


def test_writing_gives_the_obj_its_materials_and_its_textures(png: bytes) -> None:
    files = write_obj(textured_quad(), name="quad")
    assert [f.role for f in files] == ["avatar", "companion", "texture"]
    beside = {f.name: f.data for f in files}
    again = read_obj(files[0].data, name="quad.obj", companions=beside.get)
    before, after = textured_quad().meshes[0], again.meshes[0]
    assert np.array_equal(before.positions[before.faces], after.positions[after.faces])
    assert np.allclose(before.uvs[0][before.faces], after.uvs[0][after.faces], atol=1e-6)
    assert again.textures[0].data == textured_quad().textures[0].data


def test_materials_survive(png: bytes) -> None:
    textures = [Texture(data=png + bytes([k]), media_type="image/png", name=f"map {k}") for k in range(4)]
    uses = [TextureUse(texture=k) for k in range(4)]
    material = Material(
        name="skin of me",
        base_color=(0.5, 0.25, 0.125, 0.5),
        metallic=0.25,
        roughness=0.375,
        emissive=(0.5, 0.0, 1.0),
        alpha_mode="BLEND",
        base_color_texture=uses[0],
        metallic_roughness_texture=uses[1],
        normal_texture=attrs.evolve(uses[2], scale=0.5),
        emissive_texture=uses[3],
    )
    mesh = Mesh(positions=np.eye(3), faces=[[0, 1, 2]], material=0)
    scene = Scene(nodes=[Node(meshes=(0,))], meshes=[mesh], materials=[material], textures=textures)
    files = write_obj(scene, name="a")
    again = read_obj(files[0].data, companions={f.name: f.data for f in files}.get)
    assert [again.textures[use.texture].data for use in _uses(again.materials[0])] == [t.data for t in textures]
    plain = {"name": "", **dict.fromkeys(_USES)}
    assert attrs.evolve(again.materials[0], **plain) == attrs.evolve(material, **plain)


_USES = ("base_color_texture", "metallic_roughness_texture", "normal_texture", "emissive_texture")


def _uses(material: Material) -> list[TextureUse]:
    return [use for use in (getattr(material, name) for name in _USES) if use is not None]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_any_scene_keeps_its_surface_to_the_last_digit(scene: Scene) -> None:
    again = read_obj(write_obj(scene, name="x")[0].data)
    ours, theirs = scene_soup(scene), scene_soup(again)
    wanted = ours.positions[ours.faces].astype(np.float32).reshape(-1, 9)
    found = theirs.positions[theirs.faces].reshape(-1, 9)
    assert np.array_equal(np.sort(wanted, axis=0), np.sort(found, axis=0))


def test_mirrored_nodes_keep_their_outside() -> None:
    scene = attrs.evolve(cube(), nodes=[Node(meshes=(0,), scale=(-1, 1, 1))])
    soup = scene_soup(read_obj(write_obj(scene, name="x")[0].data))
    corners = soup.positions[soup.faces]
    assert np.linalg.det(corners).sum() / 6 == pytest.approx(1.0)


def test_trimesh_sees_the_same_mesh() -> None:
    files = write_obj(capsule_person(), name="person")
    theirs = trimesh.load(io.BytesIO(files[0].data), file_type="obj", force="mesh", process=False, skip_materials=True)
    ours = scene_soup(capsule_person())
    assert len(theirs.faces) == capsule_person().n_triangles
    assert np.allclose(theirs.bounds, ours.bounds, atol=1e-6)


def test_our_reader_sees_what_trimesh_writes() -> None:
    mesh = trimesh.creation.icosphere(subdivisions=2)
    again = read_obj(mesh.export(file_type="obj").encode()).meshes[0]
    assert np.allclose(again.positions[again.faces], mesh.vertices[mesh.faces], atol=1e-6)


def test_names_that_would_break_the_text_are_cleaned() -> None:
    scene = cube()
    odd = attrs.evolve(scene, nodes=[attrs.evolve(scene.nodes[0], name="a\nb c/../é")])
    data = write_obj(odd, name="x")[0].data
    assert b"\no a_b_c\n" in data
    with pytest.raises(AxisError):
        write_obj(Scene(), name="x")
