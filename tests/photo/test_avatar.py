"""A photo of a known person becomes that person, as far as one photo tells; words have the last word."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from tests.photo.packs import PERSON, packs_or_skip, portrait, rendered

from axis_core.body.building import recipe_shape
from axis_core.body.data import load_mesh
from axis_core.body.recipe import AvatarRecipe
from axis_core.errors import CannotFit
from axis_core.photo.avatar import FROM_PHOTOS, Portrait, photo_scene, understand
from axis_core.photo.face_points import face_points
from axis_core.photo.model import MACROS, ShapeModel


def _told(fraction: float, message: str) -> None:
    assert 0.0 <= fraction <= 1.0
    assert message


@pytest.fixture(scope="module", autouse=True)
def packs() -> None:
    packs_or_skip()


@pytest.fixture(scope="module")
def whole() -> Portrait:
    return understand([("front", rendered("front"))], AvatarRecipe(height_m=PERSON.height_m), step=_told)


def _error_mm(recipe: AvatarRecipe) -> float:
    body = load_mesh().vertices_of("body")
    apart = recipe_shape(recipe).positions[body] - recipe_shape(PERSON).positions[body]
    return 1000.0 * float(np.linalg.norm(apart, axis=1).mean())


def test_one_photo_brings_the_body_nearer_than_the_average_and_within_25_mm(whole: Portrait) -> None:
    assert whole.facts["route"] == "body"
    assert _error_mm(whole.recipe) < min(25.0, _error_mm(AvatarRecipe(height_m=PERSON.height_m)))


def test_the_colours_worn_are_read(whole: Portrait) -> None:
    worn = {g.kind: g.colour for g in whole.recipe.garments}
    assert set(worn) == {"t_shirt", "trousers", "shoes"}
    red = [int(worn["t_shirt"][k : k + 2], 16) for k in (1, 3, 5)]
    navy = [int(worn["trousers"][k : k + 2], 16) for k in (1, 3, 5)]
    assert red[0] > 1.8 * max(red[1:])
    assert navy[2] == max(navy)
    assert sum(navy) < 250


def test_what_is_known_stays_as_it_was_given() -> None:
    given = AvatarRecipe(height_m=1.6, gender=0.2, hair_colour="pink")
    found = understand(
        [("front", rendered("front"))], given, known=["height_m", "gender", "hair_colour"], step=_told
    ).recipe
    assert (found.height_m, found.gender, found.hair_colour) == (1.6, 0.2, "pink")


def test_a_head_alone_is_fitted_and_the_body_is_said_to_be_a_guess() -> None:
    found = understand([("front", portrait())], AvatarRecipe(), step=_told)
    assert found.facts["route"] == "head"
    assert found.recipe.weight == AvatarRecipe().weight
    assert any("body" in text for text in found.warnings)
    assert found.face is not None
    assert found.face.error_m < 0.003


def test_the_face_of_the_photo_is_on_the_skin(whole: Portrait) -> None:
    scene = photo_scene(whole, tier="mobile_light", texture_side=256, morphs=False, visemes=False, name="a")
    bare = photo_scene(
        attrs.evolve(whole, face_view=None),
        tier="mobile_light",
        texture_side=256,
        morphs=False,
        visemes=False,
        name="a",
    )
    assert scene.extras[FROM_PHOTOS]["face_seen"] > 0.02
    assert [t.data for t in scene.textures] != [t.data for t in bare.textures]
    assert len(scene.textures) == len(bare.textures)


def test_a_wall_is_no_person() -> None:
    from tests.photo.packs import _encoded

    wall = _encoded(np.full((200, 200, 3), 140, np.uint8))
    with pytest.raises(CannotFit, match="person"):
        understand([("front", wall)], AvatarRecipe(), step=_told)


def test_the_derivative_of_a_shape_is_that_of_its_values() -> None:
    model = ShapeModel(AvatarRecipe(height_m=1.7).phenotype, macros=MACROS, sliders=("waist_girth",))
    state = model.at(np.array([0.3, 0.6, 0.4, 0.55, 0.4, 0.1]))
    ids = np.arange(0, 13_000, 97)
    slopes = model.jacobian(state, ids)
    for k in range(len(model.names)):
        values = state.values.copy()
        values[k] += 0.02
        moved = model.at(values).shape.positions[ids] - state.shape.positions[ids]
        assert np.abs(moved - 0.02 * slopes[k]).max() < 2e-4, model.names[k]


def test_landmarks_lie_on_the_face_left_and_right_alike() -> None:
    points = face_points().of(load_mesh().vertices)
    right_eye, left_eye, nose, chin = points[33], points[263], points[1], points[152]
    assert right_eye == pytest.approx(left_eye * [-1.0, 1.0, 1.0], abs=0.004)
    assert abs(nose[0]) < 0.003
    assert chin[1] < nose[1] < left_eye[1]
    assert nose[2] > left_eye[2]
