"""Avatars from recipes: valid files, exact heights, whole skins, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Iterator

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.gltf_validator import VARIABLE, GltfValidator, find_validator

from axis_core.body import PRESETS, AvatarRecipe, Garment, build, random_recipe
from axis_core.body.recipe import HAIR_STYLES, STYLES
from axis_core.errors import InputError
from axis_core.formats.gltf.write import glb_bytes
from axis_core.model import Mesh, Scene
from axis_core.model.humanoid import ARKIT_52
from axis_core.model.tier import TIERS
from axis_core.stages.decimate import decimate_scene


pytestmark = pytest.mark.usefixtures("body_pack")
SMALL = 64
BARE_HEAD = {"hair_style": "bald", "garments": (Garment("t_shirt"), Garment("shorts"))}


def _part(scene: Scene, name: str) -> Mesh:
    return next(m for m in scene.meshes if m.name == name)


def _check(scene: Scene) -> None:
    for mesh in scene.meshes:
        for array in (mesh.positions, mesh.normals, mesh.weights, *mesh.uvs, *(m.positions for m in mesh.morphs)):
            assert np.isfinite(array).all()
        assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-4)
        assert np.allclose(mesh.weights.sum(axis=1), 1.0, atol=1e-5)
        assert mesh.n_triangles > 0
    assert min(float(m.positions[:, 1].min()) for m in scene.meshes) == pytest.approx(0.0, abs=1e-6)


@pytest.fixture(scope="module")
def validator() -> Iterator[GltfValidator | None]:
    """The official validator, None where it is not installed."""
    script = find_validator()
    engine = GltfValidator(script) if script else None
    yield engine
    if engine:
        engine.close()


@pytest.mark.parametrize("seed", range(30))
def test_random_people_are_whole_valid_and_fit_their_tier(seed: int, validator: GltfValidator | None) -> None:
    tier = list(TIERS)[seed % 5]
    scene = build(random_recipe(seed), morphs=True, tier=tier, texture_side=SMALL)
    _check(scene)
    fitting = decimate_scene(scene, TIERS[tier].triangles)
    assert fitting.n_triangles <= TIERS[tier].triangles
    if validator:
        assert validator.findings(glb_bytes(scene if seed % 2 else fitting)) == []


@pytest.mark.conformance
@pytest.mark.parametrize("block", range(10))
def test_a_thousand_random_people_are_whole_valid_and_within_budget(
    block: int, validator: GltfValidator | None
) -> None:
    if validator is None:
        pytest.skip(f"{VARIABLE} does not name the official validator")
    for seed in range(100 * block, 100 * block + 100):
        tier = list(TIERS)[seed % 5]
        side = 0 if seed % 10 else SMALL  # pictures are the slow part, and the same code paints them all
        scene = decimate_scene(
            build(random_recipe(seed), morphs=True, visemes=True, tier=tier, texture_side=side), TIERS[tier].triangles
        )
        assert scene.n_triangles <= TIERS[tier].triangles, seed
        for mesh in scene.meshes:
            assert all(np.isfinite(a).all() for a in (mesh.positions, mesh.normals, mesh.weights)), seed
        assert validator.findings(glb_bytes(scene)) == [], seed


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=6, deadline=None)
@given(
    height=st.floats(1.0, 2.2),
    years=st.sampled_from([10.0, 25.0, 60.0]),
    weight=st.floats(0, 1),
    gender=st.floats(0, 1),
)
def test_the_height_asked_for_is_the_height_of_the_mesh(
    style: str, height: float, years: float, weight: float, gender: float
) -> None:
    recipe = AvatarRecipe(
        height_m=height, age_years=years, weight=weight, gender=gender, style=style, no_face=True, **BARE_HEAD
    )
    skin = _part(build(recipe, rig=None, texture_side=0), "skin")
    # barefoot and bald: the skin reaches from the floor to the crown
    assert float(np.ptp(skin.positions[:, 1])) == pytest.approx(height, abs=1e-3)


def test_the_same_recipe_gives_the_same_bytes() -> None:
    recipe = random_recipe(5)
    first, second = (glb_bytes(build(recipe, morphs=True, texture_side=SMALL)) for _ in range(2))
    assert first == second


def test_a_face_speaks_and_beards_and_lashes_go_along() -> None:
    recipe = AvatarRecipe(beard="full", gender=1.0, glasses="round", hat="cap")
    scene = build(recipe, morphs=True, visemes=True, texture_side=0)
    names = {m.name: [t.name for t in m.morphs] for m in scene.meshes}
    assert set(ARKIT_52) < set(names["skin"])
    assert len(names["skin"]) == 67
    assert {"jawOpen", "viseme_aa"} <= set(names["beard"])
    assert "eyeBlinkLeft" in names["lashes"]
    assert not any(names[still] for still in ("hat", "glasses", "t_shirt"))
    hair = [np.abs(t.positions).max() for t in _part(scene, "hair").morphs]
    assert max(hair, default=0.0) < 1e-3  # beside the brows
    beard, skin = (_part(scene, n).morphs for n in ("beard", "skin"))
    drop = [min(t.positions[:, 1].min() for t in m if t.name == "jawOpen") for m in (beard, skin)]
    assert drop[0] == pytest.approx(drop[1], rel=0.25)


def test_without_a_face_there_is_none() -> None:
    scene = build(AvatarRecipe(no_face=True), morphs=True, visemes=True, texture_side=0)
    assert not {"eyes", "teeth", "tongue", "lashes"} & {m.name for m in scene.meshes}
    assert not any(m.morphs for m in scene.meshes)


@pytest.mark.parametrize("style", [s for s in HAIR_STYLES if s != "bald"])
def test_hair_covers_the_crown_and_leaves_the_face(style: str) -> None:
    scene = build(AvatarRecipe(hair_style=style), texture_side=0)
    hair, eyes = _part(scene, "hair").positions, _part(scene, "eyes").positions
    crown = scene.extras["axis_body"]["stature_m"] + float(_part(scene, "shoes").positions[:, 1].min())
    assert hair[:, 1].max() > crown
    before = hair[(hair[:, 2] > eyes[:, 2].max()) & (np.abs(hair[:, 1] - eyes[:, 1].mean()) < 0.008)]
    middle = np.abs(before[:, 0]) < 0.012
    assert not middle.any()  # no ribbon hangs over the bridge of the nose


def test_hair_and_beard_are_as_wide_as_the_head_they_grow_on() -> None:
    widths = []
    for style in ("realistic", "chibi"):
        scene = build(AvatarRecipe(hair_style="buzz", style=style, height_m=1.6), texture_side=0)
        head = _part(scene, "skin").positions
        top = head[head[:, 1] > head[:, 1].max() - 0.05]
        widths.append(np.ptp(_part(scene, "hair").positions[:, 0]) / np.ptp(top[:, 0]))
    assert widths[0] > 1.0
    assert widths[1] > 1.0


def test_no_hair_stands_out_of_a_hat() -> None:
    bare = build(AvatarRecipe(hair_style="afro"), texture_side=0)
    hatted = build(AvatarRecipe(hair_style="afro", hat="beanie"), texture_side=0)
    hat, hair = _part(hatted, "hat").positions, _part(hatted, "hair").positions
    assert hair[:, 1].max() < hat[:, 1].max()
    assert len(hair) < len(_part(bare, "hair").positions)


def test_tiers_have_less_hair_or_finer_surfaces() -> None:
    counts = [build(PRESETS["ada"].recipe, tier=tier, texture_side=0).n_triangles for tier in TIERS]
    assert counts == sorted(counts)
    assert counts[-1] <= TIERS["ultra_hd"].triangles


def test_textures_have_the_side_asked_for_and_none_are_made_for_zero() -> None:
    scene = build(AvatarRecipe(), texture_side=256)
    sides = {t.name: Image.open(io.BytesIO(t.data)).size for t in scene.textures}
    assert sides["skin"] == (256, 256)
    assert sides["t_shirt"] == (256, 256)
    skin = scene.materials[_part(scene, "skin").material]
    assert skin.normal_texture is not None
    assert skin.metallic_roughness_texture is not None
    assert build(AvatarRecipe(), texture_side=0).textures == ()


def test_light_and_dark_skin_look_light_and_dark() -> None:
    means = []
    for tone in (0.0, 0.5, 1.0):
        scene = build(AvatarRecipe(skin_tone=tone, hair_style="bald"), texture_side=128)
        data = next(t.data for t in scene.textures if t.name == "skin")
        means.append(np.asarray(Image.open(io.BytesIO(data)).convert("L")).mean())
    assert means[0] > means[1] + 20
    assert means[1] > means[2] + 20


def test_a_slider_of_the_face_is_refused_among_those_of_the_body() -> None:
    with pytest.raises(InputError, match="slider of the face") as caught:
        build(AvatarRecipe(body_proportions={"nose_hump": 0.2}))
    assert caught.value.pointer == "/body_proportions/nose_hump"


def test_an_unknown_tier_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no tier") as caught:
        build(tier="potato")
    assert "web_vr" in str(caught.value.hint)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_whole_person(name: str) -> None:
    _check(build(PRESETS[name].recipe, morphs=True, texture_side=0))


def test_there_are_presets_of_every_kind() -> None:
    recipes = [p.recipe for p in PRESETS.values()]
    assert len(recipes) >= 24
    assert {r.style for r in recipes} == set(STYLES)
    assert sum(r.age_years < 13 for r in recipes) >= 2
    assert sum(13 <= r.age_years < 18 for r in recipes) >= 2
    assert sum(r.age_years >= 65 for r in recipes) >= 3
    assert min(r.skin_tone for r in recipes) < 0.1
    assert max(r.skin_tone for r in recipes) > 0.8
    assert len({attrs.astuple(r, recurse=False)[0:4] for r in recipes}) > 20
