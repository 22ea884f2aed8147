"""Clothes: nobody is undressed, nothing pokes through, hems are clean lines."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from tests.body import poking
from tests.body.poking import worst_poke_m

from axis_core.body import AvatarRecipe, Garment, build, random_recipe, shape_body
from axis_core.body.building import recipe_shape
from axis_core.body.data import load_mesh
from axis_core.body.dress.fields import modest_vertices
from axis_core.body.dress.kinds import CUTS
from axis_core.body.dress.sheet import cut_sheet
from axis_core.body.dress.wardrobe import _level, bare_faces, complete, wear
from axis_core.body.recipe import GARMENT_KINDS, STYLES
from axis_core.body.surfaces import body_surface, cloth_surface


pytestmark = pytest.mark.usefixtures("body_pack")
POKE_M = 0.002
KINDS = st.lists(st.sampled_from(GARMENT_KINDS), max_size=4, unique=True)


def _modest() -> np.ndarray:
    chest, hips = modest_vertices(load_mesh())
    body = np.zeros(len(chest), dtype=bool)
    body[load_mesh().vertices_of("body")] = True
    return (chest | hips) & body


@settings(deadline=None)
@given(KINDS)
def test_no_choice_of_clothes_shows_skin_of_chest_or_hips(kinds: list[str]) -> None:
    mesh = load_mesh()
    garments = complete([Garment(kind) for kind in kinds], mesh)
    surface = body_surface(mesh)
    shown = surface.vertices[surface.faces[bare_faces(mesh, garments)]]
    assert not _modest()[shown].any()


@settings(deadline=None)
@given(KINDS)
def test_chest_and_hips_are_under_cloth_whatever_is_worn(kinds: list[str]) -> None:
    mesh = load_mesh()
    covered = np.zeros(mesh.n_vertices, dtype=bool)
    for garment in complete([Garment(kind) for kind in kinds], mesh):
        for cut in CUTS[garment.kind]:
            if cut.surface == "suit":
                covered |= _level(mesh, cut) > 0
    assert covered[_modest()].all()


@settings(max_examples=12, deadline=None)
@given(KINDS, st.sampled_from([1.0, 3.0, 8.0, 12.0, 17.9, 40.0]), st.sampled_from(STYLES), st.booleans())
def test_nobody_of_any_age_is_undressed(kinds: list[str], years: float, style: str, no_face: bool) -> None:
    recipe = AvatarRecipe(
        age_years=years, style=style, no_face=no_face, garments=tuple(Garment(k) for k in kinds), hair_style="bald"
    )
    skin = next(m for m in build(recipe, rig=None, texture_side=0).meshes if m.name == "skin")
    shape = recipe_shape(recipe)
    lift = float(skin.positions[:, 1].max()) - shape.height_m  # the crown shows: the head is bald
    bare, _ = cKDTree(skin.positions).query(shape.positions[_modest()] + (0.0, lift, 0.0))
    assert bare.min() > 1e-5


@pytest.mark.parametrize("seed", range(30))
def test_nothing_pokes_through_the_clothes_of_random_people(seed: int) -> None:
    poke, what = worst_poke_m(random_recipe(seed))
    assert poke <= POKE_M, what


@pytest.mark.conformance
def test_of_a_thousand_people_at_most_three_have_a_layer_that_pokes_and_none_by_a_centimetre() -> None:
    pokes = {seed: worst_poke_m(random_recipe(seed)) for seed in range(1000)}
    bad = {seed: poke for seed, poke in pokes.items() if poke[0] > POKE_M}
    assert len(bad) <= 3, bad
    assert max(depth for depth, _ in pokes.values()) < 0.01, bad
    assert not any(what.startswith("skin") for _, what in bad.values()), bad


def test_the_measure_of_poking_sees_a_body_that_stands_out() -> None:
    mesh = load_mesh()
    garments = (Garment("t_shirt"), Garment("trousers"))
    worn = wear(mesh, shape_body().positions, complete(garments, mesh))
    inner = poking._outer(worn[0])
    top = worn[1]
    assert poking._poke(inner, top) <= POKE_M
    normals = top.piece.shading_normals[np.unique(top.piece.faces[: top.n_outer])]
    lifted = attrs.evolve(poking._outer(top), positions=poking._outer(top).positions + 0.01 * normals)
    assert poking._poke(lifted, top) > 0.005


def test_a_sheet_ends_where_its_level_does() -> None:
    mesh = load_mesh()
    level = _level(mesh, CUTS["t_shirt"][0])
    sheet = cut_sheet(cloth_surface(mesh, "suit"), level)
    at = sheet.at(level)
    border = np.concatenate(sheet.loops)
    assert at.min() > -1e-4
    assert np.abs(at[border]).max() < 2e-4
    assert len(sheet.loops) == 4  # neck, hem, two sleeves


def test_cutting_a_sheet_in_two_loses_no_area() -> None:
    mesh = load_mesh()
    suit = cloth_surface(mesh, "suit")
    level = mesh.vertices[:, 1] + 0.3 * mesh.vertices[:, 0] - 0.11

    def area(sheet_level: np.ndarray) -> float:
        sheet = cut_sheet(suit, sheet_level)
        p = sheet.at(mesh.vertices)[sheet.point_of[sheet.faces]]
        return float(np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), axis=1).sum())

    assert area(level) + area(-level) == pytest.approx(area(np.ones(mesh.n_vertices)), rel=2e-3)


def test_layers_stand_off_in_their_order() -> None:
    mesh = load_mesh()
    shape = shape_body()
    garments = (Garment("t_shirt"), Garment("jacket"), Garment("trousers"))
    worn = {w.piece.name: w for w in wear(mesh, shape.positions, complete(garments, mesh))}
    heights = {name: np.ptp(w.piece.positions[:, 2]) for name, w in worn.items()}
    assert heights["jacket"] > heights["t_shirt"]
    assert list(worn) == ["trousers", "t_shirt", "jacket"]


@pytest.mark.parametrize("kind", GARMENT_KINDS)
def test_no_triangle_of_a_garment_is_without_area(kind: str) -> None:
    recipe = AvatarRecipe(garments=(Garment(kind),))
    mesh, shape = load_mesh(), recipe_shape(recipe)
    for worn in wear(mesh, shape.positions, complete(recipe.garments, mesh)):
        corners = worn.piece.positions[worn.piece.faces]
        area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
        assert (area > 1e-12).all(), worn.piece.name
