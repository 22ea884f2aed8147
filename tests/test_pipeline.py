"""The main path: order, options, progress, cancelling, resuming, the chain, and the same bytes for the same input."""

from __future__ import annotations

import itertools
from pathlib import Path

import attrs
import numpy as np
import pytest

import axis_core
from axis_core.errors import Cancelled, Conflict, InputError, NotFound
from axis_core.model import Scene
from axis_core.model.rebase import rebase_scene
from axis_core.model.soup import scene_soup
from axis_core.model.upright import plausible_scale
from axis_core.pipeline import Pipeline, Run
from axis_core.plugin import Context, Outcome, PluginHost, Stage, hookimpl
from axis_core.plugin.options import structure_options
from axis_core.result import Result
from axis_core.stages import STAGES, decimate
from axis_core.stages.lods import lod_scenes
from axis_core.stages.pose import posed_rest
from axis_core.testing import capsule_person, check_stage, checker_png, skinned_arm, textured_quad


QUIET = {"preview": {"views": ("front",), "width": 64, "height": 64}}


@pytest.fixture(scope="module")
def person_glb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("person") / "person.glb"
    axis_core.write(capsule_person(rigged=False), path)
    return path


@pytest.fixture(scope="module")
def avatar(person_glb: Path) -> Result:
    return axis_core.process(person_glb, platform="unity", options=QUIET)


def test_a_mesh_becomes_a_rigged_avatar_with_levels_and_a_record(avatar: Result) -> None:
    assert avatar.ok, avatar.problems
    assert avatar.contract.rig.archetype == "humanoid"
    names = [a.name for a in avatar.artefacts]
    assert {"avatar.glb", "avatar_LOD1.glb", "avatar_LOD2.glb", "contract.json", "report.json"} <= set(names)
    counts = [lod.triangle_count for lod in avatar.contract.lods]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == 3
    assert avatar.contract.skin.max_influences <= 4
    assert "Hips" in {avatar.scene.nodes[j].name for j in avatar.scene.skins[0].joints}


def test_no_joint_holds_nearly_everything(avatar: Result) -> None:
    """77 to 98 % on the hips is what we are here to end."""
    joints = np.concatenate([np.asarray(m.joints)[:, 0] for m in avatar.scene.meshes])
    share = np.bincount(joints).max() / len(joints)
    assert share < 0.5


def test_levels_keep_skins_and_weights(avatar: Result) -> None:
    for level in avatar.lods:
        assert len(level.skins[0].joints) == len(avatar.scene.skins[0].joints)
        for mesh in level.meshes:
            assert mesh.name.endswith(("_LOD1", "_LOD2"))
            np.testing.assert_allclose(np.asarray(mesh.weights, float).sum(axis=1), 1.0, atol=1e-5)


def test_the_chain_has_every_stage_and_no_gap(avatar: Result, host: PluginHost) -> None:
    records = avatar.contract.stages
    assert [r.name for r in records] == [s.name for s in host.stages]
    for before, after in itertools.pairwise(records):
        assert before.output_sha256 == after.input_sha256


def test_the_same_input_options_and_seed_give_the_same_bytes(person_glb: Path, avatar: Result) -> None:
    again = axis_core.process(person_glb, platform="unity", options=QUIET)
    first = {a.name: a.sha256 for a in avatar.artefacts if a.role in ("avatar", "lod")}
    assert {a.name: a.sha256 for a in again.artefacts if a.role in ("avatar", "lod")} == first
    timeless = attrs.evolve(
        again.contract, id="", created_at="", stages=[attrs.evolve(s, seconds=0) for s in again.contract.stages]
    )
    expected = attrs.evolve(
        avatar.contract, id="", created_at="", stages=[attrs.evolve(s, seconds=0) for s in avatar.contract.stages]
    )
    assert timeless == expected


def test_the_transform_in_the_contract_undoes_the_normalising(tmp_path: Path) -> None:
    person = capsule_person(rigged=False)
    lying = attrs.evolve(
        person,
        nodes=[
            attrs.evolve(n, rotation=(np.sqrt(0.5), 0, 0, np.sqrt(0.5)), scale=(100, 100, 100)) for n in person.nodes
        ],
    )
    result = axis_core.rig(lying)
    matrix = np.asarray(result.contract.source.transform).reshape(4, 4)
    height = result.contract.mesh.height_m
    assert height == pytest.approx(1.72, rel=0.02)
    back = np.linalg.inv(matrix)
    joints = result.scene.skeleton()
    head = back @ np.append(joints.positions[joints.index("head")], 1.0)
    hips = back @ np.append(joints.positions[joints.index("hips")], 1.0)
    assert np.argmax(np.abs(head[:3] - hips[:3])) == 2  # in the file, up was Z
    assert np.linalg.norm(head[:3] - hips[:3]) > 40


def test_progress_never_falls_and_ends_at_one(person_glb: Path) -> None:
    seen: list[float] = []
    axis_core.rig(person_glb, progress=lambda fraction, _: seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_cancelled_run_goes_on_where_it_stopped(person_glb: Path, avatar: Result) -> None:
    kept: list[Run] = []
    stop = {"now": False}

    def checkpoint(run: Run) -> None:
        kept.append(run)
        stop["now"] = run.done[-1] == "skin"

    with pytest.raises(Cancelled):
        axis_core.process(
            person_glb, platform="unity", options=QUIET, checkpoint=checkpoint, cancelled=lambda: stop["now"]
        )
    assert kept[-1].done[-1] == "skin"
    resumed = axis_core.process(person_glb, platform="unity", options=QUIET, start=kept[-1])
    assert resumed.artefacts[0].sha256 == avatar.artefacts[0].sha256
    assert [r.name for r in resumed.contract.stages] == [r.name for r in avatar.contract.stages]


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"decimate": {"triangles": "many"}}, "options.decimate.triangles"),
        ({"decimate": {"triangles": 2.9}}, "options.decimate.triangles"),
        ({"lods": {"count": True}}, "options.lods.count"),
        ({"lods": {"number": 3}}, "options.lods"),
        ({"lods": {"ratio": 7.0}}, "options.lods"),
        ({"skin": {"method": "magic"}}, "options.skin"),
        ({"polish": {}}, "options.polish"),
    ],
)
def test_options_are_taken_as_they_are_or_refused(options: dict[str, dict[str, object]], pointer: str) -> None:
    with pytest.raises(InputError) as caught:
        axis_core.process(capsule_person(), options=options)
    assert (caught.value.pointer or "").startswith(pointer)


@pytest.mark.parametrize(
    "bad", [{"platform": "amiga"}, {"tier": "huge"}, {"profile": "kind"}, {"output_profile": "poster"}]
)
def test_unknown_names_say_what_is_known(bad: dict[str, str]) -> None:
    with pytest.raises(NotFound) as caught:
        axis_core.process(capsule_person(), **bad)
    assert "Known:" in (caught.value.hint or "")


def test_a_rig_is_kept_by_process_and_refused_by_rig() -> None:
    person = capsule_person()
    with pytest.raises(Conflict) as caught:
        axis_core.rig(person)
    assert caught.value.code == "already_rigged"
    kept = axis_core.process(person, platform="godot", options=QUIET)
    assert kept.contract.rig.joint_count >= len(person.skins[0].joints)
    forced = axis_core.rig(person, force=True)
    assert forced.contract.rig.archetype == "humanoid"


def test_markers_move_the_joint_they_name() -> None:
    at = [0.3, 1.36, 0.0]
    result = axis_core.rig(capsule_person(rigged=False), markers={"leftUpperArm": at})
    skeleton = result.scene.skeleton()
    np.testing.assert_allclose(skeleton.positions[skeleton.index("leftUpperArm")], at, atol=1e-6)


def test_strict_fails_on_warnings_and_hands_out_no_avatar() -> None:
    person = capsule_person()
    mesh = person.meshes[0]
    doubled = attrs.evolve(mesh, faces=np.concatenate([mesh.faces, mesh.faces[:3]]))
    scene = attrs.evolve(person, meshes=[doubled, person.meshes[1]])
    strict = axis_core.process(scene, profile="strict", options=QUIET)
    assert not strict.ok
    assert [a.name for a in strict.artefacts] == ["contract.json", "report.json"]
    assert any("MESH_DUPLICATE_FACES" in p for p in strict.problems)
    assert axis_core.process(scene, profile="default", options=QUIET).ok
    assert axis_core.process(scene, profile="lenient", options=QUIET).ok


def test_nan_is_repaired_by_default_and_refused_by_strict() -> None:
    person = capsule_person(rigged=False)
    positions = np.array(person.meshes[0].positions)
    positions[5] = np.nan
    scene = attrs.evolve(person, meshes=[attrs.evolve(person.meshes[0], positions=positions), person.meshes[1]])
    assert axis_core.process(scene, options=QUIET).ok
    assert not axis_core.process(scene, profile="strict", options=QUIET).ok


def test_the_tier_is_an_upper_bound(person_glb: Path) -> None:
    scene = axis_core.read(person_glb)
    small = axis_core.process(person_glb, options={**QUIET, "decimate": {"triangles": 600}})
    assert small.scene.n_triangles <= 600 < scene.n_triangles
    assert axis_core.process(person_glb, tier="ultra_hd", options=QUIET).scene.n_triangles == scene.n_triangles


@pytest.mark.parametrize("stage", [s for s in STAGES if s.name not in ("ingest", "preview")], ids=lambda s: s.name)
def test_a_stage_keeps_the_promises_of_its_kind(stage: Stage, host: PluginHost) -> None:
    check_stage(stage, state=Outcome(scene=capsule_person()), host=host)


def test_a_third_party_stage_runs_in_its_place(host: PluginHost) -> None:
    @attrs.frozen(kw_only=True)
    class Options:
        word: str = "hello"

    def run(state: Outcome, options: Options, context: Context) -> Outcome:
        return Outcome(scene=state.scene, changes=(options.word,))

    class Plugin:
        @hookimpl
        def axis_stages(self) -> list[Stage]:
            return [Stage(name="greet", summary="Says a word.", run=run, options=Options, order=55)]

    from axis_core import builtin

    own = PluginHost([("axis", builtin), ("greeter", Plugin())], installed=False)
    pipeline = Pipeline.of(own, ["repair", "greet"], {"greet": {"word": "hi"}})
    result = pipeline.run(Context(host=own), capsule_person())
    assert result.done == ("repair", "greet")
    assert result.outcome.changes[-1] == "hi"


@pytest.mark.parametrize(
    ("height", "expected"),
    [(1.7, 1.7), (172.0, 1.72), (67.0, 1.7018), (1720.0, 1.72), (0.017, 1.7), (0.3, 0.3), (4, 4)],
)
def test_heights_come_to_metres(height: float, expected: float) -> None:
    assert height * plausible_scale(height, "humanoid") == pytest.approx(expected, rel=1e-3)


def test_textures_are_brought_under_the_side_and_stay_images() -> None:
    quad = textured_quad()
    big = attrs.evolve(quad, textures=[attrs.evolve(quad.textures[0], data=checker_png(300))])
    result = axis_core.process(big, options={**QUIET, "textures": {"max_side": 64}, "rig": {"archetype": "prop"}})
    assert [(t.width, t.height) for t in result.contract.textures] == [(64, 64)]


def test_morphs_and_weights_survive_decimation_on_the_surface() -> None:
    """A carried value is what the nearest place of the original surface has."""
    arm = skinned_arm()
    few = decimate.decimate_scene(arm, arm.n_triangles // 3)
    assert few.n_triangles <= arm.n_triangles // 3
    old, new = arm.meshes[0], few.meshes[0]
    nearest = np.linalg.norm(new.positions[:, None] - old.positions[None], axis=2).argmin(axis=1)
    np.testing.assert_allclose(new.morphs[0].positions, old.morphs[0].positions[nearest], atol=0.02)
    dense = np.zeros((2, len(new.positions)))
    for k in range(4):
        np.add.at(dense, (np.asarray(new.joints)[:, k], np.arange(len(new.positions))), np.asarray(new.weights)[:, k])
    expected = np.asarray(old.weights)[nearest, 1]
    np.testing.assert_allclose(dense[1], expected, atol=0.2)
    assert np.abs(dense[1] - expected).mean() < 0.06


def test_levels_end_where_there_is_nothing_left() -> None:
    assert lod_scenes(textured_quad(), 3, 0.5) == ()


def test_a_t_pose_becomes_an_a_pose_and_back() -> None:
    person = capsule_person()
    a_pose = posed_rest(person, "A", 45.0)
    skeleton = a_pose.skeleton()
    arm = skeleton.positions[skeleton.index("leftHand")] - skeleton.positions[skeleton.index("leftUpperArm")]
    assert np.degrees(np.arctan2(-arm[1], arm[0])) == pytest.approx(45.0, abs=1.0)
    back = posed_rest(a_pose, "T")
    np.testing.assert_allclose(back.skeleton().positions, person.skeleton().positions, atol=2e-3)


def test_strings_are_no_booleans() -> None:
    @attrs.frozen
    class Options:
        on: bool = False

    with pytest.raises(InputError):
        structure_options(Options, {"on": "no"})
    assert structure_options(Options, {"on": True}).on is True


def test_an_empty_scene_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError):
        axis_core.process(Scene())


def test_what_normalise_was_told_to_leave_is_not_mended_behind_it() -> None:
    raised, _ = rebase_scene(capsule_person(), np.array([[1.0, 0, 0, 0], [0, 1, 0, 3], [0, 0, 1, 0], [0, 0, 0, 1]]))
    kept = {"normalise": {"floor": False}}
    result = axis_core.process(raised, profile="default", options=kept)
    assert scene_soup(result.scene).bounds[0][1] == pytest.approx(3.0, abs=0.01)
    assert "OFF_FLOOR" in result.report.codes
    stood = axis_core.process(raised, profile="default")
    assert scene_soup(stood.scene).bounds[0][1] == pytest.approx(0.0, abs=0.01)
