"""``parametric``: avatars from words, presets and parameters, on this machine, from the body pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from axis_core.assets import pack_status
from axis_core.body.pack import BODY_PACK
from axis_core.plugin import Context, Generation, Mesh, Provider, Request, Scene, options_schema


__all__ = ["DEFAULT_PRESET", "PROVIDER", "finished", "plain_recipe", "recipe_of", "schema_of", "understood"]

DEFAULT_PRESET = "neutral"
"""What stands where neither words nor a preset are given."""
_SLIDERS = ("body_proportions", "face_proportions")


def _health() -> str:
    status = pack_status(BODY_PACK)
    return "" if status.state == "installed" else f"the body pack is {status.state}: {BODY_PACK.command}"


def schema_of() -> Mapping[str, Any]:
    """Return the JSON Schema of a recipe: what ``Request.parameters`` may hold."""
    from axis_core.body.recipe import AvatarRecipe

    return options_schema(AvatarRecipe)


def recipe_of(request: Request) -> tuple[Any, Any]:
    """Return the recipe (AvatarRecipe) of a request and what was understood of its prompt (Parsed, or None).

    The preset comes first, the prompt refines it, the parameters have the last word.

    Raises
    ------
    NotFound
        If there is no such preset.
    InputError
        ``invalid_request``: the prompt or a parameter does not fit; the pointer names it.
    """
    from axis_core.body.words import parse_prompt

    wanted = request.preset or ("" if request.prompt else DEFAULT_PRESET)
    recipe = _preset(wanted) if wanted else None
    parsed = parse_prompt(request.prompt, base=recipe, seed=request.seed) if request.prompt else None
    recipe = parsed.recipe if parsed else recipe
    assert recipe is not None
    return _with_parameters(attrs.evolve(recipe, seed=request.seed), request.parameters), parsed


def _preset(name: str) -> Any:
    from axis_core.body.presets import find_preset

    return find_preset(name).recipe


def _with_parameters(recipe: Any, given: Mapping[str, Any]) -> Any:
    """Return ``recipe`` with plain values; sliders may stand by their own names beside the fields."""
    from axis_core.body.recipe import structure_recipe
    from axis_core.body.sliders import list_sliders

    if not given:
        return recipe
    areas = {s.name: f"{s.area}_proportions" for s in list_sliders()}
    values: dict[str, Any] = {k: v for k, v in given.items() if k not in areas}
    for name, amount in given.items():
        if name in areas:
            values[areas[name]] = {**values.get(areas[name], {}), name: amount}
    structured = structure_recipe(values)
    changed = {name: getattr(structured, name) for name in values}
    for area in _SLIDERS:
        if area in changed:
            changed[area] = {**getattr(recipe, area), **changed[area]}
    return attrs.evolve(recipe, **changed)


def plain_recipe(recipe: Any) -> dict[str, Any]:
    """Return a recipe as plain values, as they go into JSON and back by ``structure_recipe``."""
    return attrs.asdict(recipe, value_serializer=_plain)


def _plain(_: Any, __: Any, value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def generate(request: Request, context: Context) -> Generation:
    """Return the avatar of a request."""
    from axis_core.body import build

    context.step(0.05, "reading words and parameters")
    recipe, parsed = recipe_of(request)
    context.step(0.2, "shaping the body")
    scene = build(
        recipe,
        morphs=request.morphs,
        visemes=request.visemes,
        tier=context.tier,
        texture_side=request.texture_side,
        name=request.name,
    )
    return Generation(
        scene=finished(scene, context),
        model=f"{BODY_PACK.name} pack {BODY_PACK.version}",
        licence=" AND ".join(BODY_PACK.licences),
        parameters=plain_recipe(recipe),
        parsed=understood(parsed),
        notes=parsed.notes if parsed else (),
    )


def understood(parsed: Any) -> dict[str, Any]:
    """Return what was understood of a prompt (Parsed, or None) as plain values."""
    if parsed is None:
        return {}
    return {
        "attributes": {k: _attribute(v) for k, v in parsed.attributes.items()},
        "matches": [attrs.asdict(m) for m in parsed.matches],
        "unmatched": list(parsed.unmatched),
        "notes": list(parsed.notes),
        "confidence": parsed.confidence,
    }


def finished(scene: Scene, context: Context) -> Scene:
    """Return the scene as the stages expect it: with tangents where a game engine will get it."""
    return _with_tangents(scene) if context.output_profile == "game_ready" else scene


def _with_tangents(scene: Scene) -> Scene:
    """Return the scene with tangents on all meshes, if one has some: those that share an atlas share a normal map."""
    if all(mesh.tangents is None for mesh in scene.meshes):
        return scene
    return attrs.evolve(scene, meshes=[m if m.tangents is not None else _tangent_mesh(m) for m in scene.meshes])


def _tangent_mesh(mesh: Mesh) -> Mesh:
    """Return ``mesh`` with tangents of its texture; without one, any direction along the surface will do."""
    import numpy as np

    from axis_core.kernels.tangents import vertex_tangents

    if mesh.normals is None:
        return mesh
    if mesh.uvs:
        return attrs.evolve(mesh, tangents=vertex_tangents(mesh.positions, mesh.faces, mesh.normals, mesh.uvs[0]))
    normals = np.asarray(mesh.normals, np.float64)
    aside = np.cross(normals, np.eye(3)[np.abs(normals).argmin(axis=1)])
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-12)
    return attrs.evolve(mesh, tangents=np.concatenate([aside, np.ones((len(aside), 1))], axis=1))


def _attribute(value: Any) -> Any:
    if isinstance(value, tuple):
        return [attrs.asdict(v) if attrs.has(type(v)) else v for v in value]
    return dict(value) if isinstance(value, Mapping) else value


PROVIDER = Provider(
    name="parametric",
    summary="People from words, presets and sliders, dressed, rigged, with face shapes.",
    modes=("avatar_parametric",),
    generate=generate,
    kind="parametric",
    health=_health,
    licence=" AND ".join(BODY_PACK.licences),
    version=BODY_PACK.version,
    schema=schema_of,
)
