"""Files of other programs: read or clearly refused, and damaged ones never worse than that."""

from __future__ import annotations

import numpy as np
import pytest
from axis_importer_assimp.read import fbx_version, read_scene

from axis_core.plugin import AxisError, InputError, Scene

from .conftest import cases


GOOD, DAMAGED = cases("good"), cases("damaged")
OLD = [p for p in GOOD if (fbx_version(p.read_bytes()) or 0) < 7100]
EMPTY = {
    "blender_402_ortho_scale_unit_7400_binary",
    "maya_camera_light_axes_y_up_7700_ascii",
    "maya_character_7500_ascii",
}
SKINNED = {"maya_advanced_skinned_pivot_7700_ascii", "maya_transformed_skin_7700_ascii"}
SAMPLE = {
    "blender_282_suzanne_7400_binary",
    "maya_anim_layers_acc_7500_binary",
    "maya_shaderfx_pbs_material_7700_ascii",
}


def read(path) -> Scene:
    return read_scene(path.read_bytes(), name=path.name, companions={}.get, kind="fbx")


@pytest.mark.usefixtures("good")
def test_the_ten_old_ones_are_refused():
    assert len(OLD) == 10
    for path in OLD:
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.code == "unsupported_format"


@pytest.mark.parametrize("path", [p for p in GOOD if p.stem in SAMPLE | SKINNED], ids=lambda p: p.stem)
def test_a_good_file_is_read_with_what_it_holds(path):
    scene = read(path)
    assert scene.n_triangles > 0
    assert bool(scene.skins) == (path.stem in SKINNED)
    assert bool(scene.animations) == ("anim" in path.stem or path.stem == "maya_transformed_skin_7700_ascii")
    assert all(np.isfinite(m.positions).all() for m in scene.meshes)


@pytest.mark.conformance
@pytest.mark.parametrize("path", [p for p in GOOD if p not in OLD], ids=lambda p: p.stem)
def test_every_good_file_is_read_or_has_no_triangles(path):
    if path.stem in EMPTY:
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.code == "empty_geometry"
        return
    scene = read(path)
    assert scene.n_triangles > 0
    assert not any("AssimpFbx" in n.name for n in scene.nodes)


def read_or_refused(path) -> None:
    try:
        outcome = "read" if read(path).n_triangles else "nothing"
    except AxisError as error:
        outcome = error.code
    assert outcome in ("read", "parse_failed", "limit_exceeded", "empty_geometry", "unsupported_format")


@pytest.mark.parametrize("path", DAMAGED[::16], ids=lambda p: p.stem)
def test_a_damaged_file_is_read_or_refused(path):
    read_or_refused(path)


@pytest.mark.conformance
@pytest.mark.parametrize("path", DAMAGED, ids=lambda p: p.stem)
def test_every_damaged_file_is_read_or_refused(path):
    read_or_refused(path)
