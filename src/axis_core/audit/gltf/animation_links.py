"""What the samplers and the channels of an animation must be like, and how they must agree with their targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axis_core.audit.gltf.accessor import Accessor
from axis_core.audit.gltf.animation import Animation, AnimationSampler, Channel, Target
from axis_core.audit.gltf.animation_data import watch_quaternions, watch_times
from axis_core.audit.gltf.formats import BYTE, FLOAT, SHORT, UNSIGNED_BYTE, UNSIGNED_SHORT, Format
from axis_core.audit.gltf.limits import MOST_FINDINGS


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["link_animation"]

_TIMES = Format("SCALAR", FLOAT)
_NORMALIZED = (UNSIGNED_BYTE, BYTE, UNSIGNED_SHORT, SHORT)
_OUTPUTS = {
    "translation": [Format("VEC3", FLOAT)],
    "rotation": [Format("VEC4", FLOAT), *(Format("VEC4", c, True) for c in _NORMALIZED)],
    "scale": [Format("VEC3", FLOAT)],
    "weights": [Format("SCALAR", FLOAT), *(Format("SCALAR", c, True) for c in _NORMALIZED)],
}


def link_animation(audit: Audit, animation: Animation) -> None:
    """Resolve what one animation refers to and check it."""
    if animation.samplers is not None and animation.channels is not None:
        _link_all(audit, animation.samplers, animation.channels)
    for i, channel in enumerate(animation.channels or ()):
        if channel.target is not None:
            with audit.at("channels", i, "target"):
                audit.registry.link(audit, channel.target)


def _link_all(audit: Audit, samplers: list[AnimationSampler], channels: list[Channel]) -> None:
    for i, sampler in enumerate(samplers):
        with audit.at("samplers", i):
            _link_sampler(audit, sampler)
    stray: list[str] = []
    repeated = _repeated_targets(channels)
    for i, channel in enumerate(channels):
        with audit.at("channels", *stray, i):
            _link_channel(audit, channel, samplers)
            for later in repeated.get(i, ()):
                audit.add("ANIMATION_DUPLICATE_TARGETS", later, name="target")
        if channel.sampler_index == -1:
            stray.append(str(i))
    # The reference implementation keeps the index of a channel without a sampler in the pointers that follow.
    with audit.at(*["channels", *stray][: len(stray)]):
        for i, sampler in enumerate(samplers):
            if not sampler.used:
                with audit.at("samplers"):
                    audit.add("UNUSED_OBJECT", name=i)


def _link_sampler(audit: Audit, sampler: AnimationSampler) -> None:
    accessors = audit.document.accessors
    sampler.input = audit.resolve(accessors, sampler.input_index, "input")
    if sampler.input is not None:
        _use(audit, sampler.input, "AnimationInput", "input")
        _check_times(audit, sampler, sampler.input)
    sampler.output = audit.resolve(accessors, sampler.output_index, "output")
    if sampler.output is not None:
        _use(audit, sampler.output, "AnimationOutput", "output")


def _use(audit: Audit, accessor: Accessor, usage: str, name: str) -> None:
    accessor.set_usage(audit, usage, name)
    if accessor.view is not None:
        accessor.view.set_usage(audit, "Other", name)
        if accessor.view.byte_stride != -1:
            audit.add("ANIMATION_SAMPLER_ACCESSOR_WITH_BYTESTRIDE", name=name)
        if usage == "AnimationOutput":  # the reference implementation notes this use twice
            accessor.view.set_usage(audit, "Other", name)


def _check_times(audit: Audit, sampler: AnimationSampler, times: Accessor) -> None:
    if times.format == _TIMES:
        watch_times(audit, times, "input")
    else:
        audit.add("ANIMATION_SAMPLER_INPUT_ACCESSOR_INVALID_FORMAT", times.format, name="input", valid=[str(_TIMES)])
    if times.minimum is None or times.maximum is None:
        audit.add("ANIMATION_SAMPLER_INPUT_ACCESSOR_WITHOUT_BOUNDS", name="input")
    if sampler.interpolation == "CUBICSPLINE" and times.count != -1 and times.count < 2:
        audit.add("ANIMATION_SAMPLER_INPUT_ACCESSOR_TOO_FEW_ELEMENTS", "CUBICSPLINE", 2, times.count, name="input")


def _link_channel(audit: Audit, channel: Channel, samplers: list[AnimationSampler]) -> None:
    target = channel.target
    if target is not None:
        with audit.at("target"):
            _link_target(audit, target)
    sampler = audit.resolve(samplers, channel.sampler_index, "sampler")
    if sampler is None:
        return
    sampler.used = True
    if target is not None and sampler.output is not None:
        _check_output(audit, target, sampler, sampler.output)


def _link_target(audit: Audit, target: Target) -> None:
    node = audit.resolve(audit.document.nodes, target.node_index, "node")
    target.node = node
    if node is None:
        return
    node.used = True
    if target.path in ("translation", "rotation", "scale"):
        if node.matrix is not None:
            audit.add("ANIMATION_CHANNEL_TARGET_NODE_MATRIX")
        if node.skin is not None:
            audit.add("ANIMATION_CHANNEL_TARGET_NODE_SKIN", name="path")
    elif target.path == "weights" and (node.mesh is None or not node.mesh.n_targets):
        audit.add("ANIMATION_CHANNEL_TARGET_NODE_WEIGHTS_NO_MORPHS")


def _check_output(audit: Audit, target: Target, sampler: AnimationSampler, output: Accessor) -> None:
    valid = _OUTPUTS.get(target.path or "")
    if valid is None:
        return
    if output.format not in valid:
        audit.add(
            "ANIMATION_SAMPLER_OUTPUT_ACCESSOR_INVALID_FORMAT",
            output.format,
            None,
            target.path,
            name="sampler",
            valid=[str(f) for f in valid],
        )
    if target.path == "rotation":
        watch_quaternions(audit, output, sampler.interpolation == "CUBICSPLINE", "sampler")
    if sampler.input is None or sampler.input.count == -1 or output.count == -1:
        return
    expected = sampler.input.count
    if sampler.interpolation == "CUBICSPLINE":
        expected *= 3
    if target.path == "weights":
        mesh = target.node.mesh if target.node is not None else None
        expected *= mesh.n_targets if mesh is not None and mesh.n_targets else 1
    if output.count != expected:
        audit.add("ANIMATION_SAMPLER_OUTPUT_ACCESSOR_INVALID_COUNT", expected, output.count, name="sampler")


def _repeated_targets(channels: list[Channel]) -> dict[int, list[int]]:
    """Return for every channel the later ones with the same target."""
    users: dict[tuple[int, str], list[int]] = {}
    for i, channel in enumerate(channels):
        target = channel.target
        if target is not None and target.node_index != -1 and target.path is not None:
            users.setdefault((target.node_index, target.path), []).append(i)
    return {
        i: same[k + 1 : k + 1 + MOST_FINDINGS] for same in users.values() if len(same) > 1 for k, i in enumerate(same)
    }
