"""Generation: words, presets and parameters through a provider and the stages, into files with their record."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from axis_core.body.clips import CLIP_NAMES, animate
from axis_core.errors import BackendUnavailable, CannotFit, InputError
from axis_core.model.contract import StageRecord
from axis_core.model.digest import scene_digest
from axis_core.model.scene import Scene
from axis_core.model.tier import TIERS
from axis_core.pipeline import Pipeline, Run, Step
from axis_core.platforms import print_ready
from axis_core.plugin.host import PluginHost
from axis_core.plugin.kinds import Context, Outcome, Provider, Request, Stage
from axis_core.plugin.options import option
from axis_core.providers.routing import Plan, plan_route, run_route
from axis_core.providers.routing_config import RoutingConfig
from axis_core.result import Result
from axis_core.runs import PRINT_STAGES, context_of, default_host, print_options, result_of


__all__ = ["AUTO", "GENERATION_STAGES", "generate"]

GENERATION_STAGES = (
    "classify", "normalise", "decimate", "unwrap", "rig", "skin", "morphs", "textures", "lods", "pose", "audit",
    "export", "preview",
)  # fmt: skip
"""What a generated body goes through. ``validate`` and ``repair`` are for files of others."""
_MODE = "avatar_parametric"
_PHOTO_MODE = "image_to_3d"
AUTO = "auto"
"""In the place of a provider's name: let the router choose."""


@attrs.frozen(kw_only=True)
class _ClipOptions:
    """Which clips."""

    clips: tuple[str, ...] = option((), "names of clips; all: every one")


def _animated(state: Outcome, options: _ClipOptions, context: Context) -> Outcome:
    """Put clips on the scene and its levels; they share one skeleton."""
    context.step(0.1, f"{len(options.clips)} clips")
    scene = animate(state.scene, options.clips)
    lods = tuple(_like(scene, level, options.clips) for level in state.lods)
    names = [a.name for a in scene.animations]
    return Outcome(
        scene=scene,
        lods=lods,
        changes=(f"clips: {', '.join(names)}",),
        facts={"animations": names},
        metrics={"clips": names},
    )


def _like(scene: Scene, level: Scene, clips: tuple[str, ...]) -> Scene:
    """Return a level with the clips of its scene, baked anew only where nodes or face shapes differ."""
    if _movable(scene) == _movable(level):
        return attrs.evolve(level, animations=scene.animations)
    return animate(level, clips)


def _movable(scene: Scene) -> list[tuple[int | None, tuple[str, ...]]]:
    return [(n.parent, tuple(m.name for k in n.meshes for m in scene.meshes[k].morphs)) for n in scene.nodes]


_ANIMATE = Stage(
    name="animate",
    summary="Named clips on the rig, after the rest pose is settled.",
    run=_animated,
    options=_ClipOptions,
    needs=("scene", "rig"),
    order=135,
)


def generate(
    prompt: str = "",
    *,
    preset: str = "",
    parameters: Mapping[str, Any] | None = None,
    images: Sequence[tuple[str, bytes]] = (),
    seed: int = 0,
    provider: str = "parametric",
    routing: RoutingConfig | None = None,
    may_leave: bool = False,
    platform: str = "",
    tier: str = "desktop_standard",
    profile: str = "default",
    output_profile: str = "game_ready",
    morphs: bool = True,
    visemes: bool = True,
    lods: int = 2,
    texture_side: int | None = None,
    animations: Sequence[str] = (),
    preview: bool = False,
    format: str = "glb",
    name: str = "avatar",
    options: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Callable[[float, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    host: PluginHost | None = None,
) -> Result:
    """Return an avatar made from words, a preset and parameters: rigged, with face shapes, levels and textures.

    Parameters
    ----------
    prompt : str
        English; it refines the preset, or says all.
    preset : str
        A name of ``axis presets``; ``neutral`` where neither words nor a preset are given.
    parameters : mapping
        Plain values of :class:`axis_core.body.AvatarRecipe`, or sliders by name; they have the last word.
    images : sequence of (view label, bytes)
        Photos, for a provider that takes some; ``front back left right three_quarter detail custom``.
    seed : int
        Decides what words leave open. Same inputs and seed: same bytes.
    provider : str
        A provider of ``axis_providers``, or ``auto``: the first that can, by ``routing``, others where it fails.
    routing : RoutingConfig, optional
        Order, retries and whether anything may leave this machine.
    may_leave : bool
        Whether ``auto`` may hand this request, photos included, to a remote provider that ``routing`` allows.
    platform, tier, profile, output_profile, format, name, options
        As for ``process``.
    morphs, visemes : bool
        The 52 ARKit shapes, and the 15 Oculus visemes with them.
    lods : int, 0..6
        Levels below LOD 0.
    texture_side : int, optional
        Largest texels a side; the tier's without.
    animations : sequence of str
        Clips of ``axis_core.body.clips`` that go into the files; ``all`` for every one.
    preview : bool
        Draw ``preview.png`` too.

    Returns
    -------
    Result
        ``metrics["generate"]`` holds ``preset``, ``parsed`` (what was understood of the prompt) and ``parameters``.

    Raises
    ------
    InputError, NotFound
        For a prompt, preset, parameter, clip, platform or tier that does not fit; the pointer names it.
    BackendUnavailable
        ``not_installed``: the body pack is missing; the hint names the command.
    """
    used = host or default_host()
    mode = _PHOTO_MODE if images else _MODE
    if provider != AUTO:
        _ready(used.provider(provider), mode)
    context = context_of(
        used,
        platform=platform,
        tier=tier,
        profile=profile,
        output_profile=output_profile,
        seed=seed,
        name=name,
        progress=progress,
        cancelled=cancelled,
    )
    side = texture_side or TIERS[tier].texture_side
    request = Request(
        mode=mode,
        prompt=prompt,
        preset=preset,
        parameters=dict(parameters or {}),
        images=tuple(images),
        seed=seed,
        texture_side=side,
        morphs=morphs,
        visemes=morphs and visemes,
        name=name,
    )
    stages = {k: dict(v) for k, v in (options or {}).items()}
    stages["lods"] = {"count": lods, **stages.get("lods", {})}
    stages["export"] = {"format": format, "name": name, **stages.get("export", {})}
    if output_profile == "print_ready":
        stages["print"] = {"name": name, **stages.get("print", {})}
    pipeline = _pipeline(used, stages, output_profile, animations, preview)
    hint = "" if provider == AUTO else provider
    candidates = used.providers if provider == AUTO else (used.provider(provider),)
    plan = plan_route(request, candidates, routing, hint=hint, may_leave=may_leave or provider != AUTO)
    start, made_by = _started(plan, request, context)
    run = pipeline.run(attrs.evolve(context, progress=_later(context.progress)), start)
    facts = run.metrics["generate"]
    provenance = {
        "provider": made_by,
        "model": facts["model"],
        "licence": facts["licence"],
        "prompt": prompt,
        "parameters": facts["parameters"],
    }
    return result_of(run, context, provenance=provenance)


def _ready(provider: Provider, mode: str) -> Provider:
    if mode not in provider.modes:
        raise InputError(
            f"the provider {provider.name!r} takes no {'photos' if mode == _PHOTO_MODE else 'parameters'}",
            pointer="/provider",
            hint=f"It does: {provider.modes}.",
        )
    reason = provider.health()
    if reason:
        raise BackendUnavailable(f"the provider {provider.name!r} cannot be used: {reason}", code="not_installed")
    return provider


def _pipeline(
    host: PluginHost,
    options: Mapping[str, Mapping[str, Any]],
    output_profile: str,
    animations: Sequence[str],
    preview: bool,
) -> Pipeline:
    """Return the stages of this run, the clips among them by their place."""
    left_out = {"decimate", "lods"} if output_profile == "dcc_editable" else set()
    left_out |= set() if preview else {"preview"}
    if output_profile == "print_ready":
        left_out |= set(GENERATION_STAGES) - set(PRINT_STAGES)
    names = [n for n in GENERATION_STAGES if n not in left_out]
    own = {k: v for k, v in options.items() if k not in (*left_out, print_ready.STAGE.name)}
    pipeline = Pipeline.of(host, names, own)
    if output_profile == "print_ready":
        return pipeline.then(print_ready.STAGE, print_options(options))
    if not animations:
        return pipeline
    unknown = [n for n in animations if n not in (*CLIP_NAMES, "all")]
    if unknown:
        raise InputError(
            f"there is no clip {unknown[0]!r}", pointer="/animations", hint=f"Clips: {', '.join(CLIP_NAMES)}."
        )
    step = Step(stage=_ANIMATE, options=_ClipOptions(clips=tuple(animations)))
    return Pipeline(steps=tuple(sorted((*pipeline.steps, step), key=lambda s: s.stage.order)))


def _started(plan: Plan, request: Request, context: Context) -> tuple[Run, str]:
    """Return the run after its first step, the generation, with the beginning of the hash chain, and who made it."""
    begun = time.perf_counter()
    early = attrs.evolve(context, progress=lambda fraction, message: context.progress(0.3 * fraction, message))
    routed = run_route(plan, request, early)
    made, provider = routed.generation, routed.provider
    scene = made.scene
    if not scene.meshes:
        raise CannotFit(f"the provider {provider.name!r} gave a scene without meshes")
    asked = json.dumps(_request_values(request), sort_keys=True, default=str).encode()
    record = StageRecord(
        name="generate",
        seconds=round(time.perf_counter() - begun, 4),
        input_sha256=hashlib.sha256(asked).hexdigest(),
        output_sha256=scene_digest(scene, (), ()),
        changes=(f"by the provider {provider.name}", *routed.notes, *made.notes),
    )
    facts = {
        "preset": request.preset,
        "parsed": dict(made.parsed),
        "parameters": dict(made.parameters),
        "model": made.model,
        "licence": made.licence,
        "notes": [*routed.notes, *made.notes],
        "provider": provider.name,
        "route": {**plan.explained(), "attempts": [attrs.asdict(a) for a in routed.attempts]},
    }
    return Run(outcome=Outcome(scene=scene), records=(record,), metrics={"generate": facts}), provider.name


def _request_values(request: Request) -> dict[str, Any]:
    values = attrs.asdict(request, filter=lambda field, _: field.name != "images")
    if request.images:
        values["images"] = [[label, hashlib.sha256(data).hexdigest()] for label, data in request.images]
    return values


def _later(progress: Callable[[float, str], None]) -> Callable[[float, str], None]:
    return lambda fraction, message: progress(0.3 + 0.7 * fraction, message)
