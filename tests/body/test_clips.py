"""Clips: planted feet, closed loops, the same gesture on every rig."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from tests.gltf_validator import VARIABLE, GltfValidator, find_validator

from axis_core.body import Phenotype, RigName, dressed_scene, shape_body
from axis_core.body.clips import animate, clip_motion, list_clips
from axis_core.errors import CannotFit, InputError, NotFound
from axis_core.formats import FORMATS, read_scene
from axis_core.formats.glb import write_glb
from axis_core.model import Animation, Node, Scene
from axis_core.rig.motion import Actor, Foot, find_actor, perform
from axis_core.stages.pose import posed_rest
from axis_core.testing import cube


pytestmark = pytest.mark.usefixtures("body_pack")
NAMES = [clip.name for clip in list_clips()]
SLIDE_M = 0.01


def _body(rig: RigName = "humanoid", phenotype: Phenotype | None = None, *, face: bool = False) -> Scene:
    return dressed_scene(shape_body(phenotype), rig=rig, face=face, texture_side=64)


def _posed(scene: Scene, clip: Animation, frame_time: float) -> Scene:
    """Return the scene as a player shows it at a time: every channel read at its keys."""
    nodes = list(scene.nodes)
    for channel in clip.channels:
        assert channel.node is not None
        if channel.path != "weights":
            columns = channel.values.astype(np.float64).T
            value = np.array([np.interp(frame_time, channel.times, column) for column in columns])
            if channel.path == "rotation":
                value /= np.linalg.norm(value)
            nodes[channel.node] = attrs.evolve(nodes[channel.node], **{channel.path: value})
    return attrs.evolve(scene, nodes=nodes)


def _slide(actor: Actor, name: str) -> float:
    """Return how far a point that stands on the ground moves over it at most, metres."""
    motion = clip_motion(name)
    played = perform(actor, motion)
    worst = 0.0
    for side, foot in motion.feet.items():
        ankle = actor.bones[f"{side}Foot"]
        ball = actor.rest[actor.bones[f"{side}Toes"]] - actor.rest[ankle]
        heel = np.array([0.0, ball[1], 0.35 * ball[1]])
        for touches, point in ((foot.pitch >= 0.0, ball), (foot.pitch <= 0.0, heel)):
            path = played.points[ankle] + played.turns[ankle] @ point
            path[:, 2] += motion.speed * actor.leg * motion.times
            worst = max(worst, _widest(path, foot, touches))
    return worst


def _widest(path: np.ndarray, foot: Foot, touches: np.ndarray) -> float:
    stands = np.concatenate([[0], ((foot.planted >= 1.0) & touches).astype(int), [0]])
    spans = np.flatnonzero(np.diff(stands)).reshape(-1, 2)
    return max((float(np.linalg.norm(path[a:b] - path[a], axis=1).max()) for a, b in spans), default=0.0)


PEOPLE = [Phenotype(), Phenotype(age_years=6.0), Phenotype(height_m=2.1, gender=1.0, weight=0.9)]


@pytest.mark.parametrize("person", PEOPLE)
def test_a_foot_that_stands_slides_less_than_a_centimetre(person: Phenotype) -> None:
    actor = find_actor(_body(phenotype=person))
    slides = {name: _slide(actor, name) for name in NAMES}
    assert max(slides.values()) < SLIDE_M, slides


def test_there_are_at_least_24_clips_with_a_sentence_each() -> None:
    assert len(NAMES) >= 24
    assert all(clip.summary.endswith((".", "?")) for clip in list_clips())


@pytest.mark.parametrize("name", NAMES)
def test_feet_never_sink_into_the_ground(name: str) -> None:
    actor = find_actor(_body())
    played = perform(actor, clip_motion(name))
    for side in ("left", "right"):
        toes = actor.bones[f"{side}Toes"]
        assert played.points[toes][:, 1].min() > actor.rest[toes, 1] - 0.025


@pytest.mark.parametrize("name", [clip.name for clip in list_clips() if clip.loops])
def test_a_clip_that_loops_ends_as_it_began(name: str) -> None:
    motion = clip_motion(name)
    for bone, turn in motion.turns.items():
        np.testing.assert_allclose(turn[0], turn[-1], atol=1e-6, err_msg=bone)
    travelled = motion.hips[-1] - motion.hips[0]
    np.testing.assert_allclose(travelled[:2], 0.0, atol=1e-9)
    assert travelled[2] == 0.0 or name.endswith("_forward")


@pytest.mark.parametrize("rig", ["humanoid", "mixamo", "game_engine", "default"])
def test_what_a_player_shows_is_what_was_performed(rig: RigName) -> None:
    scene = _body(rig)
    actor, motion = find_actor(scene), clip_motion("walk")
    clip = animate(scene, ["walk"]).animations[0]
    played = perform(actor, motion)
    for frame in (0, 7, 20):
        shown = _posed(scene, clip, float(motion.times[frame])).world_matrices()[list(actor.nodes), :3, 3]
        np.testing.assert_allclose(shown, played.points[:, frame], atol=2e-4)


def _directions(scene: Scene, name: str, frame: int) -> dict[str, np.ndarray]:
    actor = find_actor(scene)
    points = perform(actor, clip_motion(name)).points[:, frame]
    out = {}
    for side in ("left", "right"):
        for a, b in (("UpperArm", "LowerArm"), ("LowerArm", "Hand"), ("UpperLeg", "LowerLeg"), ("LowerLeg", "Foot")):
            along = points[actor.bones[side + b]] - points[actor.bones[side + a]]
            out[side + a] = along / np.linalg.norm(along)
    return out


@pytest.mark.parametrize("name", ["wave", "run", "dance", "sit"])
def test_rest_poses_do_not_change_the_gesture(name: str) -> None:
    scene = _body()
    ours, theirs = _directions(scene, name, 20), _directions(posed_rest(scene, "T"), name, 20)
    for bone, along in ours.items():
        assert along @ theirs[bone] > np.cos(np.deg2rad(1.0)), bone


def test_a_rig_in_centimetres_that_lies_under_a_turned_node_moves_alike() -> None:
    scene = _body("mixamo")
    half = np.sqrt(0.5)
    above = Node(name="Armature", rotation=(half, 0.0, 0.0, half), scale=(0.01, 0.01, 0.01))
    undo = np.array([[100.0, 0.0, 0.0], [0.0, 0.0, 100.0], [0.0, -100.0, 0.0]])
    nodes = [above, *(attrs.evolve(n, parent=0 if n.parent is None else n.parent + 1) for n in scene.nodes)]
    turn = np.array([-half, 0.0, 0.0, half])
    nodes[1] = attrs.evolve(
        nodes[1], rotation=turn, scale=(100.0, 100.0, 100.0), translation=undo @ scene.nodes[0].translation
    )
    skins = [attrs.evolve(s, joints=[j + 1 for j in s.joints]) for s in scene.skins]
    nested = attrs.evolve(scene, nodes=nodes, skins=skins)
    np.testing.assert_allclose(nested.world_matrices()[1:], scene.world_matrices(), atol=1e-6)
    plain, deep = animate(scene, ["jump"]).animations[0], animate(nested, ["jump"]).animations[0]
    for moment in (0.5, 1.0):
        flat = _posed(scene, plain, moment).world_matrices()[:, :3, 3]
        np.testing.assert_allclose(_posed(nested, deep, moment).world_matrices()[1:, :3, 3], flat, atol=1e-4)


def test_talking_moves_the_mouth_and_only_face_shapes_that_exist() -> None:
    scene = _body(face=True)
    clip = animate(scene, ["talk"]).animations[0]
    tracks = [c for c in clip.channels if c.path == "weights"]
    assert tracks
    for track in tracks:
        assert track.node is not None
        names = [m.name for m in scene.meshes[scene.nodes[track.node].meshes[0]].morphs]
        assert track.values.shape[1] == len(names)
        assert 0.0 <= track.values.min() <= track.values.max() <= 1.0
    skin = next(i for i, n in enumerate(scene.nodes) if n.meshes and scene.meshes[n.meshes[0]].name == "skin")
    track = next(t for t in tracks if t.node == skin)
    names = [m.name for m in scene.meshes[scene.nodes[skin].meshes[0]].morphs]
    assert track.values[:, names.index("jawOpen")].max() > 0.3


def test_clips_keep_those_of_the_file_and_replace_their_namesake() -> None:
    scene = attrs.evolve(_body(), animations=(Animation(name="mine"), Animation(name="nod")))
    assert [a.name for a in animate(scene, ["nod", "idle", "nod"]).animations] == ["mine", "nod", "idle"]


def test_refusals_say_what_there_is() -> None:
    with pytest.raises(NotFound) as unknown:
        animate(_body(), ["somersault"])
    assert "walk" in unknown.value.hint
    with pytest.raises(CannotFit):
        animate(cube(), ["walk"])
    with pytest.raises(InputError):
        animate(_body(), [])


def test_all_clips_survive_the_way_through_a_file_and_the_official_validator() -> None:
    scene = animate(_body(face=True), ["all"])
    data = write_glb(scene, name="clips")[0].data
    assert [a.name for a in read_scene(data, name="clips.glb", formats=FORMATS).animations] == NAMES
    script = find_validator()
    if script is None:
        pytest.skip(f"{VARIABLE} does not name the official validator")
    validator = GltfValidator(script)
    try:
        assert validator.findings(data, ignore=frozenset({"UNUSED_OBJECT"})) == []
    finally:
        validator.close()
