"""What a search can find, gathered from the host and the rooms that list things."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from axis_core.agent.guides import GUIDES
from axis_core.agent.handlers import HANDLERS
from axis_core.agent.nicknames import other_names
from axis_core.audit.gltf import issue_codes
from axis_core.body.clips import list_clips
from axis_core.body.presets import list_presets
from axis_core.model.issue_codes import ISSUE_CODES
from axis_core.model.tier import TIERS
from axis_core.plugin.host import PluginHost


__all__ = ["Entry", "catalogue"]


@attrs.frozen(kw_only=True)
class Entry:
    """One thing there is.

    Attributes
    ----------
    id : str
        ``kind:name``.
    words : str
        Further names, by commas.
    order : int
        Among equals the smaller comes first.
    weight : float
        What people look for more often weighs a little more.
    """

    id: str
    kind: str
    title: str
    text: str
    operation: tuple[str, str]
    words: str = ""
    order: int = 0
    weight: float = 0.0


_PROCESS = ("POST", "/api/process")
_STAGE = ("POST", "/api/pipeline/run-stage")


def catalogue(host: PluginHost) -> Iterator[Entry]:
    """Yield everything a search over ``host`` can find."""
    for order, entry in enumerate(_entries(host)):
        yield attrs.evolve(entry, order=order)


def _entries(host: PluginHost) -> Iterator[Entry]:
    for handler in HANDLERS:
        words = other_names("handler", handler.name)
        yield _entry("handler", handler.name, handler.summary, handler.operation, words=words, weight=0.08)
    for platform in host.platforms:
        words = f"{platform.title}, {other_names('platform', platform.name)}"
        yield _entry("platform", platform.name, platform.summary, _PROCESS, words=words, weight=0.07)
    for stage in host.stages:
        words = other_names("stage", stage.name)
        yield _entry("stage", stage.name, stage.summary, _STAGE, words=words, weight=0.03)
    for repair in host.repairs:
        words = other_names("repair", repair.name)
        yield _entry("repair", repair.name, repair.summary, ("POST", "/api/repair/suggest"), words=words, weight=0.05)
    for tier in TIERS.values():
        text = f"At most {tier.triangles:,} triangles: {tier.reason}"
        yield _entry("tier", tier.name, text, _PROCESS, words=other_names("tier", tier.name), weight=0.02)
    for form in host.formats:
        words = f"{', '.join(form.suffixes)}, {other_names('format', form.name)}"
        yield _entry("format", form.name, form.summary or f"{form.name} files.", ("GET", "/api/formats"), words=words)
    for report in host.audit_formats:
        text, words = report.summary or f"Reports as {report.name}.", other_names("audit_format", report.name)
        yield _entry("audit_format", report.name, text, ("GET", "/api/audit/formats"), words=words)
    for archetype in host.archetypes:
        words = other_names("archetype", archetype.name)
        yield _entry("archetype", archetype.name, archetype.summary, ("POST", "/api/rig"), words=words)
    for preset in list_presets():
        yield _entry("preset", preset.name, preset.summary, ("POST", "/api/generate"), words="preset, example person")
    for provider in host.providers:
        yield _entry("provider", provider.name, provider.summary, ("POST", "/api/generate"), weight=-0.05)
    for clip in list_clips():
        yield _entry("animation", clip.name, clip.summary, ("POST", "/api/generate"), words=clip.group)
    for name, (text, words) in GUIDES.items():
        yield _entry("guide", name, text, ("GET", "/docs"), words=words, weight=-0.3)
    for code in (*ISSUE_CODES.values(), *(c for c in issue_codes() if c.code not in ISSUE_CODES)):
        yield _entry("issue", code.code, f"{code.summary} {code.why}", ("POST", "/api/audit/glb"), weight=-0.4)


def _entry(
    kind: str, name: str, text: str, operation: tuple[str, str], *, words: str = "", weight: float = 0.0
) -> Entry:
    return Entry(id=f"{kind}:{name}", kind=kind, title=name, text=text, operation=operation, words=words, weight=weight)
