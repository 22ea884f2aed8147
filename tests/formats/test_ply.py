"""PLY."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
import trimesh

from axis_core.errors import InputError, LimitExceeded
from axis_core.formats.colour import linear_from_srgb, srgb_from_linear
from axis_core.formats.limits import Limits
from axis_core.formats.ply import read_ply


HEADER = """ply
format {order} 1.0
comment TextureFile skin.png
element vertex 4
property float x
property float y
property double z
property float nx
property float ny
property float nz
property float s
property float t
property uchar red
property uchar green
property uchar blue
property uchar alpha
element face {n}
property list uchar int vertex_indices
property uchar flags
end_header
"""
CORNERS = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]


def ply(order: str, faces: list[list[int]]) -> bytes:
    """Return a square in the given byte order."""
    head = HEADER.format(order=order, n=len(faces)).encode()
    if order == "ascii":
        rows = [f"{x} {y} {z} 0 0 1 {x} {y} 255 0 128 51" for x, y, z in CORNERS]
        rows += [" ".join(map(str, [len(f), *f, 7])) for f in faces]
        return head + "\n".join(rows).encode() + b"\n"
    sign = "<" if "little" in order else ">"
    body = b"".join(struct.pack(sign + "ffdfffffBBBB", *c, 0, 0, 1, c[0], c[1], 255, 0, 128, 51) for c in CORNERS)
    body += b"".join(struct.pack(f"{sign}B{len(f)}iB", len(f), *f, 7) for f in faces)
    return head + body


ORDERS = ["ascii", "binary_little_endian", "binary_big_endian"]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("faces", [[[0, 1, 2, 3]], [[0, 1, 2], [0, 2, 3]], [[0, 1, 2], [3, 2, 1, 0], [0, 1]]])
def test_every_byte_order_is_read(order: str, faces: list[list[int]], png: bytes) -> None:
    scene = read_ply(ply(order, faces), name="scan.ply", companions={"skin.png": png}.get)
    mesh = scene.meshes[0]
    assert mesh.positions.tolist() == [list(map(float, c)) for c in CORNERS]
    assert mesh.n_triangles == sum(max(len(f) - 2, 0) for f in faces)
    assert mesh.faces[:2].tolist() in ([[0, 1, 2], [0, 2, 3]], [[0, 1, 2], [3, 2, 1]])
    assert mesh.normals is not None
    assert (mesh.normals == [0, 0, 1]).all()
    assert mesh.uvs[0][2].tolist() == [1.0, 0.0]
    assert mesh.colors[0][0].tolist() == pytest.approx([1.0, 0.0, 0.2158605, 0.2])
    assert scene.textures[0].data == png
    assert mesh.material == 0


@pytest.mark.parametrize("encoding", ["ascii", "binary"])
def test_our_reader_sees_what_trimesh_writes(encoding: str) -> None:
    mesh = trimesh.creation.icosphere(subdivisions=2)
    mesh.visual.vertex_colors = np.random.default_rng(1).integers(0, 255, (len(mesh.vertices), 4), dtype=np.uint8)
    data: Any = mesh.export(file_type="ply", encoding=encoding)
    again = read_ply(data).meshes[0]
    assert np.array_equal(again.faces, mesh.faces)
    assert np.allclose(again.positions, mesh.vertices, atol=1e-6)
    back = np.rint(srgb_from_linear(again.colors[0][:, :3]) * 255)
    assert np.array_equal(back, mesh.visual.vertex_colors[:, :3])


def test_srgb_and_linear_are_each_others_inverse() -> None:
    values = np.linspace(0, 1, 1001)
    assert np.allclose(srgb_from_linear(linear_from_srgb(values)), values, atol=1e-12)


@pytest.mark.parametrize("order", ORDERS[:2])
def test_uvs_of_corners_split_vertices(order: str) -> None:
    head = (
        f"ply\nformat {order} 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\n"
        "element face 2\nproperty list uchar int vertex_index\nproperty list uchar float texcoord\nend_header\n"
    ).encode()
    faces = [([0, 1, 2], [0, 0, 1, 0, 1, 1]), ([0, 2, 3], [0.5, 0.5, 1, 1, 0, 1])]
    if order == "ascii":
        rows = [" ".join(map(str, c)) for c in CORNERS]
        rows += [" ".join(map(str, [3, *v, 6, *uv])) for v, uv in faces]
        data = head + "\n".join(rows).encode()
    else:
        data = head + np.array(CORNERS, "<f4").tobytes()
        data += b"".join(struct.pack("<B3iB6f", 3, *v, 6, *uv) for v, uv in faces)
    mesh = read_ply(data).meshes[0]
    assert mesh.n_vertices == 5
    assert mesh.uvs[0][mesh.faces[1]].tolist() == [[0.5, 0.5], [1, 0], [0, 0]]
    assert mesh.positions[mesh.faces[1]].tolist() == [[0, 0, 0], [1, 1, 0], [0, 1, 0]]


def test_a_cloud_of_points_says_what_to_do() -> None:
    with pytest.raises(InputError) as caught:
        read_ply(ply("ascii", []))
    assert caught.value.code == "empty_geometry"
    assert "surface" in (caught.value.hint or "")


@pytest.mark.parametrize("order", ORDERS)
def test_every_truncation_is_refused(order: str) -> None:
    data = ply(order, [[0, 1, 2], [0, 2, 3]])
    for n in range(0, len(data) - 2, 7):
        with pytest.raises(InputError):
            read_ply(data[:n])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format ascii 1.0", "format utf8 1.0"),
        ("format ascii 1.0\n", ""),
        ("element vertex 4", "element vertex -4"),
        ("element vertex 4", "element vertex four"),
        ("property float x", "property text x"),
        ("property float x", "property float y"),
        ("property float x\n", ""),
        ("element face 1", "element vertex 1"),
        ("comment Tex", "remark Tex"),
        ("property list uchar int", "property list float int"),
        ("\n4 0 1 2 3 7", "\n4 0 1 2 4 7"),
        ("\n4 0 1 2 3 7", "\n4 0 1 2 -1 7"),
        ("\n4 0 1 2 3 7", "\n4 0 1"),
        ("\n4 0 1 2 3 7", "\n-4 0 1 2 3 7"),
        ("\n4 0 1 2 3 7", "\n4 0 1 2 3 999"),
        ("255 0 128 51", "255 0 128 x"),
    ],
)
def test_damage_is_refused(old: str, new: str) -> None:
    data = ply("ascii", [[0, 1, 2, 3]]).decode()
    assert old in data
    with pytest.raises(InputError) as caught:
        read_ply(data.replace(old, new, 1).encode())
    assert caught.value.code == "parse_failed"


def test_counts_are_checked_before_they_are_believed() -> None:
    for old in ("element vertex 4", "element face 1"):
        data = ply("binary_little_endian", [[0, 1, 2]]).replace(old.encode(), old[:-1].encode() + b"99999999999")
        with pytest.raises(LimitExceeded):
            read_ply(data)
    with pytest.raises(LimitExceeded):
        read_ply(ply("ascii", [[0, 1, 2, 3]]), limits=Limits(polygon_corners=3))
