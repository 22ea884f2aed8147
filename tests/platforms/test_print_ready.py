"""print_ready: closed by an independent library's word, in millimetres, with honest measurements."""

from __future__ import annotations

import io

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

import axis_core
from axis_core.errors import CannotFit, InputError
from axis_core.formats.stl import write_stl
from axis_core.model import Mesh, Node, Scene
from axis_core.platforms.print_ready import Options, overhang_share, print_issues, printable_scene, wall_thickness
from axis_core.platforms.print_solid import closed_solid, is_closed
from axis_core.testing import capsule_person, cube, textured_quad


pytest.importorskip("manifold3d")


def solid_of(data: bytes) -> trimesh.Trimesh:
    loaded = trimesh.load(io.BytesIO(data), file_type="stl")
    assert isinstance(loaded, trimesh.Trimesh)
    return loaded


def one(mesh: Mesh) -> Scene:
    return Scene(meshes=(mesh,), nodes=(Node(meshes=(0,)),))


def box(low: tuple[float, float, float], high: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners and the twelve outward triangles of a box."""
    made = trimesh.creation.box(bounds=[low, high])
    return np.asarray(made.vertices), np.asarray(made.faces)


def joined(*parts: tuple[np.ndarray, np.ndarray]) -> Mesh:
    counts = np.cumsum([0, *(len(p) for p, _ in parts)])
    faces = np.vstack([f + n for (_, f), n in zip(parts, counts)])
    return Mesh(positions=np.vstack([p for p, _ in parts]), faces=faces)


def test_a_person_of_capsules_is_one_solid_standing_on_the_bed() -> None:
    scene, told = printable_scene(capsule_person(), Options(height_mm=120))
    solid = solid_of(write_stl(scene, name="a")[0].data)
    assert solid.is_volume
    assert solid.extents[2] == pytest.approx(120, abs=0.05)
    assert solid.bounds[0][2] == pytest.approx(0, abs=0.01)
    assert told["volume_cm3"] == pytest.approx(solid.volume / 1000, rel=1e-3)


def test_zero_height_prints_the_true_size() -> None:
    scene, _ = printable_scene(cube(), Options(height_mm=0))
    size = np.ptp(cube().meshes[0].positions, axis=0).max()
    np.testing.assert_allclose(np.ptp(scene.meshes[0].positions, axis=0).max(), 1000 * size, rtol=1e-5)


def test_what_faced_the_viewer_faces_minus_y_on_the_bed() -> None:
    nose = joined(box((-1, 0, -1), (1, 2, 1)), box((-0.1, 1, 0.9), (0.1, 1.2, 2)))
    scene, _ = printable_scene(one(nose), Options(height_mm=0))
    assert scene.meshes[0].positions[:, 1].min() < -1400
    assert scene.meshes[0].positions[:, 1].max() < 1600


def test_overlapping_boxes_have_the_volume_of_their_union() -> None:
    mesh = joined(box((0, 0, 0), (2, 1, 1)), box((1, 0, 0), (3, 1, 1)))
    solid = closed_solid(mesh.positions, mesh.faces)
    assert solid.volume == pytest.approx(3.0, rel=1e-4)


def test_a_hole_is_closed_and_an_inside_out_box_is_turned() -> None:
    points, faces = box((0, 0, 0), (1, 1, 1))
    assert closed_solid(points, faces[2:]).volume == pytest.approx(1.0, rel=0.35)
    assert closed_solid(points, faces[:, ::-1]).volume == pytest.approx(1.0, rel=1e-5)


def test_boxes_that_touch_along_an_edge_are_still_closed() -> None:
    mesh = joined(box((0, 0, 0), (1, 1, 1)), box((1, 1, 0), (2, 2, 1)))
    solid = closed_solid(mesh.positions, mesh.faces)
    assert is_closed(solid.positions, solid.faces)
    assert solid.volume == pytest.approx(2.0, rel=1e-3)


def test_a_shell_that_is_no_manifold_is_sampled() -> None:
    points, faces = box((0, 0, 0), (1, 1, 1))
    fin = np.array([[0, 1, 2]])  # a third face on an edge, across the box
    solid = closed_solid(points, np.vstack([faces, [[faces[0][0], faces[0][1], 7 - faces[0][0]]], fin]))
    assert is_closed(solid.positions, solid.faces)
    assert solid.volume == pytest.approx(1.0, rel=0.1)


def test_a_sheet_cannot_be_printed() -> None:
    with pytest.raises(CannotFit, match="encloses a volume"):
        printable_scene(textured_quad(), Options())
    with pytest.raises(InputError, match="no triangles"):
        printable_scene(Scene(), Options())


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_any_heap_of_boxes_becomes_closed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = []
    for _ in range(4):
        low = rng.integers(0, 4, 3)
        parts.append(box(tuple(low), tuple(low + rng.integers(1, 4, 3))))
    mesh = joined(*parts)
    solid = closed_solid(mesh.positions, mesh.faces)
    assert is_closed(solid.positions, solid.faces)
    low, high = mesh.positions.min(axis=0), mesh.positions.max(axis=0)
    np.testing.assert_allclose(solid.positions.min(axis=0), low, atol=1e-3)
    np.testing.assert_allclose(solid.positions.max(axis=0), high, atol=1e-3)


def test_the_wall_of_a_plate_is_its_thickness() -> None:
    plate = joined(box((0, 0, 0), (50, 50, 0.6)))
    thickness = wall_thickness(plate)
    assert np.median(thickness) == pytest.approx(0.6, abs=0.01)
    issues, measured = print_issues(plate, Options(min_wall_mm=1.0))
    assert {i.code for i in issues} >= {"PRINT_THIN_WALL"}
    assert measured["thin_share"] > 0.9
    assert not [i for i in print_issues(plate, Options(min_wall_mm=0.5))[0] if i.code == "PRINT_THIN_WALL"]


def test_a_table_hangs_over_and_a_cone_does_not() -> None:
    table = joined(box((4, 4, 0), (6, 6, 10)), box((0, 0, 10), (10, 10, 11)))
    under = (100 - 4) / (2 * 100 + 4 * 10 + 4 * 2 * 10 + 2 * 4)
    assert overhang_share(table, 45) == pytest.approx(under, abs=0.05)
    cone = trimesh.creation.cone(radius=5, height=10)
    assert overhang_share(Mesh(positions=cone.vertices, faces=cone.faces), 45) == 0


def test_the_output_profile_gives_an_stl_and_its_record() -> None:
    result = axis_core.process(
        capsule_person(), output_profile="print_ready", options={"print": {"height_mm": 100.0, "name": "figure"}}
    )
    assert result.ok
    (stl,) = [a for a in result.artefacts if a.name.endswith(".stl")]
    assert stl.name == "figure.stl"
    assert solid_of(stl.data).is_volume
    assert "print" in result.metrics
    assert not [a for a in result.artefacts if a.name.endswith(".glb")]


def test_an_unknown_option_of_the_print_is_refused() -> None:
    with pytest.raises(InputError):
        axis_core.process(cube(), output_profile="print_ready", options={"print": {"colour": "red"}})
