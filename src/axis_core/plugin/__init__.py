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
from axis_core.plugin.host import PluginHost, PluginInfo
from axis_core.plugin.kinds import (
    Archetype,
    AuditFormat,
    Command,
    Companions,
    Context,
    Format,
    Outcome,
    Platform,
    Repair,
    RepairResult,
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
    from axis_core.plugin.options import between, one_of, option, options_schema, structure_options


__all__ = [
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
    "ProviderError",
    "Repair",
    "RepairResult",
    "Report",
    "Rule",
    "Scene",
    "Severity",
    "Skeleton",
    "Skin",
    "Stage",
    "Subject",
    "Texture",
    "TextureUse",
    "between",
    "hookimpl",
    "issue",
    "one_of",
    "option",
    "options_schema",
    "structure_options",
]

_OPTIONS = frozenset({"between", "one_of", "option", "options_schema", "structure_options"})


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(
        importlib.import_module("axis_core.plugin.options" if name in _OPTIONS else "axis_core.model"), name
    )
    globals()[name] = value
    return value
