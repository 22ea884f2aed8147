"""Godot: no exported name makes the importer do something."""

from __future__ import annotations

import attrs
from hypothesis import given
from hypothesis import strategies as st

from axis_core.formats.glb import GLB
from axis_core.formats.gltf.read import read_gltf
from axis_core.platforms import godot
from axis_core.platforms.export import GODOT_SUFFIXES
from axis_core.testing import cube


ACTING = ("hair-col", "Body_noimp", "skirt$convcolonly", "x-RIGID", "sea_navmesh", "a_wheel")


@given(st.one_of(st.sampled_from(ACTING), st.text(max_size=12)))
def test_a_plain_name_is_no_hint_and_stays_as_it_is(name: str) -> None:
    plain = godot.plain_name(name)
    assert not GODOT_SUFFIXES.search(plain)
    assert godot.plain_name(plain) == plain
    assert plain == name or GODOT_SUFFIXES.search(name)


def test_exported_files_have_no_names_that_act() -> None:
    scene = cube()
    scene = attrs.evolve(
        scene,
        nodes=[attrs.evolve(n, name="crate-col") for n in scene.nodes],
        meshes=[attrs.evolve(m, name="crate_noimp") for m in scene.meshes],
    )
    (file,) = godot.export(scene, name="a", format=GLB)
    back = read_gltf(file.data)
    names = [*(n.name for n in back.nodes), *(m.name for m in back.meshes)]
    assert names
    assert not [n for n in names if GODOT_SUFFIXES.search(n)]
