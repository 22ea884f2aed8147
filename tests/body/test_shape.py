"""Shapes: the height asked for, feet on the floor, sliders that do what they say."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from axis_core.body import (
    Phenotype,
    body_mass_index,
    body_mass_kg,
    list_sliders,
    phenotype_with_bmi,
    shape_body,
)
from axis_core.body.data import load_mesh, load_targets
from axis_core.body.phenotype import macro_terms
from axis_core.body.shape import macro_positions
from axis_core.errors import BackendUnavailable, CannotFit, InputError


N_BODY = 13_380
BUILDS = [
    Phenotype(),
    Phenotype(age_years=3, gender=0.2),
    Phenotype(age_years=12, weight=1.0, european=0.0),
    Phenotype(gender=1.0, muscle=1.0, weight=0.9),
    Phenotype(gender=0.0, age_years=80, weight=0.1, proportions=1.0),
]


def test_without_the_pack_the_command_is_named(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AXIS_CACHE_DIR", str(tmp_path))
    with pytest.raises(BackendUnavailable) as caught:
        shape_body()
    assert "axis assets install body" in str(caught.value)


@pytest.mark.usefixtures("body_pack")
@pytest.mark.parametrize("height", [1.0, 1.37, 1.69, 1.9, 2.2])
@pytest.mark.parametrize("build", BUILDS, ids=range(len(BUILDS)))
def test_the_height_asked_for_is_the_height_got(build: Phenotype, height: float) -> None:
    shape = shape_body(attrs.evolve(build, height_m=height))
    y = shape.positions[:N_BODY, 1]
    assert y.min() == 0.0
    assert y.max() == pytest.approx(height, abs=1e-6)
    assert shape.height_m == pytest.approx(height, abs=1e-6)
    assert np.isfinite(shape.positions).all()


@pytest.mark.usefixtures("body_pack")
def test_within_the_modelled_range_limbs_change_and_nothing_is_scaled() -> None:
    short, tall = (shape_body(Phenotype(gender=1.0, height_m=h)) for h in (1.62, 1.90))
    assert short.scale == pytest.approx(1.0, abs=1e-6)
    assert tall.scale == pytest.approx(1.0, abs=1e-6)
    face = load_mesh().vertices_of("helper-l-eye")
    eyes = [np.ptp(s.positions[face], axis=0).mean() for s in (short, tall)]
    assert eyes[1] / eyes[0] < 1.90 / 1.62 - 0.05, "a taller man has longer limbs more than a larger head"


@pytest.mark.usefixtures("body_pack")
def test_a_random_thousandth_of_the_space_stays_finite_and_exact() -> None:
    rng = np.random.default_rng(12)
    for _ in range(20):
        values = rng.random(9)
        person = Phenotype(
            age_years=float(1 + 89 * values[0]),
            gender=float(values[1]),
            height_m=float(1.0 + 1.2 * values[2]),
            weight=float(values[3]),
            muscle=float(values[4]),
            proportions=float(values[5]),
            african=float(values[6]),
            asian=float(values[7]),
            european=float(values[8]),
        )
        shape = shape_body(person)
        assert np.isfinite(shape.positions).all()
        assert np.ptp(shape.positions[:N_BODY, 1]) == pytest.approx(person.height_m, abs=1e-6)


@pytest.mark.usefixtures("body_pack")
def test_the_same_input_gives_the_same_shape_and_cannot_be_written() -> None:
    person = Phenotype(age_years=44, gender=0.3)
    a, b = shape_body(person, {"nose_hump": 0.7}), shape_body(person, {"nose_hump": 0.7})
    np.testing.assert_array_equal(a.positions, b.positions)
    with pytest.raises(ValueError):
        a.positions[0, 0] = 1.0


@pytest.mark.usefixtures("body_pack")
def test_the_face_looks_forward_and_left_is_plus_x() -> None:
    mesh, shape = load_mesh(), shape_body()
    left, right = (shape.positions[mesh.vertices_of(g)].mean(axis=0) for g in ("helper-l-eye", "helper-r-eye"))
    nape = shape.positions[mesh.vertices_of("helper-hair")].mean(axis=0)
    assert left[0] > 0.02
    assert right[0] < -0.02
    assert left[2] > nape[2]


@pytest.mark.usefixtures("body_pack")
def test_a_body_without_sided_sliders_is_symmetric() -> None:
    mesh, shape = load_mesh(), shape_body(Phenotype(age_years=25, gender=1.0))
    body = np.arange(N_BODY)
    mirrored = shape.positions[mesh.mirror[body]] * (-1.0, 1.0, 1.0)
    gap = np.linalg.norm(mirrored - shape.positions[body], axis=1)
    assert np.quantile(gap, 0.95) < 0.004


@pytest.mark.usefixtures("body_pack")
def test_macro_positions_are_linear_between_knots() -> None:
    mesh, macro = load_mesh(), load_targets("macro")
    thirds = [macro_positions(mesh, macro, macro_terms(Phenotype(age_years=a))) for a in (30.0, 40.0, 50.0)]
    np.testing.assert_allclose(thirds[1], 0.5 * (thirds[0] + thirds[2]), atol=2e-6)


@pytest.mark.usefixtures("body_pack")
def test_the_base_mesh_is_the_young_average_without_height() -> None:
    mesh, macro = load_mesh(), load_targets("macro")
    terms = macro_terms(Phenotype(age_years=25))
    nothing = macro_positions(mesh, macro, dict.fromkeys(terms, 0.0))
    np.testing.assert_array_equal(nothing, mesh.vertices)


@pytest.mark.usefixtures("body_pack")
def test_every_slider_moves_something_at_each_end_and_names_are_plain() -> None:
    sliders = list_sliders()
    assert len({s.name for s in sliders}) == len(sliders) > 190
    assert sum(len(s.targets) for s in sliders) >= 259
    targets = load_targets("local")
    for slider in sliders:
        assert slider.name.isidentifier()
        assert slider.name == slider.name.lower()
        assert not {"decr", "incr", "trans", "horiz", "vert", "measure"} & set(slider.name.split("_"))
        assert slider.sided == (set(slider.targets) == {"left", "right"})
        for low, high in slider.targets.values():
            assert bool(low) == (slider.minimum < 0)
            ids, _ = targets.sparse(targets.names.index(f"{slider.group}/{high}"))
            assert len(ids) > 0


@pytest.mark.usefixtures("body_pack")
def test_a_sided_slider_is_the_sum_of_its_sides() -> None:
    both = shape_body(sliders={"upper_arm_fat": 0.6}).positions
    sides = shape_body(sliders={"left_upper_arm_fat": 0.6, "right_upper_arm_fat": 0.6}).positions
    np.testing.assert_allclose(both, sides, atol=1e-7)
    left = shape_body(sliders={"left_upper_arm_fat": 0.6}).positions - shape_body().positions
    moved = np.flatnonzero(np.linalg.norm(left, axis=1) > 1e-3)
    assert len(moved) > 50
    assert (shape_body().positions[moved, 0] > 0).all()


@pytest.mark.usefixtures("body_pack")
@pytest.mark.parametrize(
    ("slider", "axis", "above", "below"),
    [("head_width", 0, 0.65, 1.0), ("shoulder_breadth", 0, 0.45, 0.55), ("foot_size", 2, -1.0, -0.75)],
)
def test_more_is_more(slider: str, axis: int, above: float, below: float) -> None:
    level = load_mesh().vertices[:N_BODY, 1]
    vertices = np.flatnonzero((level > above) & (level < below))
    less, more = (np.ptp(shape_body(sliders={slider: v}).positions[vertices, axis]) for v in (-1.0, 1.0))
    assert more > less


@pytest.mark.usefixtures("body_pack")
def test_unknown_sliders_suggest_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        shape_body(sliders={"nose_hmp": 0.5})
    assert "nose_hump" in str(caught.value)
    with pytest.raises(InputError):
        shape_body(sliders={"left_nose_hump": 0.5})


@pytest.mark.usefixtures("body_pack")
@pytest.mark.parametrize("value", [1.5, -1.5, float("nan"), "big", True])
def test_slider_values_outside_their_range_are_refused(value: object) -> None:
    with pytest.raises(InputError) as caught:
        shape_body(sliders={"nose_hump": value})
    assert caught.value.pointer == "/nose_hump"


@pytest.mark.usefixtures("body_pack")
def test_a_one_ended_slider_has_no_negative_side() -> None:
    one_ended = next(s for s in list_sliders() if s.minimum == 0.0)
    with pytest.raises(InputError):
        shape_body(sliders={one_ended.name: -0.5})


@pytest.mark.usefixtures("body_pack")
def test_mass_grows_with_weight_and_with_the_cube_of_size() -> None:
    masses = [body_mass_kg(shape_body(Phenotype(weight=w, muscle=0.3))) for w in (0.0, 0.5, 1.0)]
    assert masses == sorted(masses)
    assert 40 < masses[1] < 75


@pytest.mark.usefixtures("body_pack")
@pytest.mark.parametrize("bmi", [18.0, 21.0, 27.0])
def test_the_body_mass_index_asked_for_is_got(bmi: float) -> None:
    person = phenotype_with_bmi(Phenotype(gender=1.0, muscle=0.4), bmi)
    assert body_mass_index(shape_body(person)) == pytest.approx(bmi, abs=0.011)


@pytest.mark.usefixtures("body_pack")
def test_an_index_no_build_has_tells_the_range() -> None:
    with pytest.raises(CannotFit) as caught:
        phenotype_with_bmi(Phenotype(), 80.0)
    assert "80" in caught.value.message
