"""A goal in plain words on a real file, from the words to the files that were promised."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import axis_core


KNIGHT = Path(__file__).parents[3] / "shared" / "groundtruth" / "kaykit" / "Knight.glb"


@pytest.mark.skipif(not KNIGHT.is_file(), reason="the ground truth is not beside the repository")
def test_a_goal_gives_the_avatar_the_record_and_the_files_it_promised() -> None:
    goal = (
        "Make this a Roblox avatar under ten thousand triangles and tell me what you had to change. "
        "Then convert it to obj."
    )
    before = KNIGHT.read_bytes()
    run = axis_core.run_goal(
        goal, {"input": str(KNIGHT)}, open_input=Path, allow=["process", "convert"], seconds=3600.0
    )
    assert run.status == "completed", run.answer
    assert [(s.handler, s.status) for s in run.steps] == [("process", "done"), ("convert", "done")]
    files = {(n, a.name): a for n, a in run.artefacts}
    avatar = axis_core.read(files[1, "avatar.glb"].data)
    assert 0 < avatar.n_triangles <= 10_000
    contract = msgspec.json.decode(files[1, "contract.json"].data)
    assert contract["platform"] == "roblox"
    assert (2, "Scene.obj") in files
    assert run.steps[0].result["triangles"] == avatar.n_triangles
    assert "Changed: " in run.answer
    assert f"{avatar.n_triangles:,} triangles" in run.answer
    assert KNIGHT.read_bytes() == before


@pytest.mark.skipif(not KNIGHT.is_file(), reason="the ground truth is not beside the repository")
def test_a_number_that_was_not_met_is_said() -> None:
    arguments = {"input": str(KNIGHT), "target_polycount": 50, "skip": ["lods", "preview", "textures"]}
    run = axis_core.call_handler("process", arguments, open_input=Path, allow=["process"])
    (step,) = run.steps
    is_met = step.result["triangles"] <= 50
    assert step.result["ok"] is (is_met and not step.result["issues"]["error"])
    assert ("more than the 50 triangles that were asked for" in run.answer) is not is_met
