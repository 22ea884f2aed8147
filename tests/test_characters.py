"""Real characters to five platforms: what the official validator, the weights and the budgets say of every file.

A sample runs with the suite; all of them in ``nox -s conformance``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.gltf_validator import GltfValidator, find_validator

import axis_core
from axis_core.model import Scene
from axis_core.platforms import PLATFORMS


FOLDER = Path(__file__).resolve().parents[2] / "shared" / "groundtruth"
NAMES = [p.name for p in PLATFORMS]
QUIET = {"preview": {"views": ("front",), "width": 64, "height": 64}}


def characters() -> list[str]:
    table = FOLDER / "manifest.csv"
    return [row["path"] for row in csv.DictReader(table.read_text().splitlines())] if table.is_file() else []


ALL = [(path, platform) for path in characters() for platform in NAMES]
SAMPLE = [ALL[k] for k in range(0, len(ALL), 31)]


@pytest.fixture(scope="module")
def official() -> Iterator[GltfValidator | None]:
    script = find_validator()
    if script is None:
        yield None
        return
    validator = GltfValidator(script)
    yield validator
    validator.close()


def check(path: str, platform: str, official: GltfValidator | None, *, bare: bool) -> None:
    """Process one character, rigged as it came or stripped of its rig, and look at every GLB that comes out."""
    source: Path | Scene = FOLDER / path
    if bare:
        from axis_core.stages.rig import strip_rig

        source = strip_rig(axis_core.read(FOLDER / path))
    result = axis_core.process(source, platform=platform, options=QUIET)
    assert result.ok, result.problems
    files = [a for a in result.artefacts if a.name.endswith(".glb")]
    assert len(files) >= 2
    for artefact in files:
        scene = axis_core.read(artefact.data, name=artefact.name)
        assert scene.skins
        for mesh in (scene.meshes[m] for n in scene.nodes if n.skin is not None for m in n.meshes):
            weights = np.asarray(mesh.weights, np.float64)
            assert np.isfinite(weights).all()
            assert (weights > 0).sum(axis=1).max() <= 4
            np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
        if official is not None:
            found = official.validate(artefact.data)["issues"]
            assert (found["numErrors"], found["numWarnings"]) == (0, 0), (path, platform, found["messages"][:3])
        mine = axis_core.audit(artefact.data, name=artefact.name, rules=("gltf",))
        assert mine.count("error") == mine.count("warning") == 0  # type: ignore[arg-type]
    assert result.contract.budget.ok


@pytest.mark.skipif(not ALL, reason="the folder of real characters is not beside this checkout")
@pytest.mark.parametrize(("path", "platform"), SAMPLE)
def test_a_sample_comes_out_clean(path: str, platform: str, official: GltfValidator | None) -> None:
    check(path, platform, official, bare=False)


@pytest.mark.skipif(not ALL, reason="the folder of real characters is not beside this checkout")
@pytest.mark.parametrize(("path", "platform"), SAMPLE[::2])
def test_a_sample_is_rigged_anew_and_comes_out_clean(path: str, platform: str, official: GltfValidator | None) -> None:
    check(path, platform, official, bare=True)


@pytest.mark.conformance
@pytest.mark.parametrize("bare", [False, True], ids=["rigged", "bare"])
@pytest.mark.parametrize(("path", "platform"), ALL)
def test_every_character_comes_out_clean(path: str, platform: str, bare: bool, official: GltfValidator | None) -> None:
    check(path, platform, official, bare=bare)
