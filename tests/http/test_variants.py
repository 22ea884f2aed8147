"""The options of an avatar's permanent address."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from PIL import Image
from tests.http.people import Person
from tests.http.running import Running

import axis_core
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.morph import MorphTarget
from axis_core.testing import capsule_person
from axis_http.problems import Problem
from axis_http.service.variants import MOST_KEPT, checked_options


def dressed() -> axis_core.Scene:
    """A rigged person with a texture of 300 pixels and three morph targets."""
    scene = capsule_person()
    noise = np.random.default_rng(5).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    texture = Texture(data=out.getvalue(), media_type="image/png")
    material = Material(base_color_texture=TextureUse(texture=0))
    rng = np.random.default_rng(6)
    meshes = []
    for mesh in scene.meshes:
        names = ("jawOpen", "viseme_aa", "own shape")
        moved = [rng.normal(0, 0.01, mesh.positions.shape).astype(np.float32) for _ in names]
        morphs = [MorphTarget(name=n, positions=m) for n, m in zip(names, moved)]
        uvs = rng.random((len(mesh.positions), 2), dtype=np.float32)
        meshes.append(attrs.evolve(mesh, morphs=morphs, uvs=[uvs], material=0))
    return attrs.evolve(scene, meshes=meshes, textures=[texture], materials=[material])


@pytest.fixture(scope="module")
def address(serve: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory) -> tuple[Running, str]:
    axis = serve(auth="required")
    ann = Person(axis)
    path = tmp_path_factory.mktemp("dressed") / "avatar.glb"
    axis_core.write(dressed(), path)
    service = axis.app._service
    export = service.exports.add(ann.user_id, "job_x", "avatar", {"avatar.glb": {"path": str(path)}}, {})
    from axis_http.store import assets

    facts: dict[str, Any] = {"contract": {"stage": "validated"}, "quality": {}, "size_bytes": 1}
    asset = assets.add_asset(service.db, ann.user_id, name="a", export_id=export.export_id, **facts)
    ann.data("PATCH", f"/api/gallery/{asset}", json={"visibility": "public"})
    avatar = ann.data("POST", "/portal/api/avatars", json={"name": "a", "asset_id": asset})
    return axis, f"/avatars/{avatar['avatar_id']}.glb"


def got(address: tuple[Running, str], query: str) -> tuple[bytes, axis_core.Scene]:
    axis, path = address
    answer = axis.request("GET", f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    return answer.content, axis_core.read(answer.content, name="avatar.glb")


def morphs(scene: axis_core.Scene) -> set[str]:
    return {m.name for mesh in scene.meshes for m in mesh.morphs}


def test_textures_are_no_larger_than_asked_for(address: tuple[Running, str]) -> None:
    _, scene = got(address, "textureSizeLimit=128")
    assert [Image.open(io.BytesIO(t.data)).size for t in scene.textures] == [(128, 128)]
    assert len(scene.skins) == 1


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ("ARKit", {"jawOpen"}),
        ("Oculus Visemes", {"viseme_aa"}),
        ("ARKit,own shape", {"jawOpen", "own shape"}),
        ("none", set()),
    ],
)
def test_morph_targets_are_those_that_were_named(address: tuple[Running, str], wanted: str, left: set[str]) -> None:
    assert morphs(got(address, f"morphTargets={wanted}")[1]) == left


def test_compressed_files_are_smaller_and_say_so(address: tuple[Running, str]) -> None:
    plain, _ = got(address, "textureSizeLimit=128")
    pytest.importorskip("meshopt")
    small, scene = got(address, "textureSizeLimit=128&useMeshOptCompression=true")
    assert len(small) < len(plain)
    assert b"EXT_meshopt_compression" in small
    assert scene.n_triangles == got(address, "")[1].n_triangles


def test_a_combination_is_made_once_and_always_the_same(address: tuple[Running, str]) -> None:
    axis, path = address
    first = axis.request("GET", f"{path}?textureSizeLimit=256&morphTargets=none")
    axis.app._service.run_now = None  # nothing is made any more
    try:
        again = axis.request("GET", f"{path}?morphTargets=none&textureSizeLimit=256")
    finally:
        del axis.app._service.run_now
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["etag"] == first.headers["etag"]


def test_nobody_fills_the_disk_with_combinations(address: tuple[Running, str]) -> None:
    axis, path = address
    service = axis.app._service
    export_id = service.db.value("SELECT export_id FROM export WHERE job_id = 'job_x'")
    sha = service.db.value("SELECT sha256 FROM export_file WHERE export_id = ?", (export_id,))
    with service.db.tx():
        for n in range(MOST_KEPT):
            service.db.write("INSERT INTO export_file VALUES (?, ?, ?)", (export_id, f"variants/{n}/avatar.glb", sha))
    full = axis.request("GET", f"{path}?morphTargets=another")
    service.db.write("DELETE FROM export_file WHERE name GLOB 'variants/[0-9]/*' OR name GLOB 'variants/[0-9][0-9]/*'")
    assert (full.status_code, full.json()["code"]) == (400, "plan_limit")


@pytest.mark.parametrize(
    "query",
    [
        {"textureSizeLimit": "100000"},
        {"textureAtlas": "7"},
        {"pose": "Z"},
        {"useMeshOptCompression": "maybe"},
        {"useMeshOptCompression": "true", "useDracoMeshCompression": "1"},
        {"morphTargets": ",".join(f"m{n}" for n in range(100))},
    ],
)
def test_options_that_are_none_are_refused(query: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        checked_options(query)
    assert refused.value.status == 400


def test_no_option_is_the_file_as_it_is() -> None:
    assert checked_options({"textureAtlas": "none", "useDracoMeshCompression": "false"}) == {}
