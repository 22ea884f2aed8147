"""Lists from the library's own tables, and searches that name an operation."""

from __future__ import annotations

from typing import Any

import pytest
from tests.http.running import Running

from axis_core.agent import HANDLERS
from axis_core.door import default_host
from axis_core.providers.parametric import PROVIDER
from axis_core.repairs import REPAIRS
from axis_http.contract.document import operations, served_document


def data_of(axis: Running, path: str) -> dict[str, Any]:
    answer = axis.request("GET", path)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_handlers_are_the_table_with_schemas_and_scopes(axis: Running) -> None:
    data = data_of(axis, "/api/agent/handlers")
    assert [h["name"] for h in data["handlers"]] == [h.name for h in HANDLERS]
    assert data["count"] == len(HANDLERS)
    process = next(h for h in data["handlers"] if h["name"] == "process")
    assert process["required_scopes"] == ["process"]
    assert process["side_effects"] is True
    assert process["params_schema"]["properties"]["target_polycount"]["maximum"] == 500_000


def test_repairs_and_report_formats_are_those_of_the_library(axis: Running) -> None:
    types = data_of(axis, "/api/repair/types")
    assert [t["id"] for t in types["types"]] == [r.name for r in REPAIRS]
    holes = next(t for t in types["types"] if t["id"] == "fill_holes")
    assert holes["fixes"] == ["MESH_BOUNDARY_EDGES"]
    assert holes["params_schema"]["properties"]["max_edges"]["default"] == 64
    formats = data_of(axis, "/api/audit/formats")
    assert {"json", "markdown"} <= {f["id"] for f in formats["formats"]}
    assert data_of(axis, "/api/ai/providers") == {"providers": [], "count": 0}


@pytest.mark.parametrize(
    ("query", "action", "params"),
    [
        ("rig hero.glb for unity", "rig", {"input": "hero.glb", "platform": "unity"}),
        ("reduce hero.glb to 5k triangles", "decimate", {"input": "hero.glb", "target_polycount": 5000}),
        ("a bald old man", "generate", {"prompt": "a bald old man"}),
        ("roblox", "platform", {"platform": "roblox"}),
        ("robox", "platform", {"platform": "roblox"}),
        ("close holes", "repair", {"repair": "fill_holes"}),
    ],
)
def test_a_search_names_the_operation_and_fills_its_parameters(
    axis: Running, query: str, action: str, params: dict[str, Any]
) -> None:
    intent = data_of(axis, f"/api/search?q={query}")["intent"]
    assert intent["action"] == action
    assert intent["params"] == params
    assert 0.0 <= intent["confidence"] <= 1.0


def test_every_operation_that_is_named_is_served(axis: Running) -> None:
    served = {(method, path) for method, path, _ in operations(served_document())}
    everything = data_of(axis, "/api/search?limit=200")["results"]
    everything += data_of(axis, "/api/capabilities")["capabilities"]
    named = {(entry["operation"]["method"], entry["operation"]["path"]) for entry in everything}
    assert named <= served


def test_what_nobody_knows_has_no_intent(axis: Running) -> None:
    data = data_of(axis, "/api/search?q=zzzz qqqq")
    assert data["intent"] is None


def test_backends_are_what_the_host_has_and_say_why_one_cannot_be_used(axis: Running) -> None:
    listed = {b["id"]: b for b in data_of(axis, "/api/backends")["backends"]}
    assert {"parametric", "mesh_upload", "photo_fit", "visual_hull"} == set(listed)
    assert listed["mesh_upload"]["available"]
    assert not listed["visual_hull"]["available"]
    assert listed["visual_hull"]["reason"]
    assert listed["photo_fit"]["available"] == (not default_host(installed=False).provider("photo_fit").health())
    assert listed["parametric"]["available"] == (not PROVIDER.health())
    assert listed["parametric"]["licence"] == PROVIDER.licence
