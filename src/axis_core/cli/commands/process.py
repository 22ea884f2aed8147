"""``axis process``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.files import find_inputs
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import (
    DEFAULT_TIER,
    PROFILES,
    output_profile_option,
    platform_option,
    seed_option,
    tier_option,
)
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("process", cls=AxisCommand)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Where the results go; with several inputs into one folder each.",
)
@platform_option
@tier_option(DEFAULT_TIER)
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    default="default",
    show_default=True,
    help="default: mend, fail on errors left. strict: mend nothing, fail on warnings. lenient: only report.",
)
@output_profile_option
@click.option(
    "--format", "form", default="glb", show_default=True, metavar="NAME", help="What to write: glb, gltf, ..."
)
@click.option("--jobs", type=click.IntRange(0), default=1, metavar="N", help="Processes at once; 0: one a core.")
@click.option("--executor", default="", metavar="dask://HOST:PORT", help="Have the work done by a Dask cluster.")
@seed_option
@click.option(
    "--option", "options", multiple=True, metavar="STAGE.KEY=VALUE", help="An option of a stage; see `axis stages`."
)
@click.pass_obj
def command(
    session: Session,
    inputs: tuple[str, ...],
    output: Path,
    platform: str,
    tier: str,
    profile: str,
    output_profile: str,
    form: str,
    jobs: int,
    executor: str,
    seed: int,
    options: tuple[str, ...],
) -> int:
    """Turn each INPUT into an avatar: clean mesh, skeleton, weights, levels of detail, and the record of it.

    INPUT is a file, a folder (every file in it that can be read) or a quoted pattern. One bad file stops none of the
    others. Each result has avatar.glb, avatar_LOD1.glb ..., contract.json, report.json and preview.png.
    """
    from axis_core.cli.batch import Request, run_batch
    from axis_core.cli.stage_options import parse_stage_options

    host = session.host
    host.format(form)
    if platform:
        host.platform(platform)
    suffixes = {suffix for record in host.formats if record.read is not None for suffix in record.suffixes}
    request = Request(
        sources=find_inputs(inputs, suffixes),
        output=output,
        platform=platform,
        tier=tier,
        profile=profile,
        output_profile=output_profile,
        format=form,
        jobs=jobs,
        executor=executor,
        seed=seed,
        options=parse_stage_options(options, host),
    )
    return run_batch(session, request)
