"""The child's side: USD opens the stage, and a GLB is left for the parent."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pxr import Sdf, Tf, Usd

import axis_core
from axis_core.plugin import InputError
from axis_importer_usd.convert import convert_stage


__all__ = ["parse"]

MAX_FILE_BYTES = 2 * 1024**3
MAX_LAYERS = 200


def parse(
    arguments: Mapping[str, Any],
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],  # noqa: ARG001 - the signature is the sandbox's
) -> dict[str, Any]:
    """Read ``root``, write ``target`` and return what had to be left out and which files were not there."""
    folder = Path(arguments["folder"]).resolve()
    _limit(float(arguments["seconds"]))
    os.chdir(folder)
    try:
        missing = _check_layers(Path(arguments["root"]).resolve(), folder)
        stage = Usd.Stage.Open(str(arguments["root"]), Usd.Stage.LoadAll)
        if stage is None:
            raise InputError("USD cannot open the stage", code="parse_failed")
        progress(0.4, "opened")
        scene, notes, absent = convert_stage(stage, folder)
    except Tf.ErrorException as exc:
        message = " ".join(str(exc).split()) or "no reason given"
        raise InputError(f"USD refuses it: {message:.300}", code="parse_failed") from exc
    axis_core.write(scene, Path(arguments["target"]))
    return {"notes": notes, "missing": [*missing, *absent]}


def _limit(seconds: float) -> None:
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))


def _check_layers(root: Path, folder: Path) -> list[str]:
    """Look at what the layers compose before anything is composed; return the files that are not there.

    Raises
    ------
    InputError
        ``external_uri``: a layer from outside the folder is asked for; ``parse_failed``.
    """
    todo, seen, missing = [root], {root}, []
    while todo:
        path = todo.pop()
        layer = Sdf.Layer.OpenAsAnonymous(str(path))
        if layer is None:
            raise InputError("USD cannot parse the layer", code="parse_failed", hint="Export it again.")
        for asset in layer.GetCompositionAssetDependencies():
            place = (path.parent / asset).resolve()
            if "[" in asset or not place.is_relative_to(folder):
                raise InputError(
                    f"it composes {asset!r:.80}, which lies outside",
                    code="external_uri",
                    hint="Export it as one USDZ package.",
                )
            if not place.is_file():
                missing.append(asset)
            elif place not in seen:
                seen.add(place)
                todo.append(place)
        if len(seen) > MAX_LAYERS:
            raise InputError(f"it composes more than {MAX_LAYERS} layers", code="limit_exceeded")
    return missing
