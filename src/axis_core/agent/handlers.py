"""The table of verbs: one row serves planner, capabilities, search, HTTP and MCP, so that nothing is listed twice."""

from __future__ import annotations

from typing import Any

import attrs

from axis_core.agent import parameters as p
from axis_core.errors import NotFound
from axis_core.plugin.options import options_schema


__all__ = ["HANDLERS", "Handler", "find_handler"]


@attrs.frozen(kw_only=True)
class Handler:
    """A verb that goals, tools and searches may name.

    Attributes
    ----------
    name, summary : str
    parameters : type
        attrs class of its arguments.
    scope : str
        What a caller's credential must hold.
    has_side_effects : bool
        Whether it makes something that is kept, so that a run must allow it by name.
    makes_mesh : bool
        Whether its result can be the input of a later step.
    operation : (str, str)
        Method and path of the service's operation.
    cost_mode : str
        The mode of the price list it is charged by; empty for free.
    """

    name: str
    summary: str
    parameters: type
    scope: str
    has_side_effects: bool
    makes_mesh: bool
    operation: tuple[str, str]
    cost_mode: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain values, the schema of its parameters among them."""
        return {
            "name": self.name,
            "summary": self.summary,
            "params_schema": options_schema(self.parameters),
            "required_scopes": [self.scope],
            "side_effects": self.has_side_effects,
        }


def _row(name: str, summary: str, parameters: type, scope: str, operation: tuple[str, str], **more: Any) -> Handler:
    flags = {"has_side_effects": True, "makes_mesh": True} | more
    return Handler(name=name, summary=summary, parameters=parameters, scope=scope, operation=operation, **flags)


HANDLERS: tuple[Handler, ...] = (
    _row(
        "generate",
        "Makes a new avatar from words or a preset.",
        p.GenerateParameters,
        "generate",
        ("POST", "/api/generate"),
        cost_mode="avatar_parametric",
    ),
    _row(
        "process",
        "Turns a mesh into an engine-ready avatar: cleaned, rigged, skinned, with levels of detail.",
        p.ProcessParameters,
        "process",
        ("POST", "/api/process"),
    ),
    _row("rig", "Gives a mesh a skeleton and weights.", p.RigParameters, "process", ("POST", "/api/rig")),
    _row(
        "repair",
        "Mends what is wrong with a mesh: holes, normals, winding, duplicates, weights.",
        p.RepairParameters,
        "process",
        ("POST", "/api/repair/suggest"),
    ),
    _row(
        "audit",
        "Says what is wrong with a file, and which repair mends it.",
        p.AuditParameters,
        "audit",
        ("POST", "/api/audit/glb"),
        has_side_effects=False,
        makes_mesh=False,
    ),
    _row(
        "decimate",
        "Reduces triangles; seams, weights and morphs are kept.",
        p.DecimateParameters,
        "process",
        ("POST", "/api/pipeline/run-stage"),
    ),
    _row(
        "convert",
        "Writes the same scene in another file format.",
        p.ConvertParameters,
        "process",
        ("POST", "/api/process"),
    ),
    _row(
        "preview",
        "Draws pictures of an avatar, in a pose if asked.",
        p.PreviewParameters,
        "read",
        ("GET", "/api/preview"),
        has_side_effects=False,
        makes_mesh=False,
    ),
    _row(
        "search",
        "Finds what there is: handlers, presets, platforms, formats, repairs, issue codes.",
        p.SearchParameters,
        "read",
        ("GET", "/api/search"),
        has_side_effects=False,
        makes_mesh=False,
    ),
    _row(
        "export",
        "Gives the files of a result in a format.",
        p.ExportParameters,
        "read",
        ("GET", "/api/export/{id}"),
        makes_mesh=False,
    ),
)
"""All handlers, in the order they are listed."""


def find_handler(name: str) -> Handler:
    """Return the handler called ``name``.

    Raises
    ------
    NotFound
    """
    for handler in HANDLERS:
        if handler.name == name:
            return handler
    raise NotFound(f"there is no handler {name!r}", hint=f"Known: {', '.join(h.name for h in HANDLERS)}.")
