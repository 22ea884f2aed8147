"""Contracts: what is written can be read and verified, and one flipped byte is found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import axis_core
from axis_core.contracts import contract_bytes, read_contract
from axis_core.errors import InputError, NotFound
from axis_core.testing import capsule_person


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("avatar")
    options = {"preview": {"views": ("front",), "width": 64, "height": 64}}
    axis_core.process(capsule_person(), platform="unity", options=options).write(out)
    return out


def test_a_contract_and_its_files_verify(folder: Path) -> None:
    verdict = axis_core.verify_contract(folder)
    assert verdict.ok, verdict.problems
    assert {"contract.json", "avatar.glb", "avatar_LOD1.glb"} <= set(verdict.checked)
    assert axis_core.verify_contract(folder / "avatar.glb").ok


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_flipped_bit_of_a_glb_is_found(folder: Path, tmp_path: Path, data: st.DataObject) -> None:
    original = (folder / "avatar.glb").read_bytes()
    place = data.draw(st.integers(0, len(original) - 1))
    bit = data.draw(st.integers(0, 7))
    damaged = bytearray(original)
    damaged[place] ^= 1 << bit
    target = tmp_path / "damaged.glb"
    target.write_bytes(damaged)
    try:
        verdict = axis_core.verify_contract(target)
    except InputError:
        return  # so damaged that it cannot be read: that is found, too
    assert not verdict.ok


def test_missing_changed_and_foreign_files_are_named(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "avatar_LOD1.glb").unlink()
    (tmp_path / "avatar_LOD2.glb").write_bytes(b"glTF")
    problems = axis_core.verify_contract(tmp_path).problems
    assert any("avatar_LOD1.glb: missing" in p for p in problems)
    assert any(p.startswith("avatar_LOD2.glb: 4 bytes") for p in problems)


def test_a_broken_chain_is_found(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    contract = json.loads((tmp_path / "contract.json").read_bytes())
    del contract["stages"][3]
    (tmp_path / "contract.json").write_text(json.dumps(contract))
    assert any("does not start where" in p for p in axis_core.verify_contract(tmp_path).problems)


def test_a_contract_names_no_file_outside_its_folder(folder: Path, tmp_path: Path) -> None:
    contract = json.loads((folder / "contract.json").read_bytes())
    contract["files"] = [{**contract["files"][0], "name": "../avatar.glb"}]
    (tmp_path / "contract.json").write_text(json.dumps(contract))
    assert "../avatar.glb: not a plain file name" in axis_core.verify_contract(tmp_path).problems


def test_a_contract_comes_back_from_its_bytes(folder: Path) -> None:
    data = (folder / "contract.json").read_bytes()
    assert contract_bytes(read_contract(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"schema_version": "9"}',
        b'{"schema_version": "1.0", "nonsense": 1}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_contract_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_contract(data)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        axis_core.verify_contract(tmp_path)


def test_a_glb_of_somebody_else_has_no_digest(tmp_path: Path) -> None:
    path = tmp_path / "plain.glb"
    axis_core.write(capsule_person(), path)
    with pytest.raises(InputError, match="no AXIS digest"):
        axis_core.verify_contract(path)


def test_the_facts_are_of_the_avatar(folder: Path) -> None:
    contract = read_contract((folder / "contract.json").read_bytes())
    scene = axis_core.read(folder / "avatar.glb")
    assert contract.mesh.triangle_count == scene.n_triangles
    assert contract.mesh.height_m == pytest.approx(1.72, abs=0.01)
    assert contract.budget.used <= contract.budget.limit
    assert contract.lods[0].file == "avatar.glb"
    assert np.isclose(contract.skin.weight_error, 0.0, atol=1e-6)
