"""What is painted once and kept: found again, never trusted when damaged, no matter who writes at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import attrs
import numpy as np
import pytest

from axis_core.assets import cache_root
from axis_core.body.data import BodyMesh, load_mesh
from axis_core.body.textures.fields import kept_fields
from axis_core.body.textures.kept import kept_arrays, kept_bytes, paint_folder
from axis_core.body.textures.skin import SkinPaint, _fields, _painted, skin_image


pytestmark = pytest.mark.usefixtures("body_pack")
SIDE = 64


@pytest.fixture
def mesh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BodyMesh:
    """The base mesh, with an empty cache for what is painted."""
    mesh = load_mesh()
    monkeypatch.setenv("AXIS_CACHE_DIR", str(tmp_path))
    return mesh


def _never() -> dict[str, np.ndarray]:
    raise AssertionError("made anew")


def _files() -> list[Path]:
    return sorted(paint_folder().iterdir())


def test_what_was_made_once_is_found_again(mesh: BodyMesh) -> None:
    made: dict[str, np.ndarray] = {
        "a": np.arange(12, dtype=np.int8).reshape(3, 4),
        "b": np.linspace(0, 1, 5, dtype=np.float32),
    }
    kept_arrays("thing", mesh, SIDE, lambda: made)
    found = kept_arrays("thing", mesh, SIDE, _never)
    assert {k: (v.dtype, v.tolist()) for k, v in found.items()} == {k: (v.dtype, v.tolist()) for k, v in made.items()}
    assert kept_bytes("picture", mesh, SIDE, lambda: b"\x00\xff") == kept_bytes("picture", mesh, SIDE, bytes)


def test_other_sizes_names_and_meshes_do_not_share(mesh: BodyMesh) -> None:
    moved = attrs.evolve(mesh, vertices=mesh.vertices + 0.001)
    made = [("a", mesh, 64), ("b", mesh, 64), ("a", mesh, 65), ("a", moved, 64)]
    for k, (name, of, side) in enumerate(made):
        kept_bytes(name, of, side, partial(bytes, [k]))
    assert [kept_bytes(name, of, side, bytes) for name, of, side in made] == [b"\x00", b"\x01", b"\x02", b"\x03"]


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "flipped"])
def test_a_damaged_file_is_made_anew_and_mended(mesh: BodyMesh, damage: str) -> None:
    made = {"a": np.arange(1000, dtype=np.int32)}
    kept_arrays("thing", mesh, SIDE, lambda: made)
    (file,) = _files()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    bad = {"cut": bytes(data[:700]), "empty": b"", "garbage": b"\x80\x04K\x01.", "flipped": bytes(data)}
    file.write_bytes(bad[damage])
    assert kept_arrays("thing", mesh, SIDE, lambda: made)["a"].tolist() == list(range(1000))
    assert kept_arrays("thing", mesh, SIDE, _never)["a"].tolist() == list(range(1000))


def test_objects_are_never_kept(mesh: BodyMesh) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        kept_arrays("thing", mesh, SIDE, lambda: {"a": np.array([{}], dtype=object)})
    assert _files() == []


def test_many_that_write_at_once_leave_one_whole_file(mesh: BodyMesh) -> None:
    made = {"a": np.arange(100_000)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept_arrays("thing", mesh, SIDE, lambda: made)["a"].sum(), range(24)))
    assert set(found) == {made["a"].sum()}
    assert [f.suffix for f in _files()] == [".npz"]


def test_a_cache_that_cannot_be_written_only_costs_time(mesh: BodyMesh) -> None:
    (cache_root() / "paint").write_bytes(b"a file where the folder should be")
    assert kept_bytes("picture", mesh, SIDE, lambda: b"one") == b"one"
    assert kept_bytes("picture", mesh, SIDE, lambda: b"two") == b"two"


def test_the_folders_of_older_versions_are_deleted_but_two(mesh: BodyMesh) -> None:
    for name in "abcde":
        (cache_root() / "paint" / name).mkdir(parents=True)
    kept_bytes("picture", mesh, SIDE, bytes)
    assert len(list((cache_root() / "paint").iterdir())) == 3


def test_skin_from_the_cache_is_the_skin_painted_anew(mesh: BodyMesh) -> None:
    paint = SkinPaint(tone=(0.8, 0.6, 0.5), hair=(0.2, 0.1, 0.1), brows=(0.2, 0.1, 0.1), beard="full", freckles=0.5)
    pictures = []
    for _ in range(2):
        _fields.cache_clear()
        pictures.append(skin_image.__wrapped__(mesh, paint, SIDE))
        assert len(_files()) == 1
    assert pictures[0] == pictures[1]


def test_fields_keep_their_values_to_a_hundredth(mesh: BodyMesh) -> None:
    texels, fields = _painted(mesh, SIDE)
    kept = kept_fields("skin", mesh, SIDE, lambda: (texels, fields))
    kept = kept_fields("skin", mesh, SIDE, lambda: pytest.fail("made anew"))
    assert np.array_equal(kept.nearest, texels.nearest)
    for name, values in fields.items():
        assert np.abs(kept[name] - values).max() <= 0.00501, name
