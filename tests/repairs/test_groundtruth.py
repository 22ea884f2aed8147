"""Real characters, spoilt: the planned repairs leave nothing that they claim to mend, and lose nothing that moves.

A sample runs with the suite; all of them in ``nox -s conformance``.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from tests.repairs.corruptions import CORRUPTIONS, spoilt

import axis_core
from axis_core.audit import RULES
from axis_core.model import Mesh, Report, Scene
from axis_core.plugin.checks import apply_repairs, mend, run_rules
from axis_core.plugin.kinds import Repair, Subject
from axis_core.repairs import REPAIRS


FOLDER = Path(__file__).resolve().parents[3] / "shared" / "groundtruth"
GEOMETRY = ("mesh", "surface", "skin", "morph", "material")
OPENINGS = "MESH_BOUNDARY_EDGES"
"""A sleeve is open by right: holes are filled on demand, and large openings never."""


def characters() -> list[str]:
    table = FOLDER / "manifest.csv"
    return [row["path"] for row in csv.DictReader(table.read_text().splitlines())] if table.is_file() else []


ALL = characters()
CASES = [(path, name) for path in ALL for name in CORRUPTIONS]
SAMPLE = [CASES[k] for k in range(0, len(CASES), 61)]


def found(scene: Scene) -> Report:
    return run_rules(RULES, Subject(scene=scene), only=GEOMETRY)


def planned(report: Report) -> tuple[Repair, ...]:
    """All repairs that the findings call for but those that close openings: what ``axis repair`` may be told to do."""
    return tuple(r for r in REPAIRS if not r.adds_surface and not report.codes.isdisjoint(r.fixes))


def check(path: str, name: str) -> None:
    before = spoilt(axis_core.read(FOLDER / path), name)
    mended = mend(before, found, planned)
    after = found(mended.scene)
    fixable = {code for r in REPAIRS for code in r.fixes} - {OPENINGS}
    assert mended.changes, "nothing was found to mend"
    assert not after.codes & fixable, sorted(after.codes & fixable)
    assert apply_repairs(mended.scene, planned(after)).changes == ()
    alive(before, mended.scene)


def in_order(scene: Scene) -> list[Mesh]:
    """The meshes by the names of their nodes: a repair may number them anew."""
    return [scene.meshes[m] for node in sorted(scene.nodes, key=lambda n: n.name) for m in node.meshes]


def alive(before: Scene, after: Scene) -> None:
    """Joints, targets, coordinates and materials are all there, and weights are what engines take."""
    joints = [[[s.nodes[j].name for j in skin.joints] for skin in s.skins] for s in (before, after)]
    assert joints[0] == joints[1]
    looks = [[None if m.material is None else s.materials[m.material] for m in in_order(s)] for s in (before, after)]
    assert [None if k is None else k.name for k in looks[0]] == [None if k is None else k.name for k in looks[1]]
    names = [[m.name for m in mesh.morphs] for mesh in in_order(before)]
    assert names == [[m.name for m in mesh.morphs] for mesh in in_order(after)]
    assert [len(m.uvs) for m in in_order(before)] == [len(m.uvs) for m in in_order(after)]
    for one, two in zip(in_order(before), in_order(after), strict=True):
        assert (one.weights is None) == (two.weights is None)
        if two.weights is not None:
            np.testing.assert_allclose(np.asarray(two.weights, float).sum(axis=1), 1.0, atol=1e-5)


@pytest.mark.skipif(not ALL, reason="the folder of real characters is not beside this checkout")
@pytest.mark.parametrize(("path", "name"), SAMPLE)
def test_a_sample_is_mended_whole(path: str, name: str) -> None:
    check(path, name)


@pytest.mark.conformance
@pytest.mark.parametrize(("path", "name"), CASES)
def test_every_spoilt_character_is_mended_whole(path: str, name: str) -> None:
    check(path, name)
