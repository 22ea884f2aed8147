"""The door: what a user calls, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import pytest

import axis_core
from axis_core.errors import BackendUnavailable, InputError, NotFound
from axis_core.model import Skeleton
from axis_core.testing import capsule_person, cube, person_joints, skinned_arm


def test_every_name_of_the_door_is_there() -> None:
    assert sorted(axis_core.__all__) == axis_core.__all__
    for name in axis_core.__all__:
        assert getattr(axis_core, name) is not None


def test_verbs_are_verbs_after_their_rooms_were_imported() -> None:
    import axis_core.audit.printing
    import axis_core.render.view
    import axis_core.rig.options

    assert callable(axis_core.render)
    assert callable(axis_core.rig)
    assert callable(axis_core.audit)


@pytest.mark.parametrize("suffix", ["glb", "gltf", "obj", "stl"])
def test_writing_and_reading_keep_the_triangles(tmp_path: Path, suffix: str) -> None:
    person = capsule_person()
    paths = axis_core.write(person, tmp_path / f"person.{suffix}")
    assert all(p.is_file() for p in paths)
    assert axis_core.read(paths[0]).n_triangles == person.n_triangles


def test_converting_goes_by_the_suffix(tmp_path: Path) -> None:
    axis_core.write(cube(), tmp_path / "a.glb")
    axis_core.convert(tmp_path / "a.glb", tmp_path / "b.obj")
    assert axis_core.info(tmp_path / "b.obj")["format"] == "obj"


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="glb"):
        axis_core.write(cube(), tmp_path / "a.blend")


def test_reading_only_formats_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ply"):
        axis_core.write(cube(), tmp_path / "a.ply")
    assert not list(tmp_path.iterdir())


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        axis_core.read(tmp_path / "nothing.glb")


def test_info_says_what_is_in_the_file(tmp_path: Path) -> None:
    axis_core.write(skinned_arm(), tmp_path / "arm.glb")
    facts = axis_core.info(tmp_path / "arm.glb")
    assert facts["skeleton"]["joint_count"] == 2
    assert facts["morph_targets"] == ["bulge"]
    assert facts["mesh"]["triangle_count"] == skinned_arm().n_triangles


def test_skinning_to_a_given_skeleton_keeps_the_space_and_the_joints() -> None:
    joints = person_joints()
    names = list(joints)
    skeleton = Skeleton(
        names=names,
        parents=[names.index(p) if p else -1 for p, _ in joints.values()],
        positions=[at for _, at in joints.values()],
    )
    person = capsule_person(rigged=False)
    skinned = axis_core.skin(person, skeleton)
    got = dict(zip(skinned.skeleton().names, skinned.skeleton().positions, strict=True))
    assert set(got) == set(names)
    for name, at in zip(names, skeleton.positions, strict=True):
        np.testing.assert_allclose(got[name], at, atol=1e-6)
    np.testing.assert_array_equal(skinned.meshes[0].positions, person.meshes[0].positions)
    truth = capsule_person()
    agree = []
    for mine, theirs in zip(skinned.meshes, truth.meshes, strict=True):
        mine_best = np.asarray(mine.joints)[:, 0]
        best = np.asarray(theirs.weights).argmax(axis=1)
        agree.append(mine_best == np.take_along_axis(np.asarray(theirs.joints), best[:, None], 1)[:, 0])
    assert np.concatenate(agree).mean() > 0.6  # the person's own weights are ramps along the bones, not heat


def test_decimating_needs_a_goal() -> None:
    with pytest.raises(InputError):
        axis_core.decimate(capsule_person())
    with pytest.raises(InputError):
        axis_core.decimate(capsule_person(), 0)


def test_comparing_a_scene_with_itself_finds_nothing_and_with_another_what_differs() -> None:
    person = capsule_person()
    same = axis_core.compare(person, person)
    assert same["same_content"]
    assert same["distance_m"]["max"] == 0.0
    moved = attrs.evolve(
        person, meshes=[attrs.evolve(m, positions=m.positions + np.float32(0.1)) for m in person.meshes]
    )
    assert axis_core.compare(person, moved)["distance_m"]["rms"] > 0.01
    assert axis_core.compare(person, skinned_arm())["joints"]["only_b"] == ["lower", "upper"]


def test_one_bad_file_stops_none(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.glb", tmp_path / "bad.glb"
    axis_core.write(capsule_person(), good)
    bad.write_bytes(b"glTF nonsense")
    options = {"preview": {"views": ("front",), "width": 64, "height": 64}}
    jobs = {Path(j.source).name: j for j in axis_core.process_many([bad, good], options=options)}
    assert jobs["bad.glb"].error is not None
    assert jobs["good.glb"].result is not None


def test_a_photo_that_is_none_is_refused_by_name() -> None:
    with pytest.raises((InputError, BackendUnavailable), match=r"no image|not installed"):
        axis_core.from_photos({"front": b""})


def test_handlers_are_the_table_that_goals_use() -> None:
    table = {h["name"]: h for h in axis_core.handlers()}
    assert {"generate", "process", "rig", "repair", "audit", "decimate", "convert", "preview", "search"} <= set(table)
    count = table["process"]["params_schema"]["properties"]["target_polycount"]
    assert (count["type"], count["minimum"], count["maximum"]) == ("integer", 0, 500_000)
    assert table["audit"]["side_effects"] is False
