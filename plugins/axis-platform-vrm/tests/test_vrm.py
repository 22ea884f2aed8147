"""A VRM out of a person: what it must have, what it must not have, and that our own rules find nothing."""

from __future__ import annotations

import json
import struct

import attrs
import numpy as np
import pytest
from axis_platform_vrm import PLATFORM
from axis_platform_vrm.expressions import PRESETS
from axis_platform_vrm.options import Options
from axis_platform_vrm.platform import vrm_scene

import axis_core
from axis_core.plugin import Animation, CannotFit, Channel, Material, MorphTarget, Node, Scene, Skin
from axis_core.testing import capsule_person, check_platform, cube


HOST = axis_core.default_host(installed=False)


def faced(*names: str) -> Scene:
    """Return a person with shapes."""
    scene = capsule_person()
    move = np.zeros_like(scene.meshes[0].positions)
    move[:5, 1] = 0.01
    morphs = [MorphTarget(name=n, positions=move) for n in names]
    return attrs.evolve(scene, meshes=[attrs.evolve(scene.meshes[0], morphs=morphs), *scene.meshes[1:]])


def with_joints(scene: Scene, parent: str, names: tuple[str, ...]) -> Scene:
    """Return the scene with a chain of joints below one of its joints."""
    nodes, joints = list(scene.nodes), list(scene.skins[0].joints)
    up = next(j for j in joints if nodes[j].name == parent)
    inverse = [*scene.skins[0].inverse_bind]
    place = scene.world_matrices()[up].copy()
    for name in names:
        nodes.append(Node(name=name, parent=up, translation=(0, -0.1, -0.02)))
        up = len(nodes) - 1
        place = place @ nodes[up].matrix
        joints.append(up)
        inverse.append(np.linalg.inv(place))
    return attrs.evolve(scene, nodes=nodes, skins=[Skin(joints=joints, inverse_bind=np.stack(inverse))])


def root_of(data: bytes) -> dict:
    return json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]])


def exported(scene: Scene, **options) -> dict:
    (file,) = PLATFORM.export(scene, name="tiny", format=HOST.format("vrm"), options=Options(**options))
    assert file.name == "tiny.vrm"
    assert not [i for i in axis_core.audit(file.data, name="a.vrm", rules=["vrm"]).issues if i.severity == "error"]
    return root_of(file.data)


def test_the_platform_keeps_the_promises_of_its_kind():
    check_platform(PLATFORM)


def test_a_person_becomes_a_vrm_that_breaks_no_rule():
    root = exported(capsule_person())
    vrm = root["extensions"]["VRMC_vrm"]
    assert vrm["specVersion"] == "1.0"
    assert "VRMC_vrm" in root["extensionsUsed"]
    for bone, entry in vrm["humanoid"]["humanBones"].items():
        assert root["nodes"][entry["node"]]["name"] == bone
    assert len(vrm["humanoid"]["humanBones"]) >= 15
    shown = [n for n, node in enumerate(root["nodes"]) if "mesh" in node]
    assert [a["node"] for a in vrm["firstPerson"]["meshAnnotations"]] == shown


def test_the_licence_is_what_was_asked_for():
    meta = exported(capsule_person(), title="Ada", author="Me", commercial_usage="corporation", redistribution=True)[
        "extensions"
    ]["VRMC_vrm"]["meta"]
    assert (meta["name"], meta["authors"], meta["commercialUsage"]) == ("Ada", ["Me"], "corporation")
    assert meta["allowRedistribution"] is True
    assert meta["licenseUrl"] == "https://vrm.dev/licenses/1.0/"


def test_shapes_become_presets_and_customs():
    expressions = exported(faced("eyeBlinkLeft", "eyeBlinkRight", "jawOpen", "viseme_O", "wink"))["extensions"][
        "VRMC_vrm"
    ]["expressions"]
    assert set(expressions["preset"]) >= {"blink", "blinkLeft", "blinkRight", "aa", "oh"}
    assert set(expressions["preset"]) <= set(PRESETS)
    assert {"wink", "jawOpen"} <= set(expressions["custom"])
    blink = expressions["preset"]["blink"]["morphTargetBinds"]
    assert {b["index"] for b in blink} == {0, 1}


def test_a_binding_names_the_shape_it_means():
    root = exported(faced("wink", "jawOpen"))
    (bind,) = root["extensions"]["VRMC_vrm"]["expressions"]["custom"]["jawOpen"]["morphTargetBinds"]
    mesh = root["meshes"][root["nodes"][bind["node"]]["mesh"]]
    assert mesh["extras"]["targetNames"][bind["index"]] == "jawOpen"


def test_hair_swings_and_limbs_do_not():
    scene = with_joints(capsule_person(), "head", ("hair_1", "hair_2", "hair_3"))
    springs = exported(scene)["extensions"]["VRMC_springBone"]
    (spring,) = springs["springs"]
    assert len(spring["joints"]) == 3
    assert len(springs["colliders"]) == 3
    assert "VRMC_springBone" not in exported(scene, springs=False)["extensions"]
    assert "VRMC_springBone" not in exported(capsule_person())["extensions"]


def test_what_vrm_has_not_is_left_out():
    scene = capsule_person()
    clip = Animation(name="x", channels=[Channel(node=1, path="rotation", times=[0, 1], values=[[0, 0, 0, 1]] * 2)])
    tangents = np.tile(np.float32([1, 0, 0, 1]), (scene.meshes[0].n_vertices, 1))
    meshes = [attrs.evolve(scene.meshes[0], tangents=tangents), *scene.meshes[1:]]
    root = exported(attrs.evolve(scene, animations=[clip], meshes=meshes))
    assert "animations" not in root
    assert not any("TANGENT" in p["attributes"] for m in root["meshes"] for p in m["primitives"])


def test_mtoon_keeps_the_colour_of_the_material():
    root = exported(capsule_person(), look="mtoon")
    for material in root["materials"]:
        toon = material["extensions"]["VRMC_materials_mtoon"]
        assert toon["specVersion"] == "1.0"
        colour = material["pbrMetallicRoughness"]["baseColorFactor"]
        assert all(s < c for s, c in zip(toon["shadeColorFactor"], colour[:3], strict=True))


def test_lowered_arms_are_raised_to_a_t():
    scene = capsule_person()
    pose = HOST.stage("pose")
    from axis_core.plugin import Context, Outcome, structure_options

    lowered = pose.run(Outcome(scene=scene), structure_options(pose.options, {"rest": "A"}), Context(host=HOST)).scene
    raised = vrm_scene(lowered, Options(), "a")
    world = raised.world_matrices()
    named = {raised.nodes[j].name: j for j in raised.skins[0].joints}
    arm = world[named["leftHand"]][:3, 3] - world[named["leftUpperArm"]][:3, 3]
    np.testing.assert_allclose(arm / np.linalg.norm(arm), [1, 0, 0], atol=0.02)


def test_what_is_no_humanoid_is_refused_as_a_vrm():
    with pytest.raises(CannotFit, match="no humanoid"):
        PLATFORM.export(cube(), name="a", format=HOST.format("vrm"))


def test_two_names_for_one_material_do_not_matter():
    scene = capsule_person()
    scene = attrs.evolve(scene, materials=[Material(name="same") for _ in scene.materials])
    assert len(exported(scene)["materials"]) == len(scene.materials)
