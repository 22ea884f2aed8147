"""``axis from-photo``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.commands.generate import generated_files
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import DEFAULT_TIER, output_profile_option, platform_option, seed_option, tier_option
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("from-photo", cls=AxisCommand)
@click.argument("front", type=click.Path(path_type=Path), metavar="FRONT.jpg")
@click.option(
    "--view", "views", multiple=True, metavar="LABEL=FILE", help="Another photo: left, right, back, three_quarter, ..."
)
@click.option("--prompt", default="", metavar="TEXT", help='What the photo does not show: "1.82 m, 60 years".')
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A parameter or slider that stays as given.")
@seed_option
@platform_option
@tier_option(DEFAULT_TIER)
@output_profile_option
@click.option("--morphs/--no-morphs", default=True, show_default=True, help="The 52 ARKit face shapes and visemes.")
@click.option(
    "--lods", type=click.IntRange(0, 6), default=2, show_default=True, metavar="N", help="Levels below LOD 0."
)
@click.option("--preview", is_flag=True, help="Draw preview.png too.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE|DIR", help="FILE.glb, or a folder."
)
@click.pass_obj
def command(
    session: Session,
    front: Path,
    views: tuple[str, ...],
    prompt: str,
    values: tuple[str, ...],
    seed: int,
    platform: str,
    tier: str,
    output_profile: str,
    morphs: bool,
    lods: int,
    preview: bool,
    output: Path,
) -> int:
    """Make an avatar from photos of a person; they stay on this machine.

    A photo from head to feet decides the body; of a portrait the face is taken, and the body comes from words.

    \b
      axis from-photo front.jpg -o ann.glb
      axis from-photo front.jpg --view left=side.jpg --prompt "1.72 m" --platform unity -o out
    """
    from axis_core.cli.settings_text import parse_settings
    from axis_core.door import from_photos

    form = output.suffix.lower().lstrip(".") if output.suffix else "glb"
    session.host.format(form)
    session.compile_once()
    with session.progress("fitting") as step:
        result = from_photos(
            {"front": front, **_labelled(views)},
            prompt,
            parameters=parse_settings(values),
            seed=seed,
            platform=platform,
            tier=tier,
            output_profile=output_profile,
            morphs=morphs,
            visemes=morphs,
            lods=lods,
            preview=preview,
            format=form,
            name=output.stem if output.suffix else "avatar",
            progress=step,
            host=session.host,
        )
    return generated_files(session, result, output, prompt=prompt, preset="", seed=seed)


def _labelled(views: tuple[str, ...]) -> dict[str, Path]:
    out: dict[str, Path] = {}
    for text in views:
        label, _, file = text.partition("=")
        if not file:
            raise click.BadParameter(f"{text!r} is not LABEL=FILE", param_hint="--view")
        if label in out or label == "front":
            raise click.BadParameter(f"there are two photos for {label!r}", param_hint="--view")
        out[label] = Path(file)
    return out
