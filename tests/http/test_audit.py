"""Audits, suggestions and fraud checks over HTTP."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from tests.http.people import Person
from tests.http.running import Running

import axis_core
from axis_core.audit.gltf import validate
from axis_core.testing import capsule_person


GLB = {"content-type": "model/gltf-binary"}


@pytest.fixture(scope="module")
def axis(serve: Callable[..., Running]) -> Running:
    """A service in open mode that waits for results, however long the first compilation takes."""
    return serve(sync_limit=120.0)


@pytest.fixture(scope="module")
def guarded(serve: Callable[..., Running]) -> Running:
    """The same with accounts."""
    return serve(auth="required", signups_per_hour=1000, public_rate=100_000, sync_limit=120.0)


@pytest.fixture(scope="module")
def processed(axis: Running, person_glb: bytes) -> dict[str, Any]:
    """A result of the open service, with its contract."""
    return axis.data("POST", "/api/process", content=person_glb, headers=GLB)


def test_a_glb_is_audited_for_the_specification_and_every_platform(axis: Running, rigged_glb: Path) -> None:
    data = rigged_glb.read_bytes()
    answer = axis.data("POST", "/api/audit/glb?format=markdown", content=data, headers=GLB)
    assert answer["compliant"] is True
    assert set(answer["platforms"]) == {"unity", "unreal", "godot", "roblox", "axis_engine"}
    assert {c["id"] for c in answer["checks"]} >= {"gltf", "mesh", "rig", "skin"}
    assert answer["stats"]["joints"] > 10
    assert answer["report"]["content"].startswith("# ")
    one = axis.data("POST", "/api/audit/glb?platform=roblox", content=data, headers=GLB)
    assert list(one["platforms"]) == ["roblox"]
    assert "report" not in one


def test_what_the_specification_forbids_is_told_as_the_validator_tells_it(axis: Running, rigged_glb: Path) -> None:
    data = bytearray(rigged_glb.read_bytes())
    data[data.index(b'"bufferView":0') + len(b'"bufferView":')] = ord("9")
    answer = axis.data("POST", "/api/audit/glb", content=bytes(data), headers=GLB)
    said = {(i.code, i.pointer) for i in validate(bytes(data)).issues if i.severity == "error"}
    assert said
    assert answer["compliant"] is False
    assert said <= {(e["code"], e["path"]) for e in answer["errors"]}


@pytest.mark.parametrize(
    "change", [lambda d: d[:-40], lambda d: b"glTX" + d[4:], lambda d: d[:8], lambda _: b"solid x"]
)
def test_what_is_no_whole_glb_is_refused(axis: Running, rigged_glb: Path, change: Callable[[bytes], bytes]) -> None:
    answer = axis.request("POST", "/api/audit/glb", content=change(rigged_glb.read_bytes()), headers=GLB)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_failed")
    odd = axis.request("POST", "/api/audit/glb?format=pdf", content=rigged_glb.read_bytes(), headers=GLB)
    assert odd.status_code == 400


def test_a_contract_is_sound_until_it_is_changed(axis: Running, processed: dict[str, Any]) -> None:
    contract = processed["contract"]
    for body in (contract, {"contract": contract}, {"contract": contract, "format": "json"}):
        answer = axis.data("POST", "/api/audit/contract", json=body)
        assert (answer["valid"], answer["score"], answer["errors"]) == (True, 100.0, [])
        assert ("report" in answer) == ("format" in body)
    changed = copy.deepcopy(contract)
    changed["stages"][2]["output_sha256"] = "0" * 64
    answer = axis.data("POST", "/api/audit/contract", json=changed)
    assert answer["valid"] is False
    assert [e["code"] for e in answer["errors"]] == ["CONTRACT_CHAIN_BROKEN"]
    assert next(c for c in answer["checks"] if c["id"] == "chain")["status"] == "fail"
    wrong = axis.data("POST", "/api/audit/contract", json={"contract": {"schema_version": "1.0", "mesh": 3}})
    assert [e["code"] for e in wrong["errors"]] == ["CONTRACT_SCHEMA"]
    for body in ({"contract": [1]}, {}, {"contract": {"a": "x" * 1_100_000}}):
        assert axis.request("POST", "/api/audit/contract", json=body).status_code == 400


def test_repairs_are_suggested_with_what_a_trial_changed(axis: Running, tmp_path: Path) -> None:
    person = capsule_person()
    mesh = person.meshes[0]
    doubled = attrs.evolve(mesh, faces=np.concatenate([mesh.faces, mesh.faces[:9]]))
    path = tmp_path / "doubled.glb"
    axis_core.write(attrs.evolve(person, meshes=[doubled, *person.meshes[1:]]), path)
    sent = {"source": {"data_b64": base64.b64encode(path.read_bytes()).decode(), "filename": "doubled.glb"}}
    types = {t["id"] for t in axis.data("GET", "/api/repair/types")["types"]}
    for choices in ({"content": path.read_bytes(), "headers": GLB}, {"json": sent}):
        answer = axis.data("POST", "/api/repair/suggest", **choices)
        found = next(s for s in answer["suggestions"] if s["type"] == "remove_duplicate_faces")
        before, after = found["estimate"]["triangles"]
        assert before - after == 9
        assert found["auto_fixable"] is True
        assert answer["count"] == len(answer["suggestions"])
        assert {s["type"] for s in answer["suggestions"] if s["type"]} <= types


def test_repairs_are_suggested_for_ids_contracts_and_codes(axis: Running, processed: dict[str, Any]) -> None:
    for key in ("asset_id", "export_id"):
        assert "suggestions" in axis.data("POST", "/api/repair/suggest", json={key: processed[key]})
    issues = [{"code": "MESH_NON_FINITE", "pointer": "/meshes/3"}, "RIG_HIERARCHY", "UNUSED_OBJECT"]
    answer = axis.data("POST", "/api/repair/suggest", json={"issues": issues})
    assert [(s["type"], s["target"]) for s in answer["suggestions"][:1]] == [("resolve_nan", ["/meshes/3"])]
    assert {s["type"] for s in answer["suggestions"][1:]} == {None}
    assert answer["can_auto_repair"] is False
    contract = copy.deepcopy(processed["contract"])
    contract["mesh"]["height_m"] = 180.0
    answer = axis.data("POST", "/api/repair/suggest", json={"contract": contract})
    assert "rescale" in {s["type"] for s in answer["suggestions"]}
    for body in ({}, {"issues": ["NO_SUCH_CODE"]}, {"issues": []}, {"contract": 3}):
        assert axis.request("POST", "/api/repair/suggest", json=body).status_code == 400
    assert axis.request("POST", "/api/repair/suggest", json={"asset_id": "ast_no"}).status_code == 404


def test_another_accounts_avatar_is_found_and_ones_own_is_not(guarded: Running, person_glb: bytes) -> None:
    first, second = Person(guarded, "first"), Person(guarded, "second")
    made = first.data("POST", "/api/process", content=person_glb, headers=GLB)
    own = first.data("POST", "/api/fraud/check", json={"asset_id": made["asset_id"]})
    assert (own["verdict"], own["duplicates"]) == ("clear", [])
    copied = first.request("GET", f"/api/export/{made['export_id']}").content
    found = second.data("POST", "/api/fraud/check", content=copied, headers=GLB)
    assert found["verdict"] == "fraudulent"
    assert "exact_duplicate" in {i["id"] for i in found["indicators"]}
    assert [d["asset_id"] for d in found["duplicates"]] == [None]
    first.data("PATCH", f"/api/gallery/{made['asset_id']}", json={"visibility": "public"})
    found = second.data("POST", "/api/fraud/check", content=copied, headers=GLB)
    assert [d["asset_id"] for d in found["duplicates"]] == [made["asset_id"]]
    later = second.data("POST", "/api/process", content=person_glb, headers=GLB)
    assert first.data("POST", "/api/fraud/check", json={"asset_id": made["asset_id"]})["verdict"] == "clear"
    again = second.data("POST", "/api/fraud/check", json={"asset_id": later["asset_id"]})
    assert again["duplicates"][0]["asset_id"] == made["asset_id"]
    assert Person(guarded, "third").data("GET", "/api/fraud/stats")["checked"] == 0
    figures = second.data("GET", "/api/fraud/stats?window_days=1")
    assert (figures["checked"], figures["flagged"], figures["rate"]) == (3, 3, 1.0)
    assert figures["by_verdict"]["fraudulent"] == 3
    first.data("POST", "/api/gallery/delete", json={"asset_id": made["asset_id"]})
    assert second.data("POST", "/api/fraud/check", content=copied, headers=GLB)["duplicates"] == []


def test_a_contract_alone_can_be_checked(axis: Running, processed: dict[str, Any]) -> None:
    fine = axis.data("POST", "/api/fraud/check", json={"contract": processed["contract"]})
    assert (fine["verdict"], fine["indicators"]) == ("clear", [])
    changed = copy.deepcopy(processed["contract"])
    changed["stages"][1]["input_sha256"] = "1" * 64
    found = axis.data("POST", "/api/fraud/check", json={"contract": changed})
    assert found["verdict"] == "fraudulent"
    assert [i["id"] for i in found["indicators"]] == ["tampered_contract"]
    odd = axis.data("POST", "/api/fraud/check", json={"contract": {"files": 3}})
    assert odd["verdict"] == "suspicious"
    for body in ({}, {"contract": []}):
        assert axis.request("POST", "/api/fraud/check", json=body).status_code == 400


def tampered(axis: Running, made: dict[str, Any]) -> None:
    """Change the recorded hash of an asset's file."""
    service = axis.app._service
    export = service.exports.get("anonymous", made["export_id"])
    contract = service.db.value("SELECT contract FROM asset WHERE asset_id = ?", (made["asset_id"],))
    broken = contract.replace(Path(export.files["avatar.glb"]).name, "0" * 64)
    assert broken != contract
    service.db.write("UPDATE asset SET contract = ? WHERE asset_id = ?", (broken, made["asset_id"]))


def test_a_suspicious_asset_has_one_review(axis: Running, person_glb: bytes) -> None:
    made = axis.data("POST", "/api/process", content=person_glb, headers=GLB)
    tampered(axis, made)
    first = axis.data("POST", "/api/fraud/check", json={"asset_id": made["asset_id"]})
    second = axis.data("POST", "/api/fraud/check", json={"asset_id": made["asset_id"]})
    assert first["verdict"] == "fraudulent"
    assert first["review_id"] == second["review_id"]
    item = axis.data("GET", f"/api/review/{first['review_id']}")
    assert (item["status"], item["kind"], item["asset_id"]) == ("pending", "fraud", made["asset_id"])
    assert item["reason_codes"] == ["tampered_contract"]
    assert axis.request("GET", item["preview_url"]).content[:4] == b"glTF"
    axis.data("PATCH", f"/api/gallery/{made['asset_id']}", json={"visibility": "public"})
    sent = {"review_id": first["review_id"], "decision": "reject", "reason": "not the bytes of its contract"}
    assert axis.data("POST", "/api/review/decide", json=sent)["status"] == "rejected"
    assert axis.data("GET", f"/api/gallery/{made['asset_id']}")["visibility"] == "private"


def test_a_fraud_review_that_expires_takes_nothing_away(axis: Running, person_glb: bytes) -> None:
    made = axis.data("POST", "/api/process", content=person_glb, headers=GLB)
    tampered(axis, made)
    review_id = axis.data("POST", "/api/fraud/check", json={"asset_id": made["asset_id"]})["review_id"]
    axis.app._service.db.write("UPDATE review SET expires_at = 0 WHERE review_id = ?", (review_id,))
    axis.app._service.gate.expire()
    assert axis.data("GET", f"/api/review/{review_id}")["status"] == "expired"
    assert axis.request("GET", f"/api/export/{made['export_id']}").content[:4] == b"glTF"


def test_many_suspicious_files_of_one_kind_make_one_review(guarded: Running) -> None:
    person = Person(guarded, "flood")
    sent = [person.data("POST", "/api/fraud/check", json={"contract": {"files": n}}) for n in (1, 2, 3)]
    assert len({answer["review_id"] for answer in sent}) == 1
    assert person.data("GET", "/api/review/pending")["total"] == 1
    assert len({answer["check_id"] for answer in sent}) == 3


def test_two_people_who_make_the_same_preset_are_no_copies_of_each_other(guarded: Running, person_glb: bytes) -> None:
    first, second = Person(guarded, "maker"), Person(guarded, "taker")
    db = guarded.app._service.db
    made = [p.data("POST", "/api/process", content=person_glb, headers=GLB) for p in (first, second)]
    assert second.data("POST", "/api/fraud/check", json={"asset_id": made[1]["asset_id"]})["duplicates"]
    for answer in made:  # as if both had come from the generator
        db.write(
            "UPDATE asset SET contract = json_set(contract, '$.provenance.provider', 'parametric') WHERE asset_id = ?",
            (answer["asset_id"],),
        )
    found = second.data("POST", "/api/fraud/check", json={"asset_id": made[1]["asset_id"]})
    assert (found["verdict"], found["duplicates"]) == ("clear", [])
    first.data("PATCH", f"/api/gallery/{made[0]['asset_id']}", json={"visibility": "public"})
    copied = second.request("GET", f"/api/export/{made[1]['export_id']}").content
    found = second.data("POST", "/api/fraud/check", content=copied, headers=GLB)
    assert made[0]["asset_id"] not in {d["asset_id"] for d in found["duplicates"]}


def test_an_export_is_no_copy_of_what_others_made_of_it_later(guarded: Running, person_glb: bytes) -> None:
    author, copier = Person(guarded, "author"), Person(guarded, "copier")
    made = author.data("POST", "/api/process?save=false", content=person_glb, headers=GLB)
    copied = author.request("GET", f"/api/export/{made['export_id']}").content
    later = copier.data("POST", "/api/process", content=copied, headers=GLB)
    copier.data("PATCH", f"/api/gallery/{later['asset_id']}", json={"visibility": "public"})
    as_export = author.data("POST", "/api/fraud/check", json={"export_id": made["export_id"]})
    as_upload = author.data("POST", "/api/fraud/check", content=copied, headers=GLB)
    told = [{d["asset_id"] for d in found["duplicates"]} for found in (as_export, as_upload)]
    assert later["asset_id"] in told[1]
    assert later["asset_id"] not in told[0]
