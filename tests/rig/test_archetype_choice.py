"""Which kind of body a mesh is taken for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.rig import animal_bodies as bodies

import axis_core
from axis_core.rig.analysis import analyses
from axis_core.rig.placement import Placement, _is_lump, place
from axis_core.stages.rig import strip_rig
from axis_core.testing import cube


ANIMALS = {
    "dog": "quadruped",
    "block_cow": "quadruped",
    "raptor": "theropod",
    "gliding_bird": "bird",
    "standing_bird": "bird",
    "snake": "serpent",
    "spider": "insect",
    "fish": "fish",
}
PROPS = ("table", "chair", "sword", "tree", "cart")

REAL = {
    "animals_pack_Fox": "quadruped",
    "easy_enemies_pack_Frog": "quadruped",
    "dinosaurs_pack_Velociraptor": "theropod",
    "easy_enemies_pack_Spider": "insect",
    "modular_men_Suit": "humanoid",
}


@pytest.mark.parametrize("name", ANIMALS)
def test_animals_built_in_code_are_taken_for_what_they_are(name: str) -> None:
    placement = bodies.placed(name)
    assert placement.archetype == ANIMALS[name], placement.scores
    assert placement.confidence > 0.05


@pytest.mark.parametrize("name", PROPS)
def test_furniture_weapons_and_vehicles_stay_props(name: str) -> None:
    placement = bodies.placed(name)
    assert placement.archetype == "prop", placement.scores


def test_a_rough_tree_is_round_and_a_person_at_attention_is_not() -> None:
    vertices, faces = bodies.tree()
    rough = vertices + np.random.default_rng(3).normal(size=vertices.shape) * 0.01
    assert place(rough, faces).scores["prop"] > 0.9
    assert place(*bodies.person_at_attention()).scores["prop"] < 0.6


def test_a_straight_snake_is_no_pole() -> None:
    pole = bodies.tube(np.linspace([0, 0, -1], [0, 0, 1], 40), np.full(40, 0.05))
    assert place(*bodies.snake(winds=0.0)).archetype == "serpent"
    assert place(*pole).archetype == "prop"


@pytest.mark.parametrize("name", ["dog", "spider", "raptor"])
def test_z_up_files_and_odd_scales_give_the_same_choice(name: str) -> None:
    vertices, faces = getattr(bodies, name)()
    z_up = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    placement = place(100.0 * vertices @ z_up.T, faces)
    assert placement.archetype == ANIMALS[name]
    assert _up(placement) @ [0.0, 0.0, 1.0] > 0.99


@pytest.mark.parametrize("name", ["dog", "raptor"])
def test_animals_turned_freely_are_stood_on_their_feet(name: str) -> None:
    vertices, faces = getattr(bodies, name)()
    turn = Rotation.random(random_state=1).as_matrix()
    placement = place(vertices @ turn.T, faces)
    assert placement.archetype == ANIMALS[name], placement.scores
    assert _up(placement) @ turn[:, 1] > 0.98


@pytest.mark.parametrize("name", ["dog", "raptor", "fish"])
def test_animals_that_face_backwards_are_turned_head_first(name: str) -> None:
    vertices, faces = getattr(bodies, name)()
    placement = place(vertices * [-1.0, 1.0, -1.0], faces)
    head = placement.skeleton.positions[placement.skeleton.index("head")]
    assert head[2] < -0.3
    assert placement.frame[2, 2] < 0.0


@pytest.mark.parametrize("stem", REAL)
def test_real_characters_are_taken_for_what_they_are(groundtruth: Path, stem: str) -> None:
    bare = strip_rig(axis_core.read(groundtruth / "quaternius" / f"{stem}.glb"))
    vertices, faces = bodies.merged([(mesh.positions, mesh.faces) for mesh in bare.meshes])
    placement = place(vertices, faces)
    assert placement.archetype == REAL[stem], placement.scores


def _up(placement: Placement) -> np.ndarray:
    return placement.frame[1, :3] / np.linalg.norm(placement.frame[1, :3])


def test_what_fills_its_hull_is_a_lump_whichever_way_it_is_turned() -> None:
    solid = cube(0.6).meshes[0]
    turn = Rotation.random(random_state=2).as_matrix()
    for points in (solid.positions, solid.positions @ turn.T):
        assert place(points, solid.faces).archetype == "prop"
    body = bodies.dog()
    figure = next(analyses(*body))
    assert not _is_lump(figure)
