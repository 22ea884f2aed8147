"""Findings are shown where they are, and the page holds the pictures."""

from __future__ import annotations

import re

import attrs
import numpy as np
import pytest
from tests.repairs.corruptions import CORRUPTIONS, spoilt

import axis_core
from axis_core.audit import RULES
from axis_core.audit.page import as_html
from axis_core.audit.places import MAX_PLACES, places_of
from axis_core.model import Issue, Report, Severity, issue
from axis_core.model.quality import make_report
from axis_core.model.soup import scene_soup
from axis_core.plugin.checks import run_rules
from axis_core.plugin.kinds import Subject
from axis_core.render import display_problem
from axis_core.testing import capsule_person


@pytest.mark.parametrize("name", sorted(CORRUPTIONS))
def test_places_lie_on_the_body_and_are_few(name: str) -> None:
    scene = spoilt(capsule_person(), name)
    low, high = scene_soup(scene).bounds
    shown = 0
    for found in run_rules(RULES, Subject(scene=scene)).issues:
        places = places_of(found, scene)
        assert places.shape[1:] == (3,)
        assert len(places) <= MAX_PLACES
        assert ((places >= low - 1e-6) & (places <= high + 1e-6)).all()
        shown += len(places)
    assert shown


def test_an_open_edge_is_shown_at_its_ends_and_nowhere_else() -> None:
    person = capsule_person()
    mesh = person.meshes[0]
    torn = attrs.evolve(person, meshes=[attrs.evolve(mesh, faces=mesh.faces[1:]), *person.meshes[1:]])
    corners = mesh.positions[mesh.faces[0]]
    found = next(i for i in run_rules(RULES, Subject(scene=torn)).issues if i.code == "MESH_BOUNDARY_EDGES")
    places = places_of(found, torn)
    assert len(places) == 3
    assert {tuple(np.round(p, 5)) for p in places} == {tuple(np.round(np.asarray(c, float), 5)) for c in corners}


def test_a_joint_is_shown_by_its_name_and_what_is_not_there_nowhere() -> None:
    person = capsule_person()
    skeleton = person.skeleton(0)
    shown = places_of(issue("RIG_JOINT_OUTSIDE", pointer="/skins/0", value=skeleton.names[3]), person)
    np.testing.assert_allclose(shown, skeleton.positions[3:4])
    for pointer in ("", "/meshes/99", "/skins/9", "/nodes/999", "/accessors/0", "/meshes/0/primitives/0"):
        assert len(places_of(issue("RIG_JOINT_OUTSIDE", pointer=pointer, value="no"), person)) == 0


def test_the_page_escapes_what_is_in_the_file() -> None:
    bad = Issue(code="X<script>", severity=Severity.ERROR, message="<img src=x onerror=y>", pointer='/"><b>')
    page = as_html(make_report([bad]), name="<script>").decode()
    assert "<script>" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page


@pytest.mark.skipif(bool(display_problem()), reason="there is no OpenGL here")
def test_the_page_of_a_bad_avatar_shows_where_and_names_the_repair() -> None:
    scene = spoilt(capsule_person(), "fins")
    report = run_rules(RULES, Subject(scene=scene))
    page = axis_core.print_report(report, "html", name="person", scene=scene).decode()
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert pictures
    assert len(set(pictures)) > 1
    assert "split_non_manifold" in page
    assert not re.search(r'(?:src|href)="(?!data:)', page), "nothing is fetched"
    assert page.encode() == axis_core.print_report(report, "html", name="person", scene=scene)


def test_a_report_of_nothing_is_a_page_too() -> None:
    assert b"Nothing found" in as_html(Report())
