"""``print_ready``: a closed solid in millimetres, standing on the bed, with its thin walls and overhangs told.

A wall is measured from points all over the surface straight inwards to the next surface (the ray method of printing
checkers); an overhang is a face that looks down more steeply than a printer bridges without support.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.stl import write_stl
from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.rays import cast_rays
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.mesh import Mesh
from axis_core.model.quality import make_report
from axis_core.model.scene import Node, Scene
from axis_core.model.soup import scene_soup
from axis_core.platforms.print_solid import closed_solid
from axis_core.plugin import Context, Outcome, Stage, between, option


__all__ = ["STAGE", "Options", "overhang_share", "print_issues", "printable_scene", "wall_thickness"]

SAMPLES = 4000
BED_SHARE = 0.002
"""Of the height: faces this near to the bed are held by it."""


@attrs.frozen(kw_only=True)
class Options:
    """The print."""

    height_mm: float = option(
        150.0, "height of the print; 0 prints the true size", validator=between(0, 5000), unit="mm"
    )
    min_wall_mm: float = option(1.0, "walls thinner than this are told", validator=between(0.05, 20), unit="mm")
    overhang_deg: float = option(
        45.0, "steeper than this from the vertical needs support", validator=between(10, 80), unit="degrees"
    )
    name: str = option("avatar", "file name without suffix")


def printable_scene(scene: Scene, options: Options) -> tuple[Scene, dict[str, float]]:
    """Return one closed mesh in millimetres, Z up, centred on the bed, and what was done.

    Raises
    ------
    CannotFit
        Nothing encloses a volume.
    BackendUnavailable
        ``not_installed``: manifold3d.
    """
    soup = scene_soup(scene)
    if not len(soup.faces):
        raise InputError("there are no triangles to print", code="empty_geometry")
    low, high = soup.bounds
    tall = float(high[1] - low[1])
    factor = options.height_mm / tall if options.height_mm and tall > 0 else 1000.0
    middle = (low + high) / 2
    moved = (np.asarray(soup.positions, np.float64) - [middle[0], low[1], middle[2]]) * factor
    turned = np.stack([moved[:, 0], -moved[:, 2], moved[:, 1]], axis=1)  # Y up to Z up
    solid = closed_solid(turned, soup.faces)
    mesh = Mesh(name="print", positions=solid.positions, faces=solid.faces)
    metrics = {
        "shells_closed": solid.n_exact,
        "shells_sampled": solid.n_sampled,
        "shells_dropped": solid.n_dropped,
        "volume_cm3": round(solid.volume / 1000.0, 3),
        "scale": round(factor / 1000.0, 6),
    }
    return Scene(name=scene.name, meshes=(mesh,), nodes=(Node(name="print", meshes=(0,)),)), metrics


def wall_thickness(mesh: Mesh, samples: int = SAMPLES) -> NDArray[np.float64]:
    """Return (S,) the thickness under points spread over the surface by area, seeded, in the unit of the mesh."""
    corners = mesh.positions[mesh.faces].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(normals, axis=1)
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(areas), samples, p=areas / areas.sum())
    a, b = rng.random((2, samples))
    a, b = np.where(a + b > 1, 1 - a, a), np.where(a + b > 1, 1 - b, b)
    c = corners[chosen]
    points = c[:, 0] + a[:, None] * (c[:, 1] - c[:, 0]) + b[:, None] * (c[:, 2] - c[:, 0])
    inwards = -normals[chosen] / areas[chosen, None]
    lift = 1e-4 * float(np.ptp(mesh.positions, axis=0).max())
    hits = cast_rays(build_bvh(mesh.positions, mesh.faces), points + lift * inwards, inwards)
    return np.asarray(hits.distances + lift, np.float64)


def overhang_share(mesh: Mesh, limit_deg: float) -> float:
    """Return the share of the area that looks down more steeply than ``limit_deg`` from the vertical, bed apart."""
    corners = mesh.positions[mesh.faces].astype(np.float64)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(normals, axis=1)
    down = -normals[:, 2] / np.where(areas > 0, areas, 1.0)
    tall = float(mesh.positions[:, 2].max())
    free = corners[:, :, 2].max(axis=1) > BED_SHARE * tall
    steep = (down > np.sin(np.radians(limit_deg))) & free
    return float(areas[steep].sum() / max(float(areas.sum()), 1e-30))


def print_issues(mesh: Mesh, options: Options) -> tuple[list[Issue], dict[str, float]]:
    """Return what a printer will find difficult, and the numbers."""
    thickness = wall_thickness(mesh)
    thin = float((thickness < options.min_wall_mm).mean())
    overhang = overhang_share(mesh, options.overhang_deg)
    out = []
    if thin > 0:
        least = float(thickness.min())
        message = f"{thin:.1%} of the surface has walls under {options.min_wall_mm:g} mm, the thinnest {least:.2f} mm"
        out.append(issue("PRINT_THIN_WALL", message, value=round(least, 3), limit=options.min_wall_mm))
    if overhang > 0:
        message = f"{overhang:.1%} of the surface hangs over by more than {options.overhang_deg:g} degrees"
        out.append(issue("PRINT_OVERHANG", message, value=round(overhang, 4)))
    return out, {
        "thinnest_mm": round(float(thickness.min()), 3),
        "median_wall_mm": round(float(np.median(thickness)), 3),
        "thin_share": round(thin, 5),
        "overhang_share": round(overhang, 5),
    }


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Close the mesh, measure it, and write the STL."""
    context.step(0.0, "closing the surface")
    scene, metrics = printable_scene(state.scene, options)
    context.step(0.6, "measuring walls and overhangs")
    issues, measured = print_issues(scene.meshes[0], options)
    files = write_stl(scene, name=options.name)
    report = state.report
    if report is not None and issues:
        report = make_report([*report.issues, *issues], facts=report.facts)
    return Outcome(
        scene=state.scene,
        report=report,
        issues=tuple(issues),
        artefacts=files,
        metrics={**metrics, **measured, "triangles": scene.n_triangles, "bytes": len(files[0].data)},
        changes=(f"closed {scene.n_triangles:,} triangles for printing",),
    )


STAGE = Stage(
    name="print",
    summary="A closed solid in millimetres as STL, its walls and overhangs measured.",
    run=run,
    options=Options,
    gives=("files",),
    order=150,
)
"""Not one of the pipeline's own: the output profile ``print_ready`` puts it in the place of ``export``."""
