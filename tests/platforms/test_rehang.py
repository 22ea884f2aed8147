"""Legs that hang off the root are hung below the hips; the surface and the clips show what they showed."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from axis_core.body.clips import animate
from axis_core.model import Scene
from axis_core.platforms.fit import fit_names
from axis_core.rig.motion.sample import world_over_time
from axis_core.testing import capsule_person


@pytest.fixture(scope="module")
def split() -> Scene:
    """Return a person whose thighs are roots of their own, walking."""
    scene = animate(capsule_person(), ["walk", "dance"])
    whole = fit_names(scene, {}, "vrm", root="Root")[0]
    index = {n.name: i for i, n in enumerate(whole.nodes)}
    world = whole.world_matrices()
    nodes = list(whole.nodes)
    clips = []
    for clip in whole.animations:
        channels = [c for c in clip.channels if whole.nodes[c.node or 0].name not in ("leftUpperLeg", "rightUpperLeg")]
        for name in ("leftUpperLeg", "rightUpperLeg"):
            channel = next(c for c in clip.channels if c.node == index[name])
            track = world_over_time(whole, clip, channel.times)[index[name]]
            turns = Rotation.from_matrix(track[:, :3, :3]).as_quat()
            channels.append(attrs.evolve(channel, values=turns))
            places = track[:, :3, 3]
            channels.append(attrs.evolve(channel, path="translation", values=places))
        clips.append(attrs.evolve(clip, channels=channels))
    for name in ("leftUpperLeg", "rightUpperLeg"):
        place = world[index[name]][:3, 3]
        nodes[index[name]] = attrs.evolve(nodes[index[name]], parent=index["Root"], translation=place)
    return attrs.evolve(whole, nodes=nodes, animations=clips)


def parents(scene: Scene) -> dict[str, str]:
    return {n.name: scene.nodes[n.parent].name for n in scene.nodes if n.parent is not None}


NAMES = [("unity", "Hips", "LeftUpperLeg"), ("vrm", "hips", "leftUpperLeg")]


@pytest.mark.parametrize(("vocabulary", "hips", "leg"), NAMES)
def test_thighs_hang_below_the_hips(split: Scene, vocabulary: str, hips: str, leg: str) -> None:
    fitted, changes = fit_names(split, {}, vocabulary)
    assert parents(fitted)[leg] == hips
    assert any("leftUpperLeg, rightUpperLeg" in c for c in changes)


def test_the_surface_and_the_clips_stay(split: Scene) -> None:
    fitted, _ = fit_names(split, {}, "vrm")
    before, after = ({n.name: i for i, n in enumerate(s.nodes)} for s in (split, fitted))
    joints = [split.nodes[j].name for s in split.skins for j in s.joints]
    for old, new in zip(split.animations, fitted.animations, strict=True):
        times = np.linspace(0.0, old.seconds, 12)
        a, b = world_over_time(split, old, times), world_over_time(fitted, new, times)
        for name in joints:
            np.testing.assert_allclose(b[after[name], :, :3], a[before[name], :, :3], atol=2e-3, err_msg=name)
    for (n, m), (k, q) in zip(split.instances(), fitted.instances(), strict=True):
        np.testing.assert_allclose(fitted.world_positions(q, k), split.world_positions(m, n), atol=1e-5)


def test_a_rig_that_is_right_is_left_alone() -> None:
    person = fit_names(capsule_person(), {}, "vrm", root="Root")[0]
    assert fit_names(person, {}, "vrm", root="Root") == (person, ())


def test_names_differ_in_more_than_their_case() -> None:
    person = capsule_person()
    hips = next(n for n, node in enumerate(person.nodes) if node.name == "hips")
    nodes = [attrs.evolve(n, parent=len(person.nodes)) if k == hips else n for k, n in enumerate(person.nodes)]
    below = attrs.evolve(nodes[hips], name="root", parent=None, translation=(0.0, 0.3, 0.0), meshes=())
    nodes[hips] = attrs.evolve(nodes[hips], translation=nodes[hips].translation - below.translation)
    scene = attrs.evolve(person, nodes=[*nodes, below])
    fitted, _ = fit_names(scene, {}, "godot", root="Root")
    names = [n.name for n in fitted.nodes if not n.meshes]
    assert names[0] == "Root"
    assert len({n.lower() for n in names}) == len(names)
