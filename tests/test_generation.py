"""axis_core.generate: words and parameters to files with their record; the same bytes each time."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import trimesh
from click.testing import CliRunner

import axis_core
from axis_core.assets import install
from axis_core.body import BODY_PACK
from axis_core.cli.app import axis
from axis_core.errors import AxisError, BackendUnavailable, StoreError
from axis_core.result import Result


PROMPT = "a tall athletic woman in her fifties with short grey hair and a green jacket"


@pytest.fixture(scope="module", autouse=True)
def body_pack() -> None:
    """Install the body pack, or skip with the reason."""
    try:
        install(BODY_PACK)
    except (BackendUnavailable, StoreError) as error:
        pytest.skip(f"the body pack is not installed and cannot be: {error}")


def _made(seed: int = 7) -> Result:
    return axis_core.generate(
        PROMPT, seed=seed, platform="unity", tier="mobile_light", lods=1, animations=["idle", "talk"], name="ann"
    )


@pytest.fixture(scope="module")
def made() -> Result:
    return _made()


def test_an_avatar_is_within_its_tier_with_face_shapes_levels_and_clips(made: Result) -> None:
    assert made.ok
    assert made.contract.budget.ok
    assert {"arkit52", "oculus15"} <= set(made.contract.morphs.sets)
    assert [a.name for a in made.scene.animations] == ["idle", "talk"]
    assert [a.name for a in made.artefacts][:2] == ["ann.glb", "ann_LOD1.glb"]
    levels = [axis_core.read(a.data, name=a.name) for a in made.artefacts[:2]]
    assert all([x.name for x in level.animations] == ["idle", "talk"] for level in levels)


def test_what_shares_a_normal_map_has_tangents(made: Result) -> None:
    for mesh in made.scene.meshes:
        mapped = mesh.material is not None and made.scene.materials[mesh.material].normal_texture is not None
        assert not mapped or mesh.tangents is not None


def test_the_record_says_who_made_it_from_what(made: Result) -> None:
    record = made.contract.provenance
    assert (record.provider, record.prompt, record.seed, record.licence) == ("parametric", PROMPT, 7, "CC0-1.0")
    assert record.parameters["hair_colour"] == "grey"
    stages = [s.name for s in made.contract.stages]
    assert stages[0] == "generate"
    assert stages.index("pose") < stages.index("animate") < stages.index("export")


def test_same_prompt_and_seed_same_bytes_other_seed_other_bytes(made: Result) -> None:
    again, other = _made(), _made(seed=8)
    assert [a.sha256 for a in made.artefacts[:2]] == [a.sha256 for a in again.artefacts[:2]]
    assert made.artefacts[0].sha256 != other.artefacts[0].sha256


def test_parameters_have_the_last_word_after_preset_and_prompt() -> None:
    result = axis_core.generate(
        "bald",
        preset="neutral",
        parameters={"height_m": 1.9, "nose_volume": 0.5},
        tier="mobile_light",
        morphs=False,
        lods=0,
    )
    values = result.metrics["generate"]["parameters"]
    assert (values["height_m"], values["hair_style"]) == (1.9, "bald")
    assert values["face_proportions"]["nose_volume"] == 0.5


@pytest.mark.parametrize(
    "asked",
    [{"preset": "nobody"}, {"parameters": {"wings": 1}}, {"animations": ["fly"]}, {"provider": "x"}, {"tier": "x"}],
)
def test_what_does_not_exist_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(AxisError):
        axis_core.generate(**asked)  # type: ignore[arg-type]


def test_the_command_writes_the_file_its_levels_and_the_record(tmp_path: Path) -> None:
    target = tmp_path / "bo.glb"
    arguments = [
        "generate",
        "--preset",
        "neutral",
        "--prompt",
        "bald",
        "--set",
        "height_m=1.82",
        "--tier",
        "mobile_light",
    ]
    run = CliRunner().invoke(axis, [*arguments, "--lods", "1", "--animate", "nod", "-o", str(target), "--json"])
    assert run.exit_code == 0, run.output
    answer = json.loads(run.stdout)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bo.contract.json", "bo.glb", "bo_LOD1.glb"]
    assert answer["animations"] == ["nod"]
    assert answer["parameters"]["height_m"] == 1.82
    assert axis_core.verify_contract(tmp_path / "bo.contract.json").ok


def test_the_command_animates_a_file_of_somebody_else(tmp_path: Path) -> None:
    from axis_core.testing import capsule_person

    axis_core.write(capsule_person(), tmp_path / "a.glb")
    run = CliRunner().invoke(
        axis, ["animate", str(tmp_path / "a.glb"), "--clips", "walk,wave", "-o", str(tmp_path / "b.glb")]
    )
    assert run.exit_code == 0, run.output
    assert [a.name for a in axis_core.read(tmp_path / "b.glb").animations][-2:] == ["walk", "wave"]


def test_a_person_for_a_printer_is_one_file_named_as_asked() -> None:
    result = axis_core.generate(tier="mobile_light", morphs=False, output_profile="print_ready", name="ann")
    assert result.ok, result.problems
    (file,) = [a for a in result.artefacts if a.role not in ("contract", "report")]
    assert file.name == "ann.stl"
    solid = trimesh.load(io.BytesIO(file.data), file_type="stl")
    assert isinstance(solid, trimesh.Trimesh)
    assert solid.is_volume
