"""Animations: samplers, channels, and the targets they drive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.accessor import Accessor
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.node import Node

__all__ = ["Animation", "AnimationSampler", "Channel", "Target", "read_animation"]

PATHS = ("translation", "rotation", "scale", "weights")
_INTERPOLATIONS = ("LINEAR", "STEP", "CUBICSPLINE")


@attrs.define(eq=False, kw_only=True)
class Target(Record):
    """What a channel drives."""

    node_index: int
    path: str | None
    node: Node | None = None


@attrs.define(eq=False, kw_only=True)
class AnimationSampler(Record):
    """Times and values."""

    input_index: int
    output_index: int
    interpolation: str | None
    input: Accessor | None = None
    output: Accessor | None = None


@attrs.define(eq=False, kw_only=True)
class Channel(Record):
    """A sampler with the target it drives."""

    sampler_index: int
    target: Target | None


@attrs.define(eq=False, kw_only=True)
class Animation(Record):
    """One animation."""

    channels: list[Channel] | None
    samplers: list[AnimationSampler] | None


def read_animation(audit: Audit, raw: JsonObject) -> Animation:
    """Read one animation."""
    reader = ObjectReader(audit, raw)
    reader.members("channels", "samplers", "name")
    animation = Animation(
        channels=reader.objects("channels", _read_channel, required=True),
        samplers=reader.objects("samplers", _read_sampler, required=True),
    )
    reader.string("name")
    reader.finish(animation, "animation")
    return animation


def _read_channel(audit: Audit, raw: JsonObject) -> Channel:
    reader = ObjectReader(audit, raw)
    reader.members("target", "sampler")
    channel = Channel(
        sampler_index=reader.index("sampler", required=True),
        target=reader.object("target", _read_target, required=True),
    )
    reader.finish(channel, "animation.channel")
    return channel


def _read_target(audit: Audit, raw: JsonObject) -> Target:
    reader = ObjectReader(audit, raw)
    reader.members("node", "path")
    target = Target(node_index=-1, path=None)
    target.extensions = audit.registry.read(reader, "animation.channel.target")
    target.node_index = reader.index("node")
    target.path = reader.string("path", required=True, allowed=(*PATHS, *audit.registry.animation_paths))
    reader.extras(target)
    return target


def _read_sampler(audit: Audit, raw: JsonObject) -> AnimationSampler:
    reader = ObjectReader(audit, raw)
    reader.members("input", "interpolation", "output")
    sampler = AnimationSampler(
        input_index=reader.index("input", required=True),
        interpolation=reader.string("interpolation", allowed=_INTERPOLATIONS, default="LINEAR"),
        output_index=reader.index("output", required=True),
    )
    reader.finish(sampler, "animation.sampler")
    return sampler
