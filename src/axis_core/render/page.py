"""The viewer page: one HTML file in which a person turns an avatar, bends it and moves its face."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import BackendUnavailable, CannotFit
from axis_core.model.scene import Scene
from axis_core.model.upright import main_skin
from axis_core.render.posing import pose_motions
from axis_core.render.stress_poses import POSES


__all__ = ["PageModel", "bundled_text", "pose_matrices", "viewer_page"]

Matrix = NDArray[np.float64]

POLICY = (
    "default-src 'none'; script-src {script} 'wasm-unsafe-eval'; style-src {style}; img-src data: blob:; "
    "connect-src {connect}; base-uri 'none'; form-action 'none'"
)
"""What the page may do: run its own script, draw its own pictures, load its own models. Textures of a GLB are blobs."""


@attrs.frozen(kw_only=True)
class PageModel:
    """A GLB on the page: its bytes, or a link of the same origin from which the page gets them."""

    name: str
    data: bytes = b""
    url: str = ""


def bundled_text(name: str) -> str:
    """Return a file of the bundle that was made when the package was built.

    Raises
    ------
    BackendUnavailable
        ``not_installed``: the package was built on a machine without Node.
    """
    place = files("axis_core.render") / "web" / "bundle" / name
    if not place.is_file():
        raise BackendUnavailable(
            "the viewer is not part of this installation: it was built where there was no Node",
            code="not_installed",
            hint="Install Node 20 or newer, then build the package again: pip install . (or -e .)",
        )
    return place.read_text(encoding="utf-8")


def pose_matrices(scene: Scene) -> dict[str, dict[str, list[float]]]:
    """Return every stress pose that the rig of ``scene`` can take: pose -> node -> its local matrix.

    Nodes are those of the glTF file that ``scene`` was read from or is written to; matrices are column-major, 16
    numbers, as in glTF. Without a rig, nothing.
    """
    skin = main_skin(scene)
    if skin is None:
        return {}
    out = {}
    for pose in POSES:
        if pose == "rest":
            continue
        try:
            motions = pose_motions(scene, pose)
        except CannotFit:
            continue  # this rig lacks the bones of this pose
        out[pose] = _local_matrices(scene, skin, motions)
    return out


def _local_matrices(scene: Scene, skin: int, motions: Matrix) -> dict[str, list[float]]:
    posed = motions @ _bound_matrices(scene, skin)
    out = {}
    for node in scene.skins[skin].joints:
        parent = scene.nodes[node].parent
        local = posed[node] if parent is None else np.linalg.pinv(posed[parent]) @ posed[node]
        out[str(node)] = [round(float(v), 6) for v in local.T.ravel()]
    return out


def _bound_matrices(scene: Scene, skin: int) -> Matrix:
    """Return the (N, 4, 4) places of all nodes in world space, joints where they are bound."""
    out = scene.world_matrices()
    joints = list(scene.skins[skin].joints)
    holder = next((n for n, node in enumerate(scene.nodes) if node.skin == skin), None)
    if holder is not None:
        inverse = np.asarray(scene.skins[skin].inverse_bind, np.float64)
        out[joints] = scene.bind_matrix(holder) @ np.linalg.pinv(inverse)
    return out


def viewer_page(
    levels: Sequence[PageModel],
    *,
    title: str,
    poses: Mapping[str, Mapping[str, list[float]]],
    facts: Sequence[tuple[str, str]] = (),
    before: PageModel | None = None,
    clip: str = "",
    nonce: str = "",
) -> str:
    """Return the page as HTML text.

    Parameters
    ----------
    levels : sequence of PageModel
        Levels of detail, the finest first; at least one.
    poses : mapping
        As ``pose_matrices`` gives them.
    facts : sequence of (name, value)
        Rows of "About this file".
    before : PageModel, optional
        What the avatar was made of, for a divided view.
    clip : str
        The animation that plays at first.
    nonce : str
        For a page that a server sends with a policy of its own. Without one the page carries its policy: only its own
        script and style, known by their hashes, and no connection but to itself. Such a file opens from a disk.

    Raises
    ------
    ValueError
        Without a level.
    BackendUnavailable
        ``not_installed``: the package was built without Node.
    """
    if not levels:
        raise ValueError("a page needs at least one level")
    script, style = bundled_text("viewer.js"), bundled_text("viewer.css")
    models = [(f"axis-model-{k}", model) for k, model in enumerate([*levels, *([before] if before else [])])]
    data = {
        "title": title,
        "levels": [_place(key, model) for key, model in models[: len(levels)]],
        "poses": poses,
        "clip": clip,
        "facts": [list(row) for row in facts],
    }
    if before:
        data["before"] = _place(*models[-1])
    mark = f' nonce="{html.escape(nonce)}"' if nonce else ""
    policy = "" if nonce else f'<meta http-equiv="Content-Security-Policy" content="{_own_policy(script, style)}">'
    stored = "".join(
        f'<script type="application/octet-stream" id="{key}">{base64.b64encode(model.data).decode()}</script>'
        for key, model in models
        if not model.url
    )
    name = html.escape(title)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{policy}<title>{name}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<style{mark}>{style}</style></head>'
        f'<body><main class="axis-page"><div class="axis-stage" id="axis-stage"></div>'
        f'<section class="axis-side" aria-label="Controls"><h1>{name}</h1><div id="axis-panel"></div></section></main>'
        f'<script type="application/json" id="axis-data">{_json(data)}</script>{stored}'
        f"<script{mark}>{script}</script></body></html>"
    )


def _place(key: str, model: PageModel) -> dict[str, str]:
    return {"name": model.name, "url": model.url} if model.url else {"name": model.name, "element": key}


def _json(data: Any) -> str:
    """Return JSON that ends no element it stands in."""
    return json.dumps(data).replace("<", "\\u003c")


def _own_policy(script: str, style: str) -> str:
    return POLICY.format(script=_hash(script), style=_hash(style), connect="blob: data:")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
