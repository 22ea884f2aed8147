"""Platforms: their bones by name and place, the surface and the clips untouched."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from axis_core.model import Animation, Channel, Scene
from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES, ROBLOX_R15, UNREAL5_CORE, bone_names
from axis_core.model.soup import scene_soup
from axis_core.platforms import PLATFORMS
from axis_core.platforms.export import axes_matrix
from axis_core.plugin import PluginHost
from axis_core.plugin.kinds import Platform
from axis_core.testing import capsule_person, check_platform, skinned_arm


BY_NAME = {p.name: p for p in PLATFORMS}
ALL = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: p.name)


def fitted(platform: Platform, scene: Scene | None = None) -> Scene:
    out, changes = platform.fit_rig(scene or capsule_person(), bones={})
    assert changes or platform.name == "axis_engine"
    return out


def joint_names(scene: Scene) -> list[str]:
    return [scene.nodes[j].name for j in scene.skins[0].joints]


def parent_name(scene: Scene, name: str) -> str | None:
    node = next(n for n in scene.nodes if n.name == name)
    return None if node.parent is None else scene.nodes[node.parent].name


@ALL
def test_a_platform_keeps_the_promises_of_its_kind(platform: Platform) -> None:
    check_platform(platform)


@ALL
def test_the_surface_at_rest_does_not_move(platform: Platform) -> None:
    person = capsule_person()
    np.testing.assert_allclose(scene_soup(fitted(platform)).positions, scene_soup(person).positions, atol=1e-5)


@ALL
def test_every_required_bone_is_there_and_nothing_is_found(platform: Platform) -> None:
    scene = fitted(platform)
    names = bone_names(platform.skeleton)
    wanted = {names[b] for b in REQUIRED_BONES if b in names}
    assert wanted <= set(joint_names(scene))
    errors = [i for i in platform.check(scene, tier="") if i.severity == "error"]
    assert errors == []


@ALL
def test_fitting_twice_is_fitting_once(platform: Platform) -> None:
    once = fitted(platform)
    twice, _ = platform.fit_rig(once, bones={})
    assert sorted(joint_names(twice)) == sorted(joint_names(once))


@ALL
def test_a_missing_spine_is_put_between_hips_and_head(platform: Platform) -> None:
    person = capsule_person()
    names = joint_names(person)
    gone = {n for n in ("spine", "chest", "upperChest", "neck") if n in names}
    nodes = list(person.nodes)
    hips = names.index("hips")
    world = person.world_matrices()
    keep = [i for i, n in enumerate(nodes) if n.name not in gone]
    index = {old: new for new, old in enumerate(keep)}
    slim = []
    for i in keep:
        parent = nodes[i].parent
        while parent is not None and parent not in index:
            parent = nodes[parent].parent
        offset = world[i][:3, 3] - (0 if parent is None else world[parent][:3, 3])
        slim.append(attrs.evolve(nodes[i], parent=None if parent is None else index[parent], translation=offset))
    slots = dict(enumerate(person.skins[0].joints))
    kept_slots = [k for k, j in slots.items() if j in index]
    remap = np.array([kept_slots.index(k) if k in kept_slots else kept_slots.index(hips) for k in slots])
    skin = attrs.evolve(
        person.skins[0],
        joints=[index[slots[k]] for k in kept_slots],
        inverse_bind=person.skins[0].inverse_bind[kept_slots],
        root=None,
    )
    meshes = [attrs.evolve(m, joints=remap[np.asarray(m.joints, int)]) for m in person.meshes]
    scene = fitted(platform, attrs.evolve(person, nodes=slim, skins=[skin], meshes=meshes))
    spine = bone_names(platform.skeleton)["spine"]
    place = dict(zip(scene.skeleton().names, scene.skeleton().positions, strict=True))
    low, high = place[bone_names(platform.skeleton)["hips"]][1], place[bone_names(platform.skeleton)["head"]][1]
    assert low < place[spine][1] < high


def test_unreal_gets_mannys_hierarchy() -> None:
    scene = fitted(BY_NAME["unreal"])
    for name in joint_names(scene):
        if name in UNREAL5_CORE:
            assert parent_name(scene, name) == UNREAL5_CORE[name], name
    assert {"root", "spine_05", "neck_02", "thigh_twist_01_l", "ik_hand_gun", "ik_foot_r"} <= set(joint_names(scene))


def test_twist_bones_lie_along_their_limb() -> None:
    scene = fitted(BY_NAME["unreal"])
    at = dict(zip(scene.skeleton().names, scene.skeleton().positions, strict=True))
    for limb, end in (("upperarm_l", "lowerarm_l"), ("thigh_r", "calf_r")):
        share = np.linalg.norm(at[f"{limb[:-2]}_twist_01{limb[-2:]}"] - at[limb]) / np.linalg.norm(at[end] - at[limb])
        assert share == pytest.approx(1 / 3, abs=1e-6)


def test_roblox_has_exactly_the_joints_of_r15_and_all_weight_on_them() -> None:
    scene = fitted(BY_NAME["roblox"])
    assert set(joint_names(scene)) == set(ROBLOX_R15)
    for name, parent in ROBLOX_R15.items():
        assert parent_name(scene, name) == parent
    for mesh in scene.meshes:
        np.testing.assert_allclose(np.asarray(mesh.weights, float).sum(axis=1), 1.0, atol=1e-6)
        used = {joint_names(scene)[k] for k in np.unique(np.asarray(mesh.joints)[np.asarray(mesh.weights) > 0])}
        assert used.isdisjoint({"Root", "HumanoidRootNode"})


def test_godot_requires_shoulders_below_root() -> None:
    scene = fitted(BY_NAME["godot"])
    assert {"Root", "LeftShoulder", "RightShoulder"} <= set(joint_names(scene))
    assert parent_name(scene, "Hips") == "Root"
    assert parent_name(scene, "LeftUpperArm") == "LeftShoulder"


def test_names_that_godot_acts_on_are_found() -> None:
    scene = fitted(BY_NAME["godot"])
    bad = attrs.evolve(scene, nodes=[attrs.evolve(n, name=n.name + "-col") if n.meshes else n for n in scene.nodes])
    assert "NAME_RESERVED" in {i.code for i in BY_NAME["godot"].check(bad, tier="")}


def test_a_rig_that_is_no_humanoid_keeps_its_bones_under_clean_names() -> None:
    arm = skinned_arm()
    odd = attrs.evolve(arm, nodes=[attrs.evolve(n, name="Ärm bone!") if n.name == "upper" else n for n in arm.nodes])
    scene = fitted(BY_NAME["unreal"], odd)
    assert "Arm_bone" in joint_names(scene)


@ALL
def test_clips_still_put_bones_where_they_did(platform: Platform) -> None:
    """The left hand, with the left upper arm turned by a clip, is at the same place before and after fitting."""
    person = capsule_person()
    arm = next(i for i, n in enumerate(person.nodes) if n.name == "leftUpperArm")
    turn = np.array([[0, 0, 0, 1], [0, 0, 0.6, 0.8]])
    moving = attrs.evolve(
        person,
        animations=[Animation(name="wave", channels=[Channel(node=arm, path="rotation", times=[0, 1], values=turn)])],
    )

    def hand(scene: Scene, name: str) -> np.ndarray:
        channel = scene.animations[0].channels[0]
        nodes = list(scene.nodes)
        assert channel.node is not None
        nodes[channel.node] = attrs.evolve(nodes[channel.node], rotation=channel.values[1])
        posed = attrs.evolve(scene, nodes=nodes)
        return posed.world_matrices()[[n.name for n in posed.nodes].index(name)][:3, 3]

    before = hand(moving, "leftHand")
    after = hand(fitted(platform, moving), bone_names(platform.skeleton)["leftHand"])
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_all_55_bones_have_unique_names_in_every_vocabulary() -> None:
    assert len(HUMANOID_BONES) == 55
    for vocabulary in ("vrm", "unity", "godot", "unreal5", "roblox", "mixamo"):
        names = list(bone_names(vocabulary).values())
        assert len(names) == len(set(names)), vocabulary


def test_axes_of_obj_and_stl_are_the_platforms() -> None:
    unreal = axes_matrix("Z", "+Y", "left", 0.01)
    np.testing.assert_allclose(unreal @ [0, 1, 0, 1], [0, 0, 100, 1])
    np.testing.assert_allclose(unreal @ [0, 0, 1, 1], [0, 100, 0, 1])
    assert np.linalg.det(axes_matrix("Y", "+Z", "left", 1.0)[:3, :3]) < 0
    np.testing.assert_array_equal(axes_matrix("Y", "+Z", "right", 1.0), np.eye(4))


def test_the_budget_of_roblox_is_its_own(host: PluginHost) -> None:
    person = capsule_person()
    many = attrs.evolve(person.meshes[0], faces=np.tile(person.meshes[0].faces, (30, 1)))
    found = host.platform("roblox").check(attrs.evolve(person, meshes=[many, person.meshes[1]]), tier="ultra_hd")
    assert next(i for i in found if i.code == "BUDGET_TRIANGLES").limit == 10_742
