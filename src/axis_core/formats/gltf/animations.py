"""Animations of glTF."""

from __future__ import annotations

from typing import Any

from axis_core.formats.gltf.accessors import Accessors
from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import index, mapping, objects, raw_mapping, refuse, text
from axis_core.model.animation import Animation, Channel


__all__ = ["read_animations"]

_PATHS = {"translation": ("VEC3",), "rotation": ("VEC4",), "scale": ("VEC3",), "weights": ("SCALAR",)}
_ANY = ("SCALAR", "VEC2", "VEC3", "VEC4", "MAT2", "MAT3", "MAT4")
_INTERPOLATIONS = ("LINEAR", "STEP", "CUBICSPLINE")


def read_animations(document: Document, accessors: Accessors) -> tuple[Animation, ...]:
    """Return the clips; channels without a target are left out, as the specification allows.

    Raises
    ------
    InputError
        Keyframes and values do not match in number.
    """
    n_nodes, n_channels = len(document.list_of("nodes")), 0
    out = []
    for i, item in enumerate(document.list_of("animations")):
        here = f"/animations/{i}"
        samplers = objects(item, "samplers", here)
        channels = []
        for k, channel in enumerate(objects(item, "channels", here)):
            n_channels += 1
            document.limits.check("objects", n_channels, pointer=here)
            found = _channel(document, accessors, channel, samplers, n_nodes, f"{here}/channels/{k}")
            channels += [found] if found is not None else []
        extensions = mapping(item, "extensions", here)
        name = text(item, "name", here)
        out.append(Animation(name=name, channels=channels, extras=raw_mapping(item, "extras"), extensions=extensions))
    return tuple(out)


def _channel(
    document: Document,
    accessors: Accessors,
    item: dict[str, Any],
    samplers: list[dict[str, Any]],
    n_nodes: int,
    pointer: str,
) -> Channel | None:
    target = mapping(item, "target", pointer)
    path = text(target, "path", f"{pointer}/target")
    node = index(target, "node", f"{pointer}/target", n_nodes)
    extensions = mapping(target, "extensions", f"{pointer}/target")
    if path not in _PATHS and not extensions:
        document.note(f"animation channels of the unknown path {path!r:.20} were left out")
        return None
    if node is None and not extensions:
        document.note("animation channels without a node were left out")
        return None
    which = index(item, "sampler", pointer, len(samplers))
    if which is None:
        refuse("sampler is missing", pointer)
    here = f"{pointer.rsplit('/', 2)[0]}/samplers/{which}"
    sampler = samplers[which]
    interpolation = text(sampler, "interpolation", here, "LINEAR")
    if interpolation not in _INTERPOLATIONS:
        refuse(f"interpolation is {interpolation!r:.20}", f"{here}/interpolation")
    source, target_values = (index(sampler, key, here, len(accessors)) for key in ("input", "output"))
    if source is None or target_values is None:
        refuse("input or output is missing", here)
    times = accessors.floats(source, ("SCALAR",), f"{here}/input")[:, 0]
    values = accessors.floats(target_values, _PATHS.get(path, _ANY), f"{here}/output")
    n_rows = len(times) * (3 if interpolation == "CUBICSPLINE" else 1)
    if path == "weights" or (path not in _PATHS and len(values) != n_rows):
        if len(values) % n_rows:
            refuse(f"{len(times)} keyframes, {len(values)} values", here)
        values = values.reshape(n_rows, -1)
    if len(values) != n_rows:
        refuse(f"{len(times)} keyframes want {n_rows} values, there are {len(values)}", here)
    return Channel(
        node=node,
        path=path,
        times=times,
        values=values,
        interpolation=interpolation,
        extras=raw_mapping(item, "extras"),
        target_extensions=extensions,
    )
