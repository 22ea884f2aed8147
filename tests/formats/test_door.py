"""The door: content before suffix, companions, archives, paths."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import attrs
import pytest

from axis_core.errors import AxisError, BackendUnavailable, InputError, LimitExceeded, NotFound, StoreError
from axis_core.formats import FORMATS, Limits, folder_companions, read_path, read_scene, write_scene
from axis_core.formats.glb import GLB
from axis_core.plugin.kinds import Format
from axis_core.testing import check_format
from axis_core.testing.scenes import cube, textured_quad


BY_NAME = {record.name: record for record in FORMATS}


def read(data: bytes, name: str, **options: Any) -> Any:
    return read_scene(data, name=name, formats=FORMATS, **options)


def cube_bytes(format_name: str) -> bytes:
    return write_scene(cube(), name="cube", format=BY_NAME[format_name])[0].data


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("record", FORMATS, ids=lambda r: r.name)
def test_every_format_keeps_the_promises_of_its_record(record: Format) -> None:
    check_format(record)


@pytest.mark.parametrize("actual", ["glb", "gltf", "obj", "stl"])
@pytest.mark.parametrize("claimed", ["cube", "cube.txt", "cube.v2", ""])
def test_content_decides_where_the_name_says_nothing(actual: str, claimed: str) -> None:
    scene = read(cube_bytes(actual), claimed)
    assert scene.source_format == actual
    assert scene.n_triangles == 12


@pytest.mark.parametrize("actual", ["glb", "gltf", "obj", "stl"])
@pytest.mark.parametrize("claimed", ["cube.glb", "cube.gltf", "cube.obj", "cube.stl", "cube.ply", "cube.fbx"])
def test_a_name_that_says_another_format_is_refused_with_the_right_one(actual: str, claimed: str) -> None:
    if claimed == f"cube.{actual}":
        assert read(cube_bytes(actual), claimed).source_format == actual
        return
    with pytest.raises(InputError, match=f"holds {actual}") as caught:
        read(cube_bytes(actual), claimed)
    assert caught.value.code == "wrong_suffix"
    assert f"cube.{actual}" in str(caught.value.hint)


def test_a_glb_that_is_called_vrm_is_read_as_one() -> None:
    assert read(cube_bytes("glb"), "me.VRM").source_format == "vrm"


@pytest.mark.parametrize(
    ("data", "name", "code", "word"),
    [
        (b"", "a.glb", "parse_failed", "empty"),
        (b"\0" * 900, "a.stl", "parse_failed", "blanks"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a.glb", "lfs_pointer", "git lfs pull"),
        (b"<!DOCTYPE html><html>", "a.glb", "unsupported_format", "web page"),
        (b"\n <HTML>", "a.obj", "unsupported_format", "web page"),
        (b"Kaydara FBX Binary  \0\x1a\0", "a.fbx", "not_installed", "axis-importer-assimp"),
        (b"; FBX 7.4.0 project file", "a.obj", "not_installed", "axis-importer-assimp"),
        (b"PXR-USDC", "a.usd", "not_installed", "axis-importer-usd"),
        (b"<COLLADA>", "a.dae", "not_installed", "axis-importer-assimp"),
        (b"\x1f\x8b\x08", "a.glb", "unsupported_format", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "a.glb", "unsupported_format", "PNG"),
        (b"hello there", "a.xyz", "unsupported_format", "unknown format"),
        (b"hello there", "a.glb", "parse_failed", "neither a GLB"),
        (b"hello there", "a.gltf", "parse_failed", "JSON"),
        (b"hello there", "a.obj", "empty_geometry", "no faces"),
        (b"hello there", "a.stl", "parse_failed", "truncated"),
        (b"hello there", "a.ply", "parse_failed", "header"),
    ],
)
def test_what_is_no_mesh_is_refused_with_what_to_do(data: bytes, name: str, code: str, word: str) -> None:
    with pytest.raises(AxisError) as caught:
        read(data, name)
    assert caught.value.code == code
    assert word in str(caught.value)


def test_a_plugin_that_recognises_the_bytes_comes_before_the_advice_to_install_one() -> None:
    fbx = Format(
        name="fbx",
        suffixes=(".fbx",),
        media_types=("model/fbx",),
        sniff=lambda head: head.startswith(b"Kaydara"),
        read=lambda data, *, name, companions: cube(),
    )
    assert read_scene(b"Kaydara FBX Binary", name="a.fbx", formats=(*FORMATS, fbx)).n_triangles == 12
    missing = attrs.evolve(fbx, available=lambda: "pip install something")
    with pytest.raises(BackendUnavailable, match="pip install something"):
        read_scene(b"Kaydara FBX Binary", name="a.fbx", formats=(*FORMATS, missing))


def test_limits_hold_for_readers_that_do_not_know_them() -> None:
    foreign = Format(
        name="x",
        suffixes=(".x",),
        media_types=("model/x",),
        sniff=lambda head: head.startswith(b"X"),
        read=lambda data, *, name, companions: cube(),
    )
    with pytest.raises(LimitExceeded):
        read_scene(b"X", name="a.x", formats=[foreign], limits=Limits(triangles=10))


def test_what_can_only_be_read_is_not_written() -> None:
    with pytest.raises(InputError) as caught:
        write_scene(cube(), name="a", format=BY_NAME["ply"])
    assert caught.value.code == "unsupported_format"


@pytest.mark.parametrize("name", ["avatar", "avatar.glb"])
def test_the_suffix_is_added_once(name: str) -> None:
    assert write_scene(cube(), name=name, format=GLB)[0].name == "avatar.glb"


def test_extras_of_the_asset_go_where_the_format_can_hold_them() -> None:
    file = write_scene(cube(), name="a", format=GLB, asset_extras={"axis": {"id": "7"}})[0]
    assert read(file.data, "a.glb").asset["extras"] == {"axis": {"id": "7"}}
    assert write_scene(cube(), name="a", format=BY_NAME["stl"], asset_extras={"axis": {}})


def gltf_with_companions(folder: str = "") -> dict[str, bytes]:
    """Return a glTF with its buffer and its image in files of their own."""
    document = json.loads(write_scene(textured_quad(), name="q", format=BY_NAME["gltf"])[0].data)
    import base64

    buffer = base64.b64decode(document["buffers"][0]["uri"].partition(",")[2])
    view = document["bufferViews"][document["images"][0].pop("bufferView")]
    image = buffer[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
    document["buffers"][0]["uri"] = "q.bin"
    document["images"][0] = {"uri": f"{folder}skin.png"}
    return {"q.gltf": json.dumps(document).encode(), "q.bin": buffer, f"{folder}skin.png": image}


@pytest.mark.parametrize("folder", ["", "textures/"])
def test_a_zip_is_read_with_everything_in_it(folder: str) -> None:
    files = {f"model/{name}": data for name, data in gltf_with_companions(folder).items()}
    scene = read(zipped(files | {"model/readme.txt": b"hi", "__MACOSX/model/._q.gltf": b"x"}), "upload.zip")
    assert scene.source_format == "gltf"
    assert scene.textures[0].uri == f"{folder}skin.png"


def test_a_zip_is_known_by_its_content() -> None:
    assert read(zipped({"cube.glb": cube_bytes("glb")}), "cube.glb").n_triangles == 12


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({}, "no mesh"),
        ({"a.txt": b"x"}, "a.txt"),
        ({"a.glb": b"x", "b.glb": b"x"}, "2 glb files"),
        ({"../a.glb": b"x"}, "leads out"),
        ({"/a.glb": b"x"}, "leads out"),
        ({"a\\b.glb": b"x"}, "leads out"),
        ({"c:a.glb": b"x"}, "leads out"),
        ({"inner.zip": b"PK\x03\x04"}, "inner.zip"),
        ({"a.glb": b""}, "empty"),
        ({"model.usdc": b"PXR-USDC"}, "axis-importer-usd"),
    ],
)
def test_zips_that_are_odd_are_refused(files: dict[str, bytes], word: str) -> None:
    with pytest.raises(AxisError, match=word):
        read(zipped(files), "a.zip")


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    zeros = {"a.glb": bytes(50_000_000)}
    with pytest.raises(LimitExceeded, match="more than 100 times"):
        read(zipped(zeros), "a.zip")
    with pytest.raises(LimitExceeded, match="file bytes"):
        read(zipped(zeros), "a.zip", limits=Limits(file_bytes=1_000_000))
    with pytest.raises(LimitExceeded, match="archive entries"):
        read(zipped({f"{k}.txt": b"" for k in range(201)}), "a.zip")


def test_a_zip_that_lies_about_sizes_is_refused() -> None:
    data = bytearray(zipped({"a.glb": bytes(range(256)) * 40}, zipfile.ZIP_STORED))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    with pytest.raises(InputError):
        read(bytes(data), "a.zip")


def test_symbolic_links_and_encryption_in_zips_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.glb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="symbolic link"):
        read(out.getvalue(), "a.zip")
    data = bytearray(zipped({"a.glb": b"x"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    with pytest.raises(InputError, match="encrypted"):
        read(bytes(data), "a.zip")


def test_truncated_zips_are_refused() -> None:
    data = zipped({"a.glb": cube_bytes("glb")})
    for n in range(4, len(data), 37):
        with pytest.raises(AxisError):
            read(data[:n], "a.zip")


def test_a_path_is_read_with_what_lies_beside_it(tmp_path: Path) -> None:
    for name, data in gltf_with_companions().items():
        (tmp_path / name).write_bytes(data)
    assert len(read_path(tmp_path / "q.gltf", formats=FORMATS).textures) == 1


def test_companions_come_only_from_the_folder_and_by_their_exact_name(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deeper").mkdir(parents=True)
    (tmp_path / "secret.bin").write_bytes(b"secret")
    (folder / "deeper" / "x.bin").write_bytes(b"x")
    (folder / "good.bin").write_bytes(b"good")
    companion = folder_companions(folder / "a.gltf")
    assert companion("good.bin") == b"good"
    bad = ("../secret.bin", "deeper/x.bin", "deeper", "GOOD.BIN", ".", "..", "", "a\0b", str(folder / "good.bin"))
    assert [companion(name) for name in bad] == [None] * len(bad)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(b"secret")
    (folder / "good.bin").write_bytes(b"good")
    (folder / "out.bin").symlink_to(tmp_path / "secret.bin")
    (folder / "same.bin").symlink_to(folder / "good.bin")
    (folder / "loop.bin").symlink_to(folder / "loop.bin")
    companion = folder_companions(folder / "a.gltf")
    assert companion("out.bin") is None
    assert companion("loop.bin") is None
    assert companion("same.bin") == b"good"


def test_paths_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_path(tmp_path / "no.glb", formats=FORMATS)
    with pytest.raises(InputError, match="folder"):
        read_path(tmp_path, formats=FORMATS)
    with pytest.raises(StoreError):
        read_path(tmp_path / "a\0b.glb", formats=FORMATS)
    (tmp_path / "big.glb").write_bytes(bytes(2000))
    with pytest.raises(LimitExceeded):
        read_path(tmp_path / "big.glb", formats=FORMATS, limits=Limits(file_bytes=1000))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_without_a_writer_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.glb")
    with pytest.raises(InputError, match="regular file"):
        read_path(tmp_path / "pipe.glb", formats=FORMATS)
