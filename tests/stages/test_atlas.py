"""Atlases: what a surface shows at a point before and after is the same; skins and morphs come through."""

import io
from typing import Any

import attrs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from axis_core.kernels.bake import sample_image
from axis_core.kernels.sample import sample_surface
from axis_core.kernels.tangents import vertex_tangents
from axis_core.model import Material, Mesh, Node, Scene, Texture, TextureUse
from axis_core.plugin import Context, Outcome, PluginHost
from axis_core.stages import textures
from axis_core.stages.atlas import atlas_scene
from axis_core.stages.pixels import to_bytes, to_light
from axis_core.testing import capsule_person


Pixels = NDArray[np.uint8]


def picture(pixels: Pixels, media_type: str = "image/png") -> Texture:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, media_type.removeprefix("image/"))
    return Texture(data=out.getvalue(), media_type=media_type)


def gradient(side: int, seed: int) -> Pixels:
    """A picture without jumps, the same at opposite edges, so that bilinear lookups anywhere agree."""
    y, x = np.mgrid[0:side, 0:side] * (2 * np.pi / side)
    a, b, c = np.random.default_rng(seed).uniform(0, 6, 3)
    bands = [128 + 90 * np.sin(x + a), 128 + 90 * np.sin(y + b), 128 + 60 * np.sin(x + c) * np.cos(y)]
    return np.rint(np.stack(bands, -1)).astype(np.uint8)


def sheet(n: int, scale: float, turn: float = 0.0, shift: float = 0.0, at: float = 0.0) -> Mesh:
    """A waved square of 2 n n triangles with coordinates scaled, turned and shifted."""
    x, z = np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1))
    positions = np.stack([x, 0.05 * np.sin(5 * x + 3 * z) + at, z], -1).reshape(-1, 3)
    i = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    faces = np.concatenate([np.stack([i, i + n + 1, i + 1], 1), np.stack([i + 1, i + n + 1, i + n + 2], 1)])
    flat = np.stack([x, z], -1).reshape(-1, 2) * 0.9 + 0.05
    c, s = np.cos(turn), np.sin(turn)
    gx, gz = 0.25 * np.cos(5 * x + 3 * z), 0.15 * np.cos(5 * x + 3 * z)
    normals = np.stack([-gx, np.ones_like(x), -gz], -1).reshape(-1, 3)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Mesh(
        positions=positions, faces=faces, normals=normals, uvs=[flat @ np.array([[c, -s], [s, c]]) * scale + shift]
    )


def scene_of(parts: list[tuple[Mesh, Material]], pictures: list[Texture]) -> Scene:
    meshes = [attrs.evolve(mesh, material=k) for k, (mesh, _) in enumerate(parts)]
    return Scene(
        meshes=meshes, materials=[m for _, m in parts], textures=pictures, nodes=[Node(meshes=tuple(range(len(parts))))]
    )


def pixels_of(scene: Scene, use: TextureUse) -> NDArray[np.float32]:
    with Image.open(io.BytesIO(scene.textures[use.texture].data)) as image:
        return np.asarray(image.convert("RGB"), np.float32)


def seen(scene: Scene, points: NDArray[np.float64], field: str) -> NDArray[np.float64]:
    """What the material shows at points of the surface, found by brute force over all triangles."""
    out = np.zeros((len(points), 3))
    best = np.full(len(points), np.inf)
    for mesh in scene.meshes:
        material = scene.materials[mesh.material or 0]
        a, b, c = (mesh.positions[mesh.faces[:, k]].astype(float) for k in range(3))
        n = np.cross(b - a, c - a)
        square = (n**2).sum(1)
        for k, p in enumerate(points):
            w = (
                np.stack([(np.cross(c - b, p - b) * n).sum(1), (np.cross(a - c, p - c) * n).sum(1)], 1)
                / square[:, None]
            )
            w = np.concatenate([w, 1 - w.sum(1, keepdims=True)], 1)
            off = np.abs(((p - a) * n).sum(1)) / np.sqrt(square) + np.maximum(-w.min(1), 0)
            f = int(np.argmin(off))
            if off[f] < best[k]:
                best[k] = off[f]
                out[k] = _value(scene, mesh, material, mesh.faces[f], w[f], field)
    return out


def _value(scene: Scene, mesh: Mesh, material: Material, face: Any, w: Any, field: str) -> NDArray[np.float64]:
    if field == "base":
        if material.base_color_texture is None:
            return to_bytes(np.asarray(material.base_color[:3], np.float32)).astype(float)
        found = sample_image(pixels_of(scene, material.base_color_texture), [w @ mesh.uvs[0][face]])[0]
        return to_bytes(to_light(np.rint(found).astype(np.uint8)) * np.float32(material.base_color[:3])).astype(float)
    assert mesh.normals is not None
    normal = w @ mesh.normals[face]
    if material.normal_texture is None:
        return normal / np.linalg.norm(normal)
    tangents = vertex_tangents(mesh.positions, mesh.faces, mesh.normals, mesh.uvs[0])
    t = w @ tangents[face]
    n = sample_image(pixels_of(scene, material.normal_texture), [w @ mesh.uvs[0][face]])[0] / 127.5 - 1
    n[:2] *= material.normal_texture.scale
    world = n[0] * t[:3] + n[1] * np.cross(normal, t[:3]) * np.sign(t[3]) + n[2] * normal
    return world / np.linalg.norm(world)


def probes(scene: Scene, count: int) -> NDArray[np.float64]:
    points = [sample_surface(m.positions, m.faces, count, seed=k)[0] for k, m in enumerate(scene.meshes)]
    return np.concatenate(points)


def bumps(side: int) -> Pixels:
    y, x = np.mgrid[0:side, 0:side] * (2 * np.pi / side)
    n = np.stack([0.4 * np.sin(x), 0.3 * np.cos(y), np.ones_like(x)], -1)
    return np.rint(127.5 * (n / np.linalg.norm(n, axis=2, keepdims=True) + 1)).astype(np.uint8)


INSIDE = sheet(6, 1.0)
ELSEWHERE = sheet(6, 0.8, shift=3.1, at=1.0)
REPEATED = sheet(6, 2.5, turn=0.6, at=2.0)


@pytest.mark.parametrize(("mesh", "close"), [(INSIDE, 3.0), (ELSEWHERE, 3.0), (REPEATED, 9.0)])
def test_colours_stay_where_they_were(mesh: Mesh, close: float) -> None:
    textured = Material(base_color=(0.8, 1.0, 0.6, 1.0), base_color_texture=TextureUse(texture=0))
    before = scene_of(
        [(mesh, textured), (sheet(2, 1.0, at=5.0), Material(base_color=(0.1, 0.2, 0.7, 1)))], [picture(gradient(64, 1))]
    )
    after, changes = atlas_scene(before, 512)
    assert len(after.materials) == len(after.meshes) == len(after.textures) == 1
    assert changes
    points = probes(before, 60)
    difference = np.abs(seen(before, points, "base") - seen(after, points, "base"))
    assert difference.mean() < close / 3
    assert difference.max() < 4 * close


@pytest.mark.parametrize(("mesh", "close"), [(INSIDE, 1.5), (REPEATED, 4.0)])
def test_bumps_point_where_they_did(mesh: Mesh, close: float) -> None:
    bumpy = Material(normal_texture=TextureUse(texture=0, scale=0.7), base_color_texture=TextureUse(texture=1))
    before = scene_of(
        [(mesh, bumpy), (sheet(2, 1.0, at=5.0), Material())], [picture(bumps(64)), picture(gradient(64, 2))]
    )
    after, _ = atlas_scene(before, 1024)
    assert after.materials[0].normal_texture is not None
    points = probes(before, 60)
    cosine = (seen(before, points, "normal") * seen(after, points, "normal")).sum(1)
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    flat = np.degrees(
        np.arccos(
            np.clip(
                (
                    seen(before, points, "normal")
                    * seen(attrs.evolve(before, materials=[Material(), Material()]), points, "normal")
                ).sum(1),
                -1,
                1,
            )
        )
    )
    assert flat[:60].mean() > 10  # the bumps are real
    assert np.median(angle) < close
    assert np.quantile(angle, 0.95) < 3 * close


def test_occlusion_roughness_and_metal_are_packed() -> None:
    grey = np.full((16, 16, 3), (200, 100, 50), np.uint8)
    rough = Material(
        metallic=0.5,
        roughness=0.8,
        metallic_roughness_texture=TextureUse(texture=0),
        occlusion_texture=TextureUse(texture=0, scale=0.5),
        base_color_texture=TextureUse(texture=0),
    )
    plain = Material(metallic=0.25, roughness=0.75)
    after, _ = atlas_scene(scene_of([(INSIDE, rough), (sheet(2, 1.0, at=5.0), plain)], [picture(grey)]), 256)
    material = after.materials[0]
    use = material.metallic_roughness_texture
    assert use is not None
    assert material.occlusion_texture == use
    assert (material.metallic, material.roughness) == (1.0, 1.0)
    colours = {tuple(c) for c in sample_image(pixels_of(after, use), after.meshes[0].uvs[0]).round().tolist()}
    expected = {(255 - 0.5 * 55, 80.0, 25.0), (255.0, 191.0, 64.0)}
    assert all(min(np.abs(np.subtract(c, e)).max() for e in expected) <= 1 for c in colours)
    assert len(colours) == 2


def test_what_is_drawn_differently_stays_apart() -> None:
    see_through = Material(alpha_mode="BLEND", base_color=(1, 0, 0, 0.5))
    glass = Material(extensions={"KHR_materials_transmission": {"transmissionTexture": {"index": 0}}})
    parts = [(sheet(2, 1.0, at=k), m) for k, m in enumerate([Material(), Material(metallic=0), see_through, glass])]
    after, _ = atlas_scene(scene_of(parts, []), 512)
    assert sorted(m.alpha_mode for m in after.materials) == ["BLEND", "OPAQUE", "OPAQUE"]
    assert glass in after.materials
    assert see_through in after.materials
    assert len(after.meshes) == 3


def test_equal_extensions_and_hard_pixels_are_kept_together() -> None:
    ior = {"KHR_materials_ior": {"ior": 1.4}}
    parts = [(sheet(2, 1.0, at=k), Material(base_color=(k / 3, 0, 0, 1), extensions=ior)) for k in range(3)]
    pixels = attrs.evolve(picture(gradient(8, 1)), sampler={"magFilter": 9728})
    hard = [Material(base_color_texture=TextureUse(texture=0), roughness=r, extensions=ior) for r in (0.2, 0.9)]
    after, _ = atlas_scene(scene_of([*parts, *((sheet(2, 1.0, at=9), m) for m in hard)], [pixels]), 256)
    assert len(after.materials) == 2
    assert [m.extensions for m in after.materials] == [ior, ior]
    filters = [
        after.textures[m.base_color_texture.texture].sampler.get("magFilter")
        for m in after.materials
        if m.base_color_texture
    ]
    assert filters == [None, 9728]


def test_a_broken_picture_and_foreign_extensions_leave_things_as_they_are() -> None:
    broken = Material(base_color_texture=TextureUse(texture=0))
    scene = scene_of([(INSIDE, broken), (sheet(2, 1.0), Material())], [Texture(data=b"no", media_type="image/png")])
    assert atlas_scene(scene, 512) == (scene, ())
    vrm = attrs.evolve(scene_of([(INSIDE, Material()), (sheet(2, 1.0), Material())], []), extensions={"VRMC_vrm": {}})
    assert atlas_scene(vrm, 512) == (vrm, ())


def test_an_atlas_is_no_larger_than_asked_and_its_sides_are_powers_of_two() -> None:
    parts = [(sheet(2, 1.0, at=k), Material(base_color_texture=TextureUse(texture=k))) for k in range(3)]
    after, _ = atlas_scene(scene_of(parts, [picture(gradient(300, k)) for k in range(3)]), 260)
    size = textures.image_size(after.textures[0])
    assert size is not None
    assert max(size) <= 256
    assert all(s & (s - 1) == 0 for s in size)


def run_stage(scene: Scene, **choices: Any) -> Outcome:
    context = Context(host=PluginHost(), **choices)
    return textures.run(Outcome(scene=scene), textures.Options(), context)


def test_game_ready_output_shares_one_draw_call_and_editable_output_does_not() -> None:
    person = capsule_person()
    assert len(person.materials) > 1
    assert len(run_stage(person, output_profile="game_ready").scene.meshes) == 1
    assert run_stage(person, output_profile="dcc_editable").scene == person
