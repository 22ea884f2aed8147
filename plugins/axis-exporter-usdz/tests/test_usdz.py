"""A USDZ that Pixar's own library opens and its checker for phones finds no fault with."""

from __future__ import annotations

import io
import zipfile

import attrs
import numpy as np
import pytest
from axis_exporter_usdz import USDZ
from pxr import Usd, UsdGeom, UsdSkel

from axis_core.plugin import Animation, Channel, InputError, MorphTarget, Scene
from axis_core.testing import capsule_person, check_format, cube, textured_quad


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


def opened(scene: Scene, tmp_path) -> Usd.Stage:
    (file,) = USDZ.write(scene, name="tiny")
    (tmp_path / file.name).write_bytes(file.data)
    return Usd.Stage.Open(str(tmp_path / file.name))


def test_the_format_keeps_the_promises_of_its_kind():
    check_format(USDZ)


def test_every_file_of_the_package_is_stored_on_64_bytes():
    (file,) = USDZ.write(textured_quad(), name="tiny")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        entries = archive.infolist()
    assert entries[0].filename.endswith(".usdc")
    for entry in entries:
        header = file.data[entry.header_offset : entry.header_offset + 30]
        start = (
            entry.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:], "little")
        )
        assert start % 64 == 0
        assert entry.compress_type == zipfile.ZIP_STORED


@pytest.mark.parametrize("scene", [cube(), textured_quad(), lively()], ids=lambda s: s.name)
def test_pixars_validators_find_no_fault(scene, tmp_path):
    validation = pytest.importorskip("pxr.UsdValidation")
    stage = opened(scene, tmp_path)
    validators = validation.ValidationRegistry().GetOrLoadAllValidators()
    assert validators
    found = validation.ValidationContext(validators).Validate(stage)
    assert [e.GetErrorAsString() for e in found] == []


def test_the_skeleton_moves_the_surface_as_ours_does(tmp_path):
    scene = lively()
    stage = opened(scene, tmp_path)
    root = UsdSkel.Root(stage.GetDefaultPrim())
    cache = UsdSkel.Cache()
    cache.Populate(root, Usd.PrimDefaultPredicate)
    (binding,) = cache.ComputeSkelBindings(root, Usd.PrimDefaultPredicate)
    query = cache.GetSkelQuery(binding.GetSkeleton())
    matrices = query.ComputeSkinningTransforms(Usd.TimeCode(24.0))
    joint = next(j for j in scene.skins[0].joints if scene.nodes[j].name == "leftUpperArm")
    nodes = list(scene.nodes)
    nodes[joint] = attrs.evolve(nodes[joint], rotation=[0, 0, 0.6, 0.8])
    turned = attrs.evolve(scene, nodes=nodes)
    tokens = [str(t).rpartition("/")[2] for t in query.GetJointOrder()]
    ours = {scene.nodes[j].name: m for j, m in zip(scene.skins[0].joints, turned.skin_matrices(0), strict=True)}
    for name, matrix in zip(tokens, matrices, strict=True):
        np.testing.assert_allclose(np.array(matrix).T, ours[name], atol=1e-5)


def test_it_is_in_metres_with_y_up(tmp_path):
    stage = opened(capsule_person(), tmp_path)
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    extents = [np.array(UsdGeom.Mesh(p).GetExtentAttr().Get()) for p in stage.Traverse() if p.IsA(UsdGeom.Mesh)]
    height = max(e[1][1] for e in extents) - min(e[0][1] for e in extents)
    assert height == pytest.approx(1.71, abs=0.02)


def test_a_blended_material_takes_its_opacity_from_the_picture(tmp_path):
    scene = textured_quad()
    scene = attrs.evolve(scene, materials=[attrs.evolve(m, alpha_mode="BLEND") for m in scene.materials])
    stage = opened(scene, tmp_path)
    surface = next(p for p in stage.Traverse() if p.GetName() == "surface")
    assert surface.GetAttribute("inputs:opacity").HasAuthoredConnections()


def test_shapes_and_their_motion_are_there(tmp_path):
    stage = opened(lively(), tmp_path)
    shapes = [p for p in stage.Traverse() if p.IsA(UsdSkel.BlendShape)]
    assert [p.GetName() for p in shapes] == ["jawOpen"]
    clip = next(UsdSkel.Animation(p) for p in stage.Traverse() if p.IsA(UsdSkel.Animation))
    assert list(clip.GetBlendShapeWeightsAttr().Get(24.0)) == [1.0]


def test_nothing_cannot_be_written():
    with pytest.raises(InputError, match="no triangles"):
        USDZ.write(Scene(), name="a")
