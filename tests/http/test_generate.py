"""Generation over HTTP: one avatar, a sentence, batches with bad items, resumable streams, and the lists."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.http.running import Running

from axis_core.assets import install
from axis_core.body import BODY_PACK
from axis_core.body.clips import CLIP_NAMES
from axis_core.errors import BackendUnavailable, StoreError


SMALL = {"polygon_tier": "mobile_light"}


@pytest.fixture(scope="module", autouse=True)
def body_pack() -> None:
    """Install the body pack, or skip with the reason."""
    try:
        install(BODY_PACK)
    except (BackendUnavailable, StoreError) as error:
        pytest.skip(f"the body pack is not installed and cannot be: {error}")


@pytest.fixture(scope="module")
def made(axis: Running) -> dict[str, Any]:
    body = {"prompt": "a tall bald man of 40", "platform": "unity", "morph_targets": True, "lods": True, "seed": 5}
    return axis.data("POST", "/api/generate", json={**SMALL, **body, "animations": ["idle"]})


def test_an_avatar_comes_with_its_record_and_can_be_downloaded(axis: Running, made: dict[str, Any]) -> None:
    assert made["contract"]["provenance"]["provider"] == "parametric"
    assert made["contract"]["provenance"]["prompt"] == "a tall bald man of 40"
    assert made["contract"]["provenance"]["licence"] == "CC0-1.0"
    assert made["stats"]["triangle_count"] <= 7500
    assert {"jawOpen", "viseme_aa"} <= set(made["morph_targets"])
    assert [level["level"] for level in made["lods"]] == [0, 1, 2]
    assert made["animations"] == ["idle"]
    assert made["parsed"]["attributes"]["age_years"] == 40
    assert axis.request("GET", made["download_url"]).content[:4] == b"glTF"


def test_same_prompt_and_seed_give_the_same_bytes(axis: Running, made: dict[str, Any]) -> None:
    body = {"prompt": "a tall bald man of 40", "platform": "unity", "morph_targets": True, "lods": True, "seed": 5}
    again = axis.data("POST", "/api/generate", json={**SMALL, **body, "animations": ["idle"]})
    assert again["export_id"] != made["export_id"]
    first, second = (axis.request("GET", m["download_url"]).content for m in (made, again))
    assert first == second


def test_no_body_is_the_neutral_preset_and_async_answers_with_links(axis: Running) -> None:
    answer = axis.data("POST", "/api/generate", json={**SMALL, "async": True})
    assert answer["status"] in ("queued", "running")
    job = axis.data("GET", f"{answer['poll_url']}?wait=60")
    assert job["status"] == "succeeded"
    assert job["result"]["preset"] == "neutral"
    assert job["provider"] == "parametric"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"preset": "nobody"}, "preset"),
        ({"platform": "dos"}, "platform"),
        ({"polygon_tier": "huge"}, "polygon_tier"),
        ({"prompt": "x" * 2001}, "prompt"),
        ({"prompt": "   "}, "prompt"),
        ({"morph_targets": "yes"}, "morph_targets"),
        ({"seed": -1}, "seed"),
        ({"parameters": {"height_m": 9}}, "parameters"),
        ({"parameters": {"wings": 2}}, "parameters"),
        ({"animations": ["fly"]}, "animations"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_before_any_job(axis: Running, body: dict[str, Any], field: str) -> None:
    answer = axis.request("POST", "/api/generate", json=body)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["loc"] == field


def test_a_sentence_goes_through_the_pipeline_and_tells_every_stage(axis: Running) -> None:
    body = {**SMALL, "prompt": "a woman with curly red hair and wings", "seed": 1}
    answer = axis.data("POST", "/api/prompt-pipeline", json=body)
    assert answer["parsed"]["attributes"]["hair_style"] == "curly"
    assert answer["parsed"]["unmatched"] == ["wings"]
    assert 0.0 < answer["parsed"]["confidence"] < 1.0
    assert [s["name"] for s in answer["stages"]][:2] == ["generate", "classify"]
    assert axis.request("POST", "/api/prompt-pipeline", json={"prompt": "ab"}).status_code == 400


ITEMS = [{**SMALL, "preset": "robot"}, {"preset": "nobody"}, {**SMALL, "prompt": "a chibi girl"}]


def test_a_bad_item_of_a_batch_fails_alone(axis: Running) -> None:
    answer = axis.data("POST", "/api/batch-generate", json={"items": ITEMS})
    assert (answer["status"], answer["total"], answer["succeeded"], answer["failed"]) == ("partial", 3, 2, 1)
    assert [i["status"] for i in answer["items"]] == ["succeeded", "failed", "succeeded"]
    assert answer["items"][1]["error"]["code"] == "invalid_request"
    assert axis.request("GET", answer["items"][2]["download_url"]).content[:4] == b"glTF"
    assert axis.data("GET", answer["poll_url"])["items"] == answer["items"]


@pytest.mark.parametrize("body", [{}, {"items": []}, {"items": [{}] * 51}, {"items": [7]}, {"items": "x"}])
def test_a_batch_that_is_none_is_refused(axis: Running, body: dict[str, Any]) -> None:
    assert axis.request("POST", "/api/batch-generate", json=body).status_code == 400


def _events(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    out = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            out.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return out


def test_the_stream_of_a_batch_is_numbered_and_can_be_resumed(axis: Running) -> None:
    events = _events(axis.request("POST", "/api/batch-generate/stream", json={"items": ITEMS}).text)
    assert [n for n, _, _ in events] == list(range(1, len(events) + 1))
    kinds = [kind for _, kind, _ in events]
    assert kinds == ["accepted", *["item", "progress"] * 3, "result", "done"]
    assert [data["done"] for _, kind, data in events if kind == "progress"] == [1, 2, 3]
    result = events[-2][2]
    assert result["succeeded"] == 2
    rest = _events(axis.request("GET", result["events_url"], headers={"Last-Event-ID": "3"}).text)
    assert rest == events[3:]


def test_without_going_on_nothing_after_the_first_error_is_made(axis: Running) -> None:
    answer = axis.data(
        "POST", "/api/batch-generate", json={"items": [{"preset": "nobody"}, *ITEMS], "continue_on_error": False}
    )
    assert [i["status"] for i in answer["items"]] == ["failed", "skipped", "skipped", "skipped"]


def test_what_there_is_to_choose_from_is_listed(axis: Running) -> None:
    presets = axis.data("GET", "/api/presets")
    assert presets["count"] >= 24
    assert presets["default"] in [p["id"] for p in presets["presets"]]
    sliders = axis.data("GET", "/api/body/sliders")
    assert sliders["count"] > 190
    assert "height_m" in sliders["parameters"]["properties"]
    assert [a["id"] for a in axis.data("GET", "/api/animations")["animations"]] == list(CLIP_NAMES)


def test_the_foundry_says_who_makes_what(axis: Running) -> None:
    providers = axis.data("GET", "/api/foundry/providers")
    assert providers["default_order"][0] == "parametric"
    assert providers["providers"][0]["available"]
    modes = {m["id"]: m for m in axis.data("GET", "/api/foundry/modes")["modes"]}
    assert set(modes) == {"text_to_3d", "image_to_3d", "avatar_parametric", "mesh_upload"}
    assert modes["avatar_parametric"]["providers"] == ["parametric"]
    profiles = axis.data("GET", "/api/foundry/profiles")["profiles"]
    assert [p["id"] for p in profiles] == ["game_ready", "dcc_editable", "print_ready"]
