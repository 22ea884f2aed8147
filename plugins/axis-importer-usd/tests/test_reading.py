"""What comes out of USD: units, axes, skeletons, weights, shapes, clips, materials; and what never gets in."""

from __future__ import annotations

import zipfile
from io import BytesIO

import numpy as np
import pytest
from axis_importer_usd import USD
from axis_importer_usd.package import is_plain_name, lay_out
from axis_importer_usd.read import read_scene

import axis_core
from axis_core.plugin import AxisError, InputError, LimitExceeded, Scene
from axis_core.testing import check_format, checker_png

from .usd_text import column_usda, package


def read(data: bytes, beside: dict[str, bytes] | None = None) -> Scene:
    return read_scene(data, name="tiny.usda", companions=(beside or {}).get)


@pytest.fixture(scope="module")
def packed() -> bytes:
    return package({"column.usda": column_usda(texture="0/skin.png"), "0/skin.png": checker_png()})


@pytest.fixture(scope="module")
def column(packed: bytes) -> Scene:
    return read(packed)


def test_the_format_keeps_the_promises_of_its_kind():
    check_format(USD)


def test_the_library_door_knows_layers_and_packages(packed, tmp_path):
    (tmp_path / "a.usdz").write_bytes(packed)
    assert axis_core.read(tmp_path / "a.usdz").source_format == "usd"
    assert USD.sniff(packed[:4096])
    assert USD.sniff(column_usda()[:4096])
    assert not USD.sniff(package({"a.obj": b"v 0 0 0"})[:4096])


def test_it_stands_up_in_metres(column):
    points = np.vstack([column.world_positions(m, n) for n, m in column.instances()])
    np.testing.assert_allclose([points.min(axis=0), points.max(axis=0)], [[-0.1, 0, -0.1], [0.1, 2, 0.1]], atol=1e-6)


def test_faces_look_outwards(column):
    points = column.world_positions(0, column.instances()[0][0])
    corners = points[column.meshes[0].faces]
    volume = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert volume == pytest.approx(0.2 * 0.2 * 2, rel=1e-5)


def test_the_skeleton_binds_where_it_rests(column):
    matrices = column.skin_matrices(0)
    np.testing.assert_allclose(matrices, np.broadcast_to(matrices[0], matrices.shape), atol=1e-6)
    assert [column.nodes[j].name for j in column.skins[0].joints] == ["lower", "upper"]


def test_weights_add_up_to_one(column):
    np.testing.assert_allclose(column.meshes[0].weights.sum(axis=1), 1.0, atol=1e-6)


def test_a_blend_shape_is_kept_in_metres(column):
    (shape,) = column.meshes[0].morphs
    assert shape.name == "wide"
    assert np.abs(shape.positions).max() == pytest.approx(0.05, rel=1e-5)


def test_the_animation_turns_the_joint_and_drives_the_shape(column):
    (clip,) = column.animations
    by_path = {c.path: c for c in clip.channels}
    assert set(by_path) == {"rotation", "weights"}
    assert column.nodes[by_path["rotation"].node].name == "upper"
    np.testing.assert_allclose(np.abs(by_path["rotation"].values[-1]), [0.6, 0, 0, 0.8], atol=1e-5)
    np.testing.assert_allclose(by_path["weights"].values[:, 0], [0, 1])
    assert clip.seconds == pytest.approx(1.0)


def test_the_material_comes_with_its_image(column):
    (material,) = column.materials
    assert (material.metallic, material.roughness) == pytest.approx((0.75, 0.25))
    use = material.base_color_texture
    assert column.textures[use.texture].data == checker_png()
    assert column.textures[use.texture].sampler["wrapS"] == 33071


def test_texture_coordinates_are_turned_the_way_of_gltf(column):
    assert column.meshes[0].uvs[0].min() >= 0
    lower_left = np.flatnonzero((np.abs(column.meshes[0].uvs[0] - [0, 1]) < 1e-6).all(axis=1))
    assert len(lower_left)


def test_a_lone_layer_asks_for_its_image_by_base_name():
    asked = []

    def companions(name):
        asked.append(name)
        return checker_png()

    scene = read_scene(column_usda(texture="textures/skin.png"), name="a.usda", companions=companions)
    assert asked == ["skin.png"]
    assert len(scene.textures) == 1


def test_what_is_not_there_is_told():
    scene = read(column_usda())
    assert not scene.textures
    assert any("skin.png" in note for note in scene.notes)


@pytest.mark.parametrize("layer", ["../../../secret.usda", "/etc/hostname", "b.usdz[c.usda]"])
def test_a_layer_from_outside_is_refused(layer):
    with pytest.raises(InputError) as caught:
        read(column_usda(layer=layer))
    assert caught.value.code == "external_uri"


def test_an_image_from_outside_is_not_read(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(checker_png())
    scene = read(column_usda(texture=str(secret)))
    assert not scene.textures


@pytest.mark.parametrize("name", ["../a.usda", "/a.usda", "a/../../b", "C:\\a", "a\\b", ""])
def test_names_that_leave_the_folder_are_seen(name):
    assert not is_plain_name(name)


def test_a_package_that_leaves_its_folder_is_refused(tmp_path):
    with pytest.raises(InputError):
        lay_out(package({"a.usda": b"#usda 1.0", "../b.png": b""}), tmp_path / "in")
    assert not (tmp_path / "b.png").exists()


def test_a_bomb_is_refused(tmp_path):
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.usda", b"#usda 1.0\n" + b" " * 50_000_000)
    with pytest.raises(LimitExceeded):
        lay_out(sink.getvalue(), tmp_path)


def mutated(data: bytes, seed: int) -> bytes:
    """Return damaged bytes: of the package as a whole, or (odd seeds) of numbers in its layer, packed anew."""
    rng = np.random.default_rng(seed)
    if seed % 2:
        layer = bytearray(column_usda(texture="0/skin.png"))
        digits = [k for k, c in enumerate(layer) if chr(c).isdigit() and k > 200]
        for place in rng.choice(digits, int(rng.integers(1, 6))):
            layer[place] = ord(rng.choice(list("0123456789-")))
        return package({"column.usda": bytes(layer), "0/skin.png": checker_png()})
    out = bytearray(data)
    for place in rng.integers(0, len(out), int(rng.integers(1, 30))):
        out[place] = int(rng.integers(0, 256))
    return bytes(out[: int(rng.integers(len(out) // 2, len(out) + 1))])


def outcome(data: bytes) -> str:
    try:
        return "read" if read(data).n_triangles else "nothing"
    except AxisError as error:
        return error.code


ANSWERS = ("read", "parse_failed", "limit_exceeded", "empty_geometry", "external_uri", "unsupported_format")


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_package_is_read_or_refused(packed, seed):
    assert outcome(mutated(packed, seed)) in ANSWERS


@pytest.mark.conformance
@pytest.mark.parametrize("seed", range(200))
def test_two_hundred_mutated_packages_are_read_or_refused(packed, seed):
    assert outcome(mutated(packed, seed)) in ANSWERS
