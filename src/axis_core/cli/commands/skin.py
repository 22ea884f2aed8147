"""``axis skin``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from axis_core.cli.columns import thousands
from axis_core.cli.files import INPUT, make_parents, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.joints import read_skeleton
from axis_core.cli.options import influences_option, output_option
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.stages.skin import Method


__all__ = ["command"]


@click.command("skin", cls=AxisCommand)
@click.argument("source", type=INPUT, metavar="INPUT")
@click.option(
    "--skeleton",
    type=INPUT,
    required=True,
    metavar="FILE",
    help='JSON: [{"name", "parent", "position"}, ...], parents first, null for a root, in the space of INPUT.',
)
@output_option("Where the result goes; the suffix names the format.")
@click.option(
    "--method",
    type=click.Choice(("heat", "voxel", "rigid")),
    default="heat",
    show_default=True,
    help="heat: smooth, through the body. voxel: for broken surfaces. rigid: one joint a vertex.",
)
@influences_option
@click.pass_obj
def command(session: Session, source: Path, skeleton: Path, output: Path, method: Method, max_influences: int) -> None:
    """Weigh INPUT to a given skeleton; joints and mesh stay where they are."""
    from axis_core import door

    refuse_overwriting(output, source, skeleton)
    session.host.format(output.suffix)
    joints = read_skeleton(skeleton)
    with session.progress(source.name) as step:
        step(0.1, f"weighing {joints.n_joints} joints")
        scene = door.skin(source, joints, method=method, max_influences=max_influences, host=session.host)
        make_parents(output)
        files = door.write(scene, output, host=session.host)
    session.result(
        {"files": files, "joint_count": joints.n_joints, "vertex_count": scene.n_vertices, "method": method},
        f"wrote {output}: {thousands(scene.n_vertices)} vertices on {joints.n_joints} joints",
    )
