"""Photos and the router over HTTP: refusals by name before any job, a photo to an avatar, rules and health."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.http.running import Running
from tests.photo.packs import packs_or_skip, portrait


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _png(width: int = 64, height: int = 64) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), 128, np.uint8)).save(out, "PNG")
    return out.getvalue()


IMAGE = _b64(_png())


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({}, "image_b64"),
        ({"image_b64": "***"}, "image_b64"),
        ({"image_b64": _b64(b"no image at all")}, "image_b64"),
        ({"image_b64": _b64(b"x" * 10_000_001)}, "image_b64"),
        ({"image_b64": IMAGE, "platform": "dos"}, "platform"),
        ({"image_b64": IMAGE, "voxel_resolution": 4}, "voxel_resolution"),
        ({"image_b64": IMAGE, "texture_resolution": 4096}, "texture_resolution"),
        ({"image_b64": IMAGE, "texture_resolution": True}, "texture_resolution"),
        ({"image_b64": IMAGE, "seed": -1}, "seed"),
    ],
)
def test_a_photo_that_does_not_fit_is_refused_by_name(axis: Running, body: dict[str, Any], loc: str) -> None:
    answer = axis.request("POST", "/api/generate-from-image", json=body)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["loc"] == loc


def test_pixels_are_counted_in_the_header_before_anything_is_decoded(axis: Running) -> None:
    bomb = bytearray(_png())
    bomb[16:24] = (30_000).to_bytes(4, "big") * 2
    answer = axis.request("POST", "/api/generate-from-image", json={"image_b64": _b64(bytes(bomb))})
    assert answer.status_code == 400
    assert "30,000" in answer.json()["error"]


@pytest.mark.parametrize(
    ("views", "loc"),
    [
        ([], "views"),
        ([{"image_b64": IMAGE}] * 9, "views"),
        ("front", "views"),
        (["front"], "views[0]"),
        ([{"image_b64": IMAGE, "view_label": "above"}], "views[0].view_label"),
        ([{"image_b64": IMAGE, "view_label": "left"}] * 2, "views[1].view_label"),
        ([{"image_b64": IMAGE}, {"view_label": "left"}], "views[1].image_b64"),
    ],
)
def test_views_that_do_not_fit_are_refused_by_place(axis: Running, views: Any, loc: str) -> None:
    answer = axis.request("POST", "/api/generate-from-views", json={"views": views})
    assert answer.status_code == 400
    assert answer.json()["details"][0]["loc"] == loc


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({}, "mode"),
        ({"mode": "magic"}, "mode"),
        ({"mode": "image_to_3d"}, "image_b64"),
        ({"mode": "avatar_parametric"}, "preset_id"),
        ({"mode": "avatar_parametric", "body_proportions": 3}, "body_proportions"),
        ({"mode": "mesh_upload"}, "asset_id"),
        ({"mode": "text_to_3d"}, "text_prompt"),
        ({"mode": "text_to_3d", "text_prompt": "a", "target_polycount": 5}, "target_polycount"),
        ({"mode": "text_to_3d", "text_prompt": "a", "texture_size": 300}, "texture_size"),
        ({"mode": "text_to_3d", "text_prompt": "a", "asset_class": "car"}, "asset_class"),
        ({"mode": "text_to_3d", "text_prompt": "a", "output_profile": "any"}, "output_profile"),
        ({"mode": "text_to_3d", "text_prompt": "a", "asset_category": "food"}, "asset_category"),
    ],
)
def test_the_foundry_refuses_by_name(axis: Running, body: dict[str, Any], loc: str) -> None:
    answer = axis.request("POST", "/api/foundry/generate", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["details"][0]["loc"] == loc


def test_words_to_objects_say_which_provider_is_needed(axis: Running) -> None:
    answer = axis.request("POST", "/api/foundry/generate", json={"mode": "text_to_3d", "text_prompt": "a chair"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (503, "no_provider")
    assert "parametric does not serve text_to_3d" in body["error"]
    assert "meshy" in body["detail"]


def test_the_rules_of_the_router_are_those_of_the_file(
    serve: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("rules") / "routing.toml"
    file.write_text('[routing]\npreferred_order = ["photo_fit"]\nfallback = false\n[routing.retry]\nmax_attempts = 7\n')
    data = serve(routing=file).data("GET", "/api/foundry/routing-config")
    assert data["preferred_order"][:2] == ["photo_fit", "parametric"]
    assert data["fallback"]["enabled"] is False
    assert data["retry"]["max_attempts"] == 7
    assert data["flags"]["allow_remote"] is False


def test_readiness_has_a_row_and_a_judgement_for_every_provider(axis: Running) -> None:
    data = axis.data("GET", "/api/model-readiness")
    names = [p["name"] for p in data["providers"]]
    assert {"parametric", "photo_fit"} <= set(names)
    assert [r["provider"] for r in data["provider_readiness"]] == names
    assert data["total_count"] == len(names)
    assert data["healthy_count"] == sum(p["healthy"] for p in data["providers"])
    assert set(data["capability_matrix"]) == {"text_to_3d", "image_to_3d", "avatar_parametric", "mesh_upload"}
    assert data["capability_matrix"]["text_to_3d"]["photo_fit"] is False


def test_a_photo_becomes_an_avatar_through_the_queue(axis: Running) -> None:
    packs_or_skip()
    before = axis.data("GET", "/api/model-readiness")
    body = {"views": [{"image_b64": _b64(portrait()), "view_label": "front"}], "platform": "godot", "seed": 3}
    answer = axis.data("POST", "/api/generate-from-views", json=body)
    assert (answer["status"], answer["views_accepted"], answer["provider"]) == ("queued", 1, "photo_fit")
    assert answer["route"]["provider"] == "photo_fit"
    job = axis.data("GET", f"{answer['poll_url']}?wait=60")
    while job["status"] in ("queued", "running"):
        job = axis.data("GET", f"{answer['poll_url']}?wait=60")
    assert job["status"] == "succeeded", job["error"]
    result = job["result"]
    assert result["contract"]["provenance"]["provider"] == "photo_fit"
    assert result["parsed"]["photos"]["route"] in ("head", "body")
    assert "jawOpen" in result["morph_targets"]
    assert axis.request("GET", result["download_url"]).content[:4] == b"glTF"
    after = axis.data("GET", "/api/model-readiness")
    done = {p["name"]: p["jobs"]["succeeded"] for p in before["providers"]}
    assert {p["name"]: p["jobs"]["succeeded"] for p in after["providers"]}["photo_fit"] == done["photo_fit"] + 1


def test_a_photo_without_a_person_fails_with_what_to_do(axis: Running) -> None:
    packs_or_skip()
    answer = axis.data("POST", "/api/generate-from-image", json={"image_b64": IMAGE})
    job = axis.data("GET", f"{answer['poll_url']}?wait=60")
    while job["status"] in ("queued", "running"):
        job = axis.data("GET", f"{answer['poll_url']}?wait=60")
    assert (job["status"], job["error"]["code"]) == ("failed", "cannot_fit")
    assert "person" in job["error"]["message"]
