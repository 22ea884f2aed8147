"""``axis rig``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from axis_core.cli.files import INPUT, make_parents, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.joints import Point, parse_joint, read_markers
from axis_core.cli.options import influences_option, output_option, platform_option, seed_option
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.model import Contract


__all__ = ["command", "rig_text"]


@click.command("rig", cls=AxisCommand)
@click.argument("source", type=INPUT, metavar="INPUT")
@output_option("Where the rigged avatar goes; the suffix names the format.")
@platform_option
@click.option(
    "--archetype", default="", metavar="NAME", help="The kind of body, where the guess is wrong: humanoid, ..."
)
@click.option("--joint", "joints", multiple=True, metavar="NAME=x,y,z", help="Where a joint is, in metres; repeatable.")
@click.option("--markers", type=INPUT, metavar="FILE", help='The same from JSON: {"leftKnee": [x, y, z], ...}.')
@click.option(
    "--symmetric/--no-symmetric",
    default=None,
    help="Mirror the joints, or never; by default if the body is a mirror image.",
)
@click.option("--no-fingers", is_flag=True, help="Hands stay whole.")
@click.option(
    "--twist-joints", type=click.IntRange(0, 3), default=0, metavar="N", help="In each long bone of the limbs."
)
@influences_option
@click.option("--force", is_flag=True, help="Replace a rig that INPUT already has.")
@seed_option
@click.pass_obj
def command(
    session: Session,
    source: Path,
    output: Path,
    platform: str,
    archetype: str,
    joints: tuple[str, ...],
    markers: Path | None,
    symmetric: bool | None,
    no_fingers: bool,
    twist_joints: int,
    max_influences: int,
    force: bool,
    seed: int,
) -> None:
    """Give INPUT a skeleton and skin weights; the mesh and its pose stay as they are.

    Joints have VRM 1.0 names (hips, leftUpperLeg, ...) unless a platform has its own. Places given by --joint and
    --markers are in the space of INPUT; leftHip, leftKnee, leftAnkle, leftElbow and leftWrist are understood, too.
    """
    from axis_core import door

    refuse_overwriting(output, source)
    session.host.format(output.suffix)
    if platform:
        session.host.platform(platform)
    session.compile_once(source)
    with session.progress(source.name) as step:
        result = door.rig(
            source,
            platform=platform,
            archetype=archetype,
            markers=_markers(markers, joints),
            symmetric=symmetric,
            fingers=not no_fingers,
            twist_joints=twist_joints,
            max_influences=max_influences,
            force=force,
            seed=seed,
            progress=step,
            host=session.host,
        )
        make_parents(output)
        files = door.write(result.scene, output, host=session.host)
    contract = result.contract
    session.result(
        {"files": files, "rig": contract.rig, "skin": contract.skin, "issues": result.report.counts},
        f"wrote {output}: {rig_text(contract)}",
    )


def rig_text(contract: Contract) -> str:
    """Return what the skeleton is, in a line."""
    rig, skin = contract.rig, contract.skin
    return (
        f"{rig.archetype or 'no archetype'} (confidence {rig.confidence:.2f}), {rig.joint_count} joints, "
        f"at most {skin.max_influences} a vertex"
    )


def _markers(file: Path | None, joints: tuple[str, ...]) -> dict[str, Point]:
    """Return the places of a file, overridden by those of the command line."""
    return {**(read_markers(file) if file is not None else {}), **dict(parse_joint(text) for text in joints)}
