"""The rules find what is wrong and nothing else; the printed forms can be read by what they are for."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import attrs
import numpy as np
import pytest

from axis_core.audit import AUDIT_FORMATS, RULES
from axis_core.model import ISSUE_CODES, Material, MorphTarget, Report, Scene, Severity, Texture, TextureUse, issue
from axis_core.model.quality import make_report, quality_score
from axis_core.plugin.checks import run_rules
from axis_core.plugin.kinds import Rule, Subject
from axis_core.testing import capsule_person, checker_png, cube, skinned_arm, textured_quad


PRINT = {f.name: f.render for f in AUDIT_FORMATS}


def codes(scene: Scene, tier: str = "") -> frozenset[str]:
    return run_rules(RULES, Subject(scene=scene, tier=tier)).codes


def test_a_clean_rigged_person_has_no_errors_and_no_warnings() -> None:
    report = run_rules(RULES, Subject(scene=capsule_person()))
    assert [i for i in report.issues if i.severity.rank < Severity.INFO.rank] == []


def test_every_code_of_a_rule_is_registered() -> None:
    own = [c for rule in RULES if rule.name not in ("gltf", "vrm") for c in rule.codes]
    assert set(own) <= set(ISSUE_CODES)
    assert len(own) == len(set(own))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uvs": [np.full((4, 2), 3.0)]}, "UV_OUT_OF_RANGE"),
        ({"uvs": ()}, "UV_MISSING"),
        ({"normals": None, "tangents": None}, "NORMALS_MISSING"),
    ],
)
def test_a_textured_quad_with_a_fault(change: dict[str, object], code: str) -> None:
    quad = textured_quad()
    assert code not in codes(quad)
    mesh = attrs.evolve(quad.meshes[0], **change)
    assert code in codes(attrs.evolve(quad, meshes=[mesh]))


def test_the_rig_that_hangs_on_one_joint_is_an_error() -> None:
    """What makes an avatar formally right and really empty."""
    person = capsule_person()
    hung = [
        attrs.evolve(m, joints=np.zeros_like(np.asarray(m.joints)), weights=np.eye(4)[np.zeros(m.n_vertices, int)])
        for m in person.meshes
    ]
    report = run_rules(RULES, Subject(scene=attrs.evolve(person, meshes=hung)))
    found = next(i for i in report.issues if i.code == "SKIN_ONE_JOINT_HOLDS_ALL")
    assert found.severity is Severity.ERROR
    assert found.value == 1.0
    assert "hips" in found.message


def test_size_floor_and_height_are_measured() -> None:
    assert "SCALE_IMPLAUSIBLE" in codes(cube(300.0))
    lifted = attrs.evolve(cube(), nodes=[attrs.evolve(cube().nodes[0], translation=(0, 9, 0))])
    assert "OFF_FLOOR" in codes(lifted)


def test_an_open_box_has_open_edges_and_a_closed_one_has_none() -> None:
    box = cube()
    opened = attrs.evolve(box, meshes=[attrs.evolve(box.meshes[0], faces=box.meshes[0].faces[2:])])
    assert "MESH_BOUNDARY_EDGES" not in codes(box)
    assert "MESH_BOUNDARY_EDGES" in codes(opened)


def test_a_fin_is_not_manifold() -> None:
    box = cube()
    mesh = box.meshes[0]
    edge = mesh.faces[0]
    fin = attrs.evolve(
        mesh,
        positions=np.concatenate([mesh.positions, [[5, 5, 5]]]),
        faces=np.concatenate([mesh.faces, [[edge[0], edge[1], mesh.n_vertices]]]),
        normals=None,
        uvs=(),
        colors=(),
        tangents=None,
    )
    assert "MESH_NON_MANIFOLD_EDGES" in codes(attrs.evolve(box, meshes=[fin]))


def test_morph_targets_that_move_nothing_or_share_a_name() -> None:
    arm = skinned_arm()
    still = MorphTarget(name="bulge", positions=np.zeros((arm.n_vertices, 3)))
    mesh = attrs.evolve(arm.meshes[0], morphs=[*arm.meshes[0].morphs, still], morph_weights=(0, 0))
    assert {"MORPH_EMPTY", "MORPH_DUPLICATE_NAME"} <= codes(attrs.evolve(arm, meshes=[mesh]))


def test_textures_are_measured_by_their_header() -> None:
    quad = textured_quad()
    big = Texture(data=checker_png(1030), media_type="image/png", name="big")
    torn = Texture(data=checker_png(8)[:30], media_type="image/png", name="torn")
    found = codes(attrs.evolve(quad, textures=[*quad.textures, big, torn]), tier="mobile_light")
    assert {"TEXTURE_TOO_LARGE", "TEXTURE_NOT_POWER_OF_TWO", "TEXTURE_UNREADABLE"} <= found


def test_a_material_factor_outside_its_range() -> None:
    quad = textured_quad()
    bad = Material(base_color=(2, 1, 1, 1), base_color_texture=TextureUse(texture=0))
    assert "MATERIAL_NON_FINITE" in codes(attrs.evolve(quad, materials=[bad]))


def test_a_rule_that_raises_is_named() -> None:
    def broken(subject: Subject) -> list[object]:
        raise ZeroDivisionError(subject.name)

    with pytest.raises(Exception, match=r"'broken' failed on x\.glb: ZeroDivisionError"):
        run_rules([Rule(name="broken", codes=(), check=broken)], Subject(scene=cube(), name="x.glb"))


def nasty_report() -> Report:
    bad = issue("MESH_INWARD", '<script>"|=cmd\n', pointer="/meshes/0", value=3, limit=0)
    return make_report([bad, issue("MESH_EMPTY"), issue("OFF_FLOOR")])


def test_json_says_everything() -> None:
    plain = json.loads(PRINT["json"](nasty_report(), name="a.glb"))
    assert plain["counts"] == {"error": 1, "warning": 1, "info": 1, "hint": 0}
    assert [i["code"] for i in plain["issues"]] == ["MESH_EMPTY", "MESH_INWARD", "OFF_FLOOR"]
    assert plain["issues"][1]["fixed_by"] == ["fix_winding"]


def test_html_escapes_what_came_from_the_file() -> None:
    page = PRINT["html"](nasty_report(), name="<img src=x>").decode()
    assert "<script>" not in page
    assert "<img" not in page


def test_csv_cells_are_no_formulas() -> None:
    report = make_report([issue("MESH_EMPTY", "=1+1")])
    rows = list(csv.reader(io.StringIO(PRINT["csv"](report, name="a").decode())))
    assert rows[1][4] == "'=1+1"


def test_junit_and_sarif_and_markdown_parse() -> None:
    suite = ET.fromstring(PRINT["junit"](nasty_report(), name="a"))
    assert suite.get("failures") == "1"
    assert len(suite) == 3
    run = json.loads(PRINT["sarif"](nasty_report(), name="a"))["runs"][0]
    assert [r["level"] for r in run["results"]] == ["error", "warning", "note"]
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "MESH_EMPTY"
    rows = [line for line in PRINT["markdown"](nasty_report()).decode().splitlines() if line.startswith("| ")]
    assert len(rows) == 4
    assert all(row.replace("\\|", "").count("|") == 6 for row in rows)


def test_quality_falls_with_kinds_of_problems_more_than_with_their_number() -> None:
    one = quality_score([issue("MESH_INWARD")])
    many = quality_score([issue("MESH_INWARD")] * 50)
    two = quality_score([issue("MESH_INWARD"), issue("MESH_DEGENERATE_FACES")])
    assert 100 > one > many > two - 5
    assert quality_score([]) == 100
    assert make_report([issue("MESH_EMPTY")] * 2).grade in ("C", "D")
