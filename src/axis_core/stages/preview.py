"""``preview``: a picture of the avatar from three sides."""

from __future__ import annotations

import attrs

from axis_core.errors import BackendUnavailable
from axis_core.model.artefact import Artefact
from axis_core.plugin import Context, Outcome, Stage, between, option
from axis_core.render import render


__all__ = ["STAGE", "Options"]


@attrs.frozen(kw_only=True)
class Options:
    """What the picture shows."""

    views: tuple[str, ...] = option(("front", "side", "back"), "sides to look from")
    pose: str = option("", "stress pose; empty: at rest")
    skeleton: bool = option(False, "draw the joints")
    width: int = option(480, "of one view", validator=between(64, 4096), unit="pixels")
    height: int = option(640, "of the picture", validator=between(64, 4096), unit="pixels")


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Render ``preview.png``; without OpenGL the avatar comes without a picture, and says so."""
    context.step(0.05, "drawing")
    try:
        view = render(
            state.scene,
            views=options.views,
            pose=options.pose,
            skeleton=options.skeleton,
            size=(options.width, options.height),
        )
        data = view.png()
    except BackendUnavailable as exc:
        return Outcome(scene=state.scene, lods=state.lods, metrics={"picture": False, "reason": str(exc)})
    picture = Artefact(name="preview.png", role="preview", media_type="image/png", data=data)
    return Outcome(scene=state.scene, lods=state.lods, artefacts=(picture,), metrics={"picture": True})


STAGE = Stage(
    name="preview",
    summary="A picture from three sides.",
    run=run,
    options=Options,
    gives=("files",),
    order=160,
)
