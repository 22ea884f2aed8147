"""``preview``: an avatar, its levels of detail and what it was made of, as one HTML page that opens anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from axis_core.errors import InputError, LimitExceeded
from axis_core.formats import read_path, write_scene
from axis_core.model.scene import Scene
from axis_core.plugin.host import PluginHost
from axis_core.render.page import PageModel, pose_matrices, viewer_page
from axis_core.runs import default_host


__all__ = ["preview", "scene_facts"]

MAX_BYTES = 256 * 1024 * 1024
"""Of all models of a page together: browsers keep the page's text, the decoded bytes and the model at a time."""


def preview(
    avatar: Scene | Path | str,
    *,
    levels: Sequence[Scene | Path | str] = (),
    before: Scene | Path | str | None = None,
    title: str = "",
    clip: str = "",
    host: PluginHost | None = None,
) -> str:
    """Return one HTML page in which ``avatar`` can be turned, bent into the stress poses and moved by its face shapes.

    The page holds all it needs: it opens from a disk, without a network, and runs no script but its own.

    Parameters
    ----------
    avatar : Scene or path
        The finest level.
    levels : sequence of Scene or path
        Further levels of detail.
    before : Scene or path, optional
        What the avatar was made of, for a divided view.
    title : str
        The heading; the name of the file by default.
    clip : str
        The animation that plays at first.

    Raises
    ------
    InputError
        A file that cannot be read; no such clip.
    LimitExceeded
        More than 256 MiB of models.
    BackendUnavailable
        ``not_installed``: this package was built without its web pages.

    Examples
    --------
    >>> from axis_core.testing import capsule_person
    >>> page = preview(capsule_person(), title="Capsule")  # doctest: +SKIP
    """
    used = host or default_host()
    scenes = [_scene(source, used) for source in (avatar, *levels)]
    names = [clip_.name for clip_ in scenes[0].animations]
    if clip and clip not in names:
        told = f"It has {', '.join(names)}." if names else "It has none."
        raise InputError(f"there is no clip {clip!r} in this file", pointer="/clip", hint=told)
    models = [_model(f"LOD {k}", scene, used) for k, scene in enumerate(scenes)]
    original = None if before is None else _model("Before", _scene(before, used), used)
    size = sum(len(m.data) for m in [*models, *([original] if original else [])])
    if size > MAX_BYTES:
        raise LimitExceeded(
            f"the models have {size:,} bytes, a page may hold {MAX_BYTES:,}",
            pointer="/levels",
            hint="Preview fewer levels, or decimate first.",
        )
    name = title or (Path(avatar).stem if isinstance(avatar, str | Path) else "Avatar")
    return viewer_page(
        models, title=name, poses=pose_matrices(scenes[0]), facts=scene_facts(scenes[0]), before=original, clip=clip
    )


def scene_facts(scene: Scene) -> list[tuple[str, str]]:
    """Return what a page says about a file: rows of name and value."""
    low, high = _extent(scene)
    kinds = sorted({t.media_type.removeprefix("image/") for t in scene.textures})
    return [
        ("Height", f"{high - low:.2f} m"),
        ("Meshes", str(len(scene.meshes))),
        ("Materials", str(len(scene.materials))),
        ("Textures", f"{len(scene.textures)}" + (f" ({', '.join(kinds)})" if kinds else "")),
        ("Clips", str(len(scene.animations))),
    ]


def _extent(scene: Scene) -> tuple[float, float]:
    heights = [scene.world_positions(m, n)[:, 1] for n, m in scene.instances() if scene.meshes[m].n_vertices]
    return (min(float(h.min()) for h in heights), max(float(h.max()) for h in heights)) if heights else (0.0, 0.0)


def _scene(source: Scene | Path | str, host: PluginHost) -> Scene:
    return source if isinstance(source, Scene) else read_path(Path(source), formats=host.formats)


def _model(name: str, scene: Scene, host: PluginHost) -> PageModel:
    """Return the scene as a plain GLB: whatever its file was compressed with, the page needs no decoder."""
    return PageModel(name=name, data=write_scene(scene, name="model.glb", format=host.format("glb"))[0].data)
