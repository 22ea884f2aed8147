"""What the glTF reader makes of each part of a document."""

from __future__ import annotations

import json
from typing import Any

import attrs
import numpy as np
import pytest

from axis_core.formats.gltf.read import read_gltf
from axis_core.formats.gltf.write import glb_bytes
from axis_core.model.scene import Scene


SQUARE = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]


def test_glb_and_embedded_gltf_give_the_same_scene(builder: Any) -> None:
    builder.triangle()
    assert read_gltf(builder.glb()) == read_gltf(builder.gltf(), source_format="glb")


def test_arrays_are_views_of_the_file(builder: Any) -> None:
    builder.triangle()
    data = builder.glb()
    positions = read_gltf(data).meshes[0].positions
    assert np.shares_memory(positions, np.frombuffer(data, np.uint8))
    assert not positions.flags.writeable


def test_a_writable_input_is_copied_first(builder: Any) -> None:
    builder.triangle()
    data = bytearray(builder.glb())
    scene = read_gltf(data)  # type: ignore[arg-type]
    before = scene.meshes[0].positions.copy()
    data[-36:] = bytes(36)
    assert np.array_equal(scene.meshes[0].positions, before)


@pytest.mark.parametrize(
    ("mode", "faces"),
    [
        (4, [[0, 1, 2]]),
        (5, [[0, 1, 2], [1, 3, 2]]),
        (6, [[1, 2, 0], [2, 3, 0]]),
    ],
)
def test_strips_and_fans_become_triangles_without_indices(builder: Any, mode: int, faces: list[list[int]]) -> None:
    primitive = {"attributes": {"POSITION": builder.accessor(SQUARE)}, "mode": mode}
    builder.json |= {"meshes": [{"primitives": [primitive]}], "nodes": [{"mesh": 0}]}
    assert read_gltf(builder.glb()).meshes[0].faces.tolist() == faces


def test_strips_keep_their_winding_and_lose_their_stitches(builder: Any) -> None:
    strip = builder.accessor([0, 1, 3, 2, 2, 0, 0, 1, 2], "u2")
    primitive = {"attributes": {"POSITION": builder.accessor(SQUARE)}, "mode": 5, "indices": strip}
    builder.json |= {"meshes": [{"primitives": [primitive]}], "nodes": [{"mesh": 0}]}
    mesh = read_gltf(builder.glb()).meshes[0]
    corners = mesh.positions[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert len(mesh.faces) == 3
    assert (normals[:, 2] > 0).all()


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_points_and_lines_are_left_out_and_told(builder: Any, mode: int) -> None:
    builder.triangle()
    builder.triangle()["mode"] = mode
    scene = read_gltf(builder.glb())
    assert scene.n_triangles == 1
    assert "were left out" in scene.notes[0]


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4"])
def test_indices_of_every_type_are_read(builder: Any, dtype: str) -> None:
    builder.triangle()["indices"] = builder.accessor([2, 0, 1], dtype)
    assert read_gltf(builder.glb()).meshes[0].faces.tolist() == [[2, 0, 1]]


@pytest.mark.parametrize(
    ("dtype", "values", "expected"),
    [
        ("u1", [[0, 51, 255]] * 3, [0.0, 0.2, 1.0, 1.0]),
        ("u2", [[0, 13107, 65535, 65535]] * 3, [0.0, 0.2, 1.0, 1.0]),
        ("f4", [[0.0, 0.2, 2.0, 0.5]] * 3, [0.0, 0.2, 2.0, 0.5]),
    ],
)
def test_colours_of_every_type_become_linear_rgba(
    builder: Any, dtype: str, values: list[list[float]], expected: list[float]
) -> None:
    padded = [[*v, 0] for v in values] if dtype == "u1" else values
    color = builder.accessor(padded, dtype, normalized=dtype != "f4", type="VEC3" if len(values[0]) == 3 else "VEC4")
    if dtype == "u1":
        builder.json["bufferViews"][-1]["byteStride"] = 4
    builder.triangle(COLOR_0=color)
    assert read_gltf(builder.glb()).meshes[0].colors[0][2].tolist() == pytest.approx(expected)


def test_quantised_positions_and_normals_are_dequantised(builder: Any) -> None:
    position = builder.accessor([[0, 0, 0, 0], [1000, 0, 0, 0], [0, -1000, 0, 0]], "i2", type="VEC3")
    builder.json["bufferViews"][-1]["byteStride"] = 8
    normal = builder.accessor([[0, 0, 127, 0]] * 3, "i1", type="VEC3", normalized=True)
    builder.json["bufferViews"][-1]["byteStride"] = 4
    uv = builder.accessor([[0, 65535]] * 3, "u2", normalized=True)
    primitive = {"attributes": {"POSITION": position, "NORMAL": normal, "TEXCOORD_0": uv}}
    builder.json |= {
        "meshes": [{"primitives": [primitive]}],
        "nodes": [{"mesh": 0, "scale": [0.001, 0.001, 0.001]}],
        "extensionsUsed": ["KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
    }
    scene = read_gltf(builder.glb())
    assert scene.meshes[0].positions[1].tolist() == [1000.0, 0.0, 0.0]
    assert scene.meshes[0].normals is not None
    assert scene.meshes[0].normals[0].tolist() == [0.0, 0.0, 1.0]
    assert scene.meshes[0].uvs[0][0].tolist() == [0.0, 1.0]
    assert scene.world_positions(0, 0)[2].tolist() == [0.0, -1.0, 0.0]


def test_normalised_signed_integers_do_not_pass_minus_one(builder: Any) -> None:
    normal = builder.accessor([[-128, 0, 0, 0]] * 3, "i1", type="VEC3", normalized=True)
    builder.json["bufferViews"][-1]["byteStride"] = 4
    builder.triangle(NORMAL=normal)
    normals = read_gltf(builder.glb()).meshes[0].normals
    assert normals is not None
    assert normals[0].tolist() == [-1.0, 0.0, 0.0]


def test_interleaved_and_unaligned_attributes_are_read(builder: Any) -> None:
    record = np.zeros(3, np.dtype([("p", "<f4", 3), ("uv", "<f4", 2), ("pad", "u1")]))
    record["p"], record["uv"] = [[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 0], [1, 0], [0, 1]]
    view = builder.view(record.tobytes(), byteStride=21)
    for offset, kind in ((0, "VEC3"), (12, "VEC2")):
        item = {"bufferView": view, "byteOffset": offset, "componentType": 5126, "count": 3, "type": kind}
        builder.json["accessors"].append(item)
    builder.json |= {
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1}}]}],
        "nodes": [{"mesh": 0}],
    }
    mesh = read_gltf(builder.glb()).meshes[0]
    assert np.array_equal(mesh.positions, record["p"])
    assert np.array_equal(mesh.uvs[0], record["uv"])
    assert mesh.positions.flags.aligned


@pytest.mark.parametrize("with_base", [True, False])
def test_sparse_accessors_are_filled_in(builder: Any, with_base: bool) -> None:
    primitive = builder.triangle()
    base = builder.accessor(np.full((3, 3), 7.0))
    accessor = builder.json["accessors"][base]
    accessor["sparse"] = {
        "count": 1,
        "indices": {"bufferView": builder.view(b"\x02\x00"), "componentType": 5123},
        "values": {"bufferView": builder.view(np.float32([1, 2, 3]).tobytes())},
    }
    if not with_base:
        del accessor["bufferView"]
    primitive["targets"] = [{"POSITION": base}]
    rest = [7.0] * 3 if with_base else [0.0] * 3
    assert read_gltf(builder.glb()).meshes[0].morphs[0].positions.tolist() == [rest, rest, [1.0, 2.0, 3.0]]


def test_an_accessor_without_a_view_is_zero(builder: Any) -> None:
    builder.json["accessors"].append({"componentType": 5126, "count": 3, "type": "VEC2"})
    builder.triangle(TEXCOORD_0=0)
    assert not read_gltf(builder.glb()).meshes[0].uvs[0].any()


def test_parts_of_one_vertex_pool_get_their_own_vertices(builder: Any) -> None:
    uv = builder.accessor(np.arange(10.0).reshape(5, 2))
    pool = {"POSITION": builder.accessor([*SQUARE, [5, 5, 5]]), "TEXCOORD_0": uv}
    morph = builder.accessor(np.arange(15.0).reshape(5, 3))
    primitives = [
        {"attributes": pool, "indices": builder.accessor(index, "u2"), "targets": [{"POSITION": morph}]}
        for index in ([0, 1, 2], [2, 4, 0])
    ]
    builder.json |= {"meshes": [{"primitives": primitives}], "nodes": [{"mesh": 0}]}
    first, second = read_gltf(builder.glb()).meshes
    assert first.faces.tolist() == [[0, 1, 2]]
    assert second.faces.tolist() == [[1, 2, 0]]
    assert second.positions.tolist() == [SQUARE[0], SQUARE[2], [5, 5, 5]]
    assert second.uvs[0].tolist() == [[0, 1], [4, 5], [8, 9]]
    assert second.morphs[0].positions.tolist() == [[0, 1, 2], [6, 7, 8], [12, 13, 14]]


def test_vertices_that_no_face_uses_stay_where_the_pool_is_not_shared(builder: Any) -> None:
    primitive = {"attributes": {"POSITION": builder.accessor([*SQUARE, [5, 5, 5]])}}
    primitive["indices"] = builder.accessor([0, 1, 2], "u2")
    builder.json |= {"meshes": [{"primitives": [primitive]}], "nodes": [{"mesh": 0}]}
    assert read_gltf(builder.glb()).n_vertices == 5


def test_several_sets_of_joints_stand_side_by_side(builder: Any) -> None:
    sets = {}
    for k in range(2):
        sets[f"JOINTS_{k}"] = builder.accessor([[4 * k, 4 * k + 1, 4 * k + 2, 4 * k + 3]] * 3, "u1")
        sets[f"WEIGHTS_{k}"] = builder.accessor([[32, 32, 32, 31 + k]] * 3, "u1", normalized=True)
    builder.triangle(**sets)
    joints = list(range(8))
    builder.json["nodes"] = [{"mesh": 0, "skin": 0}, *({} for _ in joints)]
    builder.json["skins"] = [{"joints": [j + 1 for j in joints]}]
    mesh = read_gltf(builder.glb()).meshes[0]
    assert mesh.joints is not None
    assert mesh.weights is not None
    assert mesh.joints[0].tolist() == joints
    assert mesh.weights[0].sum() == pytest.approx(1.0)


def test_a_skin_without_matrices_binds_by_the_identity(builder: Any) -> None:
    builder.triangle()
    builder.json["skins"] = [{"joints": [0]}]
    assert np.array_equal(read_gltf(builder.glb()).skins[0].inverse_bind, np.eye(4)[None])


def test_inverse_bind_matrices_are_transposed_to_rows(builder: Any) -> None:
    matrix = np.eye(4)
    matrix[:3, 3] = 1, 2, 3
    builder.triangle()
    builder.json["skins"] = [{"joints": [0], "inverseBindMatrices": builder.accessor(matrix.T.reshape(1, 16))}]
    assert np.array_equal(read_gltf(builder.glb()).skins[0].inverse_bind[0], matrix)


def test_joints_without_weight_outside_of_the_skin_are_mended_and_told(builder: Any) -> None:
    builder.triangle(
        JOINTS_0=builder.accessor([[0, 9, 0, 0]] * 3, "u1"), WEIGHTS_0=builder.accessor([[1.0, 0, 0, 0]] * 3)
    )
    builder.json |= {"nodes": [{"mesh": 0, "skin": 0}, {}], "skins": [{"joints": [1]}]}
    scene = read_gltf(builder.glb())
    assert scene.meshes[0].joints is not None
    assert not scene.meshes[0].joints.any()
    assert scene.notes


def test_bad_weights_and_nan_are_read_as_they_are(builder: Any) -> None:
    weights = [[0.25, 0, 0, 0], [np.nan, 0, 0, 0], [-1, 0, 0, 0]]
    builder.triangle(JOINTS_0=builder.accessor([[0] * 4] * 3, "u1"), WEIGHTS_0=builder.accessor(weights))
    builder.json |= {"nodes": [{"mesh": 0, "skin": 0}], "skins": [{"joints": [0]}]}
    mesh = read_gltf(builder.glb()).meshes[0]
    assert mesh.weights is not None
    assert np.array_equal(mesh.weights, np.float32(weights), equal_nan=True)


def test_morph_targets_take_their_names_from_the_extras(builder: Any) -> None:
    primitive = builder.triangle()
    primitive["targets"] = [{"POSITION": builder.accessor(np.ones((3, 3)) * k)} for k in range(3)]
    builder.json["meshes"][0] |= {"extras": {"targetNames": ["jawOpen", 7], "x": 1}, "weights": [0.5, 0.0, 0.0]}
    mesh = read_gltf(builder.glb()).meshes[0]
    assert [m.name for m in mesh.morphs] == ["jawOpen", "target_1", "target_2"]
    assert mesh.extras == {"x": 1}
    assert mesh.morph_weights == (0.5, 0.0, 0.0)


def test_a_matrix_becomes_translation_rotation_and_scale(builder: Any) -> None:
    builder.triangle()
    turn = np.diag([2.0, 2.0, 2.0, 1.0]) @ np.array([[0, 0, 1, 0], [0, 1, 0, 0], [-1, 0, 0, 0], [0, 0, 0, 1.0]])
    turn[:3, 3] = 3, 4, 5
    builder.json["nodes"][0]["matrix"] = turn.T.ravel().tolist()
    node = read_gltf(builder.glb()).nodes[0]
    assert node.translation.tolist() == [3, 4, 5]
    assert node.scale == pytest.approx([2, 2, 2])
    assert np.allclose(node.matrix, turn)


def test_nodes_keep_their_numbers_and_extensions_their_indices(builder: Any) -> None:
    builder.triangle()
    builder.json["nodes"] = [{"name": "head"}, {"name": "hips", "children": [0]}, {"mesh": 0}]
    humanoid = {"humanBones": {"hips": {"node": 1}, "head": {"node": 0}}}
    builder.json["extensions"] = {"VRMC_vrm": {"specVersion": "1.0", "humanoid": humanoid}}
    builder.json["extensionsUsed"] = ["VRMC_vrm"]
    scene = read_gltf(read_and_write(builder.glb()))
    assert [n.name for n in scene.nodes] == ["head", "hips", ""]
    assert scene.nodes[0].parent == 1
    assert scene.extensions["VRMC_vrm"]["humanoid"] == humanoid


def read_and_write(data: bytes) -> bytes:
    return glb_bytes(read_gltf(data))


def test_vrm_thumbnails_survive_as_textures(builder: Any, png: bytes) -> None:
    builder.triangle()
    other = png + b"\0\0\0\0"
    builder.json["images"] = [
        {"bufferView": builder.view(other), "mimeType": "image/png"},
        {"bufferView": builder.view(png), "mimeType": "image/png", "name": "thumb"},
    ]
    builder.json["textures"] = [{"source": 0}]
    builder.json["extensions"] = {"VRMC_vrm": {"meta": {"name": "x", "thumbnailImage": 1}}}
    scene = read_gltf(builder.glb())
    assert scene.textures[scene.extensions["VRMC_vrm"]["meta"]["thumbnailImage"]].data == png
    document = json_of(glb_bytes(scene))
    assert document["images"][document["extensions"]["VRMC_vrm"]["meta"]["thumbnailImage"]]["name"] == "thumb"
    assert without_asset(read_gltf(glb_bytes(scene))) == without_asset(scene)


def without_asset(scene: Scene) -> Scene:
    """Leave out who wrote the file."""
    return attrs.evolve(scene, asset={})


def json_of(glb: bytes) -> dict[str, Any]:
    size = int.from_bytes(glb[12:16], "little")
    document: dict[str, Any] = json.loads(glb[20 : 20 + size])
    return document


def test_what_lies_outside_of_the_default_scene_is_not_shown(builder: Any) -> None:
    builder.triangle()
    builder.json |= {"nodes": [{"mesh": 0}, {"mesh": 0}], "scenes": [{"nodes": [0]}, {"nodes": [1]}], "scene": 1}
    scene = read_gltf(builder.glb())
    assert [n.meshes for n in scene.nodes] == [(), (0,)]
    assert "2 scenes" in scene.notes[0]


def test_meshes_shared_by_nodes_are_read_once(builder: Any) -> None:
    builder.triangle()
    builder.json["nodes"] = [{"mesh": 0}, {"mesh": 0, "translation": [1, 0, 0]}]
    scene = read_gltf(builder.glb())
    assert len(scene.meshes) == 1
    assert scene.instances() == ((0, 0), (1, 0))


def test_animations_of_every_interpolation_are_read(builder: Any) -> None:
    builder.triangle()["targets"] = [{"POSITION": builder.accessor(np.ones((3, 3)))}] * 2
    times = builder.accessor([0.0, 1.0])
    outputs = [
        ("translation", "STEP", builder.accessor([[0, 0, 0], [1, 2, 3]])),
        ("rotation", "LINEAR", builder.accessor([[0, 0, 0, 32767]] * 2, "i2", normalized=True)),
        ("scale", "CUBICSPLINE", builder.accessor(np.arange(18.0).reshape(6, 3))),
        ("weights", "LINEAR", builder.accessor([0.0, 0.1, 0.2, 0.3])),
    ]
    builder.json["animations"] = [
        {
            "name": "wave",
            "channels": [{"sampler": k, "target": {"node": 0, "path": o[0]}} for k, o in enumerate(outputs)],
            "samplers": [{"input": times, "output": o[2], "interpolation": o[1]} for o in outputs],
        }
    ]
    clip = read_gltf(builder.glb()).animations[0]
    by_path = {c.path: c for c in clip.channels}
    assert clip.seconds == 1.0
    assert by_path["translation"].interpolation == "STEP"
    assert by_path["rotation"].values[1].tolist() == [0, 0, 0, 1]
    assert by_path["scale"].values.shape == (6, 3)
    assert by_path["weights"].values.tolist() == [[0.0, pytest.approx(0.1)], [pytest.approx(0.2), pytest.approx(0.3)]]


def test_materials_keep_every_use_of_a_texture(builder: Any, png: bytes) -> None:
    builder.triangle()["material"] = 0
    builder.json["images"] = [{"bufferView": builder.view(png), "mimeType": "image/png"}]
    builder.json["samplers"] = [{"wrapS": 33071}]
    builder.json["textures"] = [{"source": 0, "sampler": 0}, {"source": 0}]
    transform = {"KHR_texture_transform": {"offset": [0.5, 0], "texCoord": 0}}
    builder.json["materials"] = [
        {
            "pbrMetallicRoughness": {
                "baseColorTexture": {"index": 0, "extensions": transform},
                "metallicRoughnessTexture": {"index": 1, "texCoord": 1},
                "metallicFactor": 0.25,
            },
            "normalTexture": {"index": 0, "scale": 0.5},
            "occlusionTexture": {"index": 1, "strength": 0.75},
            "emissiveTexture": {"index": 1},
            "emissiveFactor": [1, 1, 0],
            "alphaMode": "MASK",
            "alphaCutoff": 0.3,
            "doubleSided": True,
            "extensions": {"KHR_materials_clearcoat": {"clearcoatTexture": {"index": 1}}},
            "extras": {"tone": "skin"},
        }
    ]
    scene = read_gltf(builder.glb())
    material = scene.materials[0]
    assert material.base_color_texture is not None
    assert material.base_color_texture.extensions == transform
    assert material.metallic_roughness_texture is not None
    assert material.metallic_roughness_texture.uv_set == 1
    assert material.normal_texture is not None
    assert material.normal_texture.scale == 0.5
    assert material.occlusion_texture is not None
    assert material.occlusion_texture.scale == 0.75
    assert (material.alpha_mode, material.alpha_cutoff, material.double_sided) == ("MASK", 0.3, True)
    assert scene.textures[0].sampler == {"wrapS": 33071}
    assert without_asset(read_gltf(glb_bytes(scene))) == without_asset(scene)


@pytest.mark.parametrize("extension", ["EXT_texture_webp", "KHR_texture_basisu"])
def test_images_behind_an_extension_are_read_and_written_back(builder: Any, png: bytes, extension: str) -> None:
    webp = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f" + bytes(13)
    data = webp if extension == "EXT_texture_webp" else b"\xabKTX 20\xbb\r\n\x1a\n" + bytes(60)
    builder.triangle()["material"] = 0
    builder.json["images"] = [{"bufferView": builder.view(data), "mimeType": "image/x"}]
    builder.json["textures"] = [{"extensions": {extension: {"source": 0}}}]
    builder.json["materials"] = [{"emissiveTexture": {"index": 0}}]
    scene = read_gltf(builder.glb())
    assert scene.textures[0].data == data
    document = json_of(glb_bytes(scene))
    assert document["extensionsRequired"] == [extension]
    assert document["textures"][0]["extensions"] == {extension: {"source": 0}}


def test_extras_and_extensions_of_every_object_come_back(builder: Any) -> None:
    mark = {"extras": {"a": [1, {"b": None}]}, "extensions": {"ACME_x": {"deep": {"er": [1, 2]}}}}
    primitive = builder.triangle()
    primitive |= mark | {"material": 0}
    builder.json["meshes"][0] |= mark
    builder.json["nodes"] = [{"mesh": 0, "skin": 0, **mark}, {"name": "joint", **mark}, {"camera": 0}]
    primitive["attributes"] |= {
        "JOINTS_0": builder.accessor([[0] * 4] * 3, "u1"),
        "WEIGHTS_0": builder.accessor([[1.0, 0, 0, 0]] * 3),
    }
    builder.json |= {
        "skins": [{"joints": [1], **mark}],
        "materials": [{"name": "m", **mark}],
        "cameras": [{"type": "perspective", "perspective": {"yfov": 1, "znear": 0.1}, **mark}],
        "extensionsUsed": ["ACME_x"],
        **mark,
    }
    builder.json["asset"] |= {"copyright": "somebody", "extras": {"k": 1}}
    scene = read_gltf(builder.glb())
    document = json_of(glb_bytes(scene))
    for place in ("meshes", "nodes", "skins", "materials", "cameras"):
        assert document[place][0]["extras"] == mark["extras"], place
        assert document[place][0]["extensions"] == mark["extensions"], place
    assert document["meshes"][0]["primitives"][0]["extensions"] == mark["extensions"]
    assert document["extensions"] == mark["extensions"]
    assert document["extensionsUsed"] == ["ACME_x"]
    assert document["asset"]["copyright"] == "somebody"
    assert document["asset"]["extras"] == {"k": 1}
    assert without_asset(read_gltf(glb_bytes(scene))) == without_asset(scene)


def test_custom_attributes_come_back_in_their_type(builder: Any) -> None:
    builder.triangle(_ID=builder.accessor([[1, 0], [2, 0], [3, 0]], "u2"), _HEAT=builder.accessor([0.5, 1.5, 2.5]))
    again = read_gltf(read_and_write(builder.glb())).meshes[0].attributes
    assert again["_ID"].dtype == np.uint16
    assert again["_ID"][:, 0].tolist() == [1, 2, 3]
    assert again["_HEAT"][:, 0].tolist() == [0.5, 1.5, 2.5]
