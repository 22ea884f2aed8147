"""Face shapes do what their names say, on every head."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.body import EXPRESSION_MIXES, VISEME_MIXES, Phenotype, face_shapes, mix_weights, shape_body
from axis_core.body.data import load_mesh
from axis_core.model.humanoid import ARKIT_52, OCULUS_15, VRM_EXPRESSIONS


def test_mixes_cover_all_visemes_and_expressions_with_known_shapes() -> None:
    assert tuple(VISEME_MIXES) == OCULUS_15
    assert set(EXPRESSION_MIXES) == set(VRM_EXPRESSIONS)
    for mix in (*VISEME_MIXES.values(), *EXPRESSION_MIXES.values()):
        weights = mix_weights(mix)
        assert set(weights) <= set(ARKIT_52)
        assert all(0.0 < w <= 1.0 for w in weights.values())


def test_a_name_without_a_side_means_both() -> None:
    assert mix_weights({"mouthSmile": 0.5, "jawOpen": 0.2}) == {
        "mouthSmileLeft": 0.5,
        "mouthSmileRight": 0.5,
        "jawOpen": 0.2,
    }


@pytest.mark.usefixtures("body_pack")
def test_all_52_shapes_and_15_visemes_are_there_in_order() -> None:
    shapes = face_shapes(shape_body(), visemes=True)
    assert tuple(shapes) == (*ARKIT_52, *(f"viseme_{v}" for v in OCULUS_15))
    for name, (ids, moved) in shapes.items():
        assert len(ids) == len(moved)
        assert (len(ids) > 0) == (name != "viseme_sil")
        assert np.isfinite(moved).all()
        assert len(moved) == 0 or np.abs(moved).max() < 0.08


@pytest.mark.usefixtures("body_pack")
@pytest.mark.parametrize("person", [Phenotype(), Phenotype(age_years=4), Phenotype(gender=1.0, muscle=1.0)])
def test_jaw_open_lowers_the_lower_teeth_and_leaves_the_upper(person: Phenotype) -> None:
    ids, moved = face_shapes(shape_body(person))["jawOpen"]
    full = np.zeros((19_158, 3))
    full[ids] = moved
    mesh = load_mesh()
    assert full[mesh.vertices_of("helper-lower-teeth"), 1].max() < -0.004
    assert np.abs(full[mesh.vertices_of("helper-upper-teeth")]).max() < 1e-3


@pytest.mark.usefixtures("body_pack")
@pytest.mark.parametrize("person", [Phenotype(), Phenotype(age_years=4), Phenotype(asian=1.0, african=0, european=0)])
def test_blink_brings_the_upper_lashes_down_on_its_side_only(person: Phenotype) -> None:
    ids, moved = face_shapes(shape_body(person))["eyeBlinkLeft"]
    full = np.zeros((19_158, 3))
    full[ids] = moved
    mesh = load_mesh()
    assert full[mesh.vertices_of("helper-l-eyelashes-2"), 1].mean() < -0.003
    assert np.abs(full[mesh.vertices_of("helper-r-eyelashes-2")]).max() < 5e-4


@pytest.mark.usefixtures("body_pack")
def test_shapes_shrink_with_the_head() -> None:
    adult, child = (face_shapes(shape_body(Phenotype(age_years=a)))["jawOpen"][1] for a in (30.0, 3.0))
    ratio = np.abs(child).max() / np.abs(adult).max()
    assert 0.6 < ratio < 0.97


@pytest.mark.usefixtures("body_pack")
def test_a_viseme_is_the_sum_of_its_shapes() -> None:
    shape = shape_body()
    shapes = face_shapes(shape, visemes=True)
    expected = np.zeros((19_158, 3))
    for name, weight in mix_weights(VISEME_MIXES["O"]).items():
        ids, moved = shapes[name]
        expected[ids] += weight * moved
    got = np.zeros((19_158, 3))
    got[shapes["viseme_O"][0]] = shapes["viseme_O"][1]
    np.testing.assert_allclose(got, expected, atol=1e-12)
