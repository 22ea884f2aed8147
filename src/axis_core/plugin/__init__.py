"""The door for plugin authors: the hook marker, the records, options and the nouns that plugins work with.

The nouns and the options are loaded at first use, for they bring numpy and cattrs: a plugin that only adds a command
costs ``axis --help`` nothing of that.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from axis_core.errors import (
    AxisError,
    BackendUnavailable,
    CannotFit,
    InputError,
    LimitExceeded,
    NotFound,
    PluginError,
    ProviderError,
)
from axis_core.plugin.ai import AIProvider, AIReply, AIRequest, ToolCall, ToolOutcome
from axis_core.plugin.host import PluginHost, PluginInfo
from axis_core.plugin.kinds import (
    Archetype,
    AuditFormat,
    Command,
    Companions,
    Context,
    Format,
    Generation,
    Outcome,
    Platform,
    Provider,
    Repair,
    RepairResult,
    Request,
    Rule,
    Stage,
    Subject,
)
from axis_core.plugin.specs import hookimpl


if TYPE_CHECKING:
    from axis_core.model import (
        Animation,
        Artefact,
        Channel,
        Issue,
        Material,
        Mesh,
        MorphTarget,
        Node,
        Report,
        Scene,
        Severity,
        Skeleton,
        Skin,
        Texture,
        TextureUse,
        issue,
    )
    from axis_core.model.humanoid import HUMANOID_BONES
    from axis_core.model.transform import (
        compose_matrix,
        decompose_matrix,
        quaternion_from_matrix,
        quaternion_product,
        transform_points,
    )
    from axis_core.plugin.options import between, one_of, option, options_schema, structure_options
    from axis_core.sandbox import Sandbox


__all__ = [
    "HUMANOID_BONES",
    "AIProvider",
    "AIReply",
    "AIRequest",
    "Animation",
    "Archetype",
    "Artefact",
    "AuditFormat",
    "AxisError",
    "BackendUnavailable",
    "CannotFit",
    "Channel",
    "Command",
    "Companions",
    "Context",
    "Format",
    "Generation",
    "InputError",
    "Issue",
    "LimitExceeded",
    "Material",
    "Mesh",
    "MorphTarget",
    "Node",
    "NotFound",
    "Outcome",
    "Platform",
    "PluginError",
    "PluginHost",
    "PluginInfo",
    "Provider",
    "ProviderError",
    "Repair",
    "RepairResult",
    "Report",
    "Request",
    "Rule",
    "Sandbox",
    "Scene",
    "Severity",
    "Skeleton",
    "Skin",
    "Stage",
    "Subject",
    "Texture",
    "TextureUse",
    "ToolCall",
    "ToolOutcome",
    "between",
    "compose_matrix",
    "decompose_matrix",
    "hookimpl",
    "issue",
    "one_of",
    "option",
    "options_schema",
    "quaternion_from_matrix",
    "quaternion_product",
    "structure_options",
    "transform_points",
]

_PLACES = {
    **dict.fromkeys(("between", "one_of", "option", "options_schema", "structure_options"), "axis_core.plugin.options"),
    **dict.fromkeys(
        ("compose_matrix", "decompose_matrix", "quaternion_from_matrix", "quaternion_product", "transform_points"),
        "axis_core.model.transform",
    ),
    "HUMANOID_BONES": "axis_core.model.humanoid",
    "Sandbox": "axis_core.sandbox",
}
"""Where a name that is loaded at first use stands; all others stand in the model."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_PLACES.get(name, "axis_core.model")), name)
    globals()[name] = value
    return value
