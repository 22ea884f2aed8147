"""VRChat: the numbers of its ranks, the order it reads bones and visemes in."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from axis_platform_vrchat import PLATFORM
from axis_platform_vrchat.order import FIRST, VISEMES, limbs_first, with_viseme_names
from axis_platform_vrchat.platform import rank_issues
from axis_platform_vrchat.ranks import LIMITS, RANKS, Counts, Rank, count, rank_of

import axis_core
from axis_core.plugin import Animation, Channel, MorphTarget, Node, Scene
from axis_core.testing import capsule_person, check_platform


SMALL = Counts(
    triangles=5000, texture_mb=1, skinned_meshes=1, materials=1, bones=20, width_m=1.0, height_m=1.8, depth_m=0.4
)


def speaking() -> Scene:
    """Return a person with shapes in no order, one of them driven by a clip."""
    scene = capsule_person()
    names = ["jawOpen", *reversed(VISEMES), "smile"]
    meshes = []
    for mesh in scene.meshes:
        morphs = [
            MorphTarget(name=n, positions=np.full_like(mesh.positions, 0.001 * k)) for k, n in enumerate(names, 1)
        ]
        meshes.append(attrs.evolve(mesh, morphs=morphs))
    shown = scene.instances()[0][0]
    values = np.zeros((2, len(names)))
    values[1, names.index("viseme_aa")] = 1.0
    clip = Animation(name="say", channels=[Channel(node=shown, path="weights", times=[0, 1], values=values)])
    return attrs.evolve(scene, meshes=meshes, animations=[clip])


def test_the_platform_keeps_the_promises_of_its_kind() -> None:
    check_platform(PLATFORM)


@pytest.mark.parametrize("device", sorted(LIMITS))
@pytest.mark.parametrize("name", sorted(LIMITS["pc"]))
def test_each_number_alone_decides_the_rank_at_its_limits(device: str, name: str) -> None:
    allowed = LIMITS[device][name]
    for k, limit in enumerate(allowed):
        at = rank_of(attrs.evolve(SMALL, **{name: limit}), device)
        assert RANKS.index(at.name) == allowed.index(limit)
        above = rank_of(attrs.evolve(SMALL, **{name: limit + 1}), device)
        better = next((r for r, x in zip(RANKS, allowed, strict=True) if limit + 1 <= x), "Very Poor")
        assert above.name == better
        assert above.held_by[0][0] == name
        assert k == 0 or allowed[k - 1] <= limit


def test_a_small_avatar_is_excellent_and_nothing_holds_it() -> None:
    for device in LIMITS:
        assert rank_of(SMALL, device) == Rank(name="Excellent", held_by=())
    assert rank_of(count(capsule_person()), "pc").name == "Excellent"


def test_what_is_over_the_last_rank_is_a_finding() -> None:
    scene = capsule_person()
    crowd = attrs.evolve(scene, nodes=[*scene.nodes, *[Node(meshes=(0,)) for _ in range(40)]])
    codes = {i.code for i in rank_issues(crowd, "mobile")}
    assert "BUDGET_MATERIALS" in codes
    assert rank_issues(scene, "mobile") == ()


def test_visemes_come_first_in_vrchats_order_and_clips_follow() -> None:
    scene = speaking()
    out = with_viseme_names(scene)
    for mesh in out.meshes:
        assert [m.name for m in mesh.morphs] == [*VISEMES.values(), "jawOpen", "smile"]
    before = {m.name: m.positions for m in scene.meshes[0].morphs}
    for old, new in VISEMES.items():
        moved = next(m for m in out.meshes[0].morphs if m.name == new)
        np.testing.assert_array_equal(moved.positions, before[old])
    (channel,) = out.animations[0].channels
    assert [m.name for m in out.meshes[0].morphs][int(channel.values[1].argmax())] == "vrc.v_aa"


def test_limbs_come_first_among_their_siblings_and_nothing_moves() -> None:
    fitted, _ = axis_core.default_host(installed=False).platform("unity").fit_rig(capsule_person(), bones={})
    arm = next(n for n, node in enumerate(fitted.nodes) if node.name == "LeftUpperArm")
    nodes = [attrs.evolve(n, parent=None if n.parent is None else n.parent + 1) for n in fitted.nodes]
    mixed = attrs.evolve(
        fitted,
        nodes=[Node(name="twist", parent=arm + 1), *nodes],
        skins=[attrs.evolve(s, joints=[j + 1 for j in s.joints], root=None) for s in fitted.skins],
    )
    out = limbs_first(mixed)
    children = [
        out.nodes[c].name for n, node in enumerate(out.nodes) if node.name in FIRST for c in out.children(n)[:1]
    ]
    assert children == [FIRST[node.name] for node in out.nodes if node.name in FIRST]
    assert limbs_first(out) is out
    place = {n.name: m[:3, 3] for n, m in zip(out.nodes, out.world_matrices(), strict=True)}
    for node, matrix in zip(mixed.nodes, mixed.world_matrices(), strict=True):
        np.testing.assert_allclose(place[node.name], matrix[:3, 3], atol=1e-12)
    for (n, m), (k, q) in zip(mixed.instances(), out.instances(), strict=True):
        np.testing.assert_allclose(out.world_positions(q, k), mixed.world_positions(m, n), atol=1e-9)
