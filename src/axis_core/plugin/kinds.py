"""The records that plugins hand over, and what a stage is given to work with.

Records grow by fields with defaults; functions are pure: same input, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from axis_core.errors import Cancelled


if TYPE_CHECKING:
    from axis_core.model.artefact import Artefact
    from axis_core.model.issue import Issue, Report
    from axis_core.model.scene import Scene
    from axis_core.plugin.host import PluginHost


__all__ = [
    "Archetype",
    "AuditFormat",
    "Command",
    "Companions",
    "Context",
    "Format",
    "Generation",
    "Outcome",
    "Platform",
    "Provider",
    "Repair",
    "RepairResult",
    "Request",
    "Rule",
    "Stage",
    "Subject",
]

Companions = Callable[[str], bytes | None]
"""Gives the bytes of a file beside the one being read, by its exact name, or None. Never a path."""


def no_companions(name: str) -> bytes | None:  # noqa: ARG001 - the signature is the contract
    """Return None: a lone file has no companions."""
    return None


@attrs.frozen(kw_only=True)
class Format:
    """A file format.

    Attributes
    ----------
    name : str
        ``glb``.
    suffixes : tuple of str
        ``.glb``, lower case.
    media_types : tuple of str
    sniff : callable (head: bytes) -> bool
        Whether the first 4096 bytes are of this format. Text formats without a signature answer False and are
        recognised by their suffix.
    read : callable (data: bytes, *, name: str, companions: Companions) -> Scene, or None
    write : callable (scene: Scene, *, name: str) -> tuple of Artefact, or None
        The first artefact is the file, the others its companions.
    available : callable () -> str
        Empty, or why the format cannot be used now and what to install.
    """

    name: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[..., Scene] | None = None
    write: Callable[..., tuple[Artefact, ...]] | None = None
    available: Callable[[], str] = lambda: ""
    summary: str = ""


@attrs.frozen(kw_only=True)
class Platform:
    """A game engine or service with its rules.

    Attributes
    ----------
    skeleton : str
        A vocabulary of ``axis_core.model.humanoid.bone_names``.
    up_axis, forward_axis, handedness, unit_m
        Of FBX, OBJ and STL for this platform; glTF stays Y up, +Z, right-handed, metres everywhere.
    max_influences : int
        Joints that move a vertex.
    budgets : mapping of polygon tier to the largest number of triangles
        Missing tiers have the tier's own number.
    fit_rig : callable (scene: Scene, *, bones: mapping of VRM bone to joint name) -> (Scene, tuple of str)
        Renames and completes the skeleton of a normalised scene; the strings say what changed. ``bones`` may be empty.
    check : callable (scene: Scene, *, tier: str) -> tuple of Issue
    export : callable (scene: Scene, *, name: str, format: Format[, options]) -> tuple of Artefact
        ``options`` only where the platform has some.
    options : attrs class
        Where the platform's own documents disagree.
    alpha_modes : tuple of str
        Of glTF's ``OPAQUE``, ``MASK`` and ``BLEND``: what its materials may be; others become the first of these.
    """

    name: str
    title: str
    skeleton: str
    fit_rig: Callable[..., tuple[Scene, tuple[str, ...]]]
    check: Callable[..., tuple[Issue, ...]]
    export: Callable[..., tuple[Artefact, ...]]
    up_axis: str = "Y"
    forward_axis: str = "+Z"
    handedness: str = "right"
    unit_m: float = 1.0
    max_influences: int = 4
    max_triangles: int = 500_000
    max_texture: int = 4096
    budgets: Mapping[str, int] = attrs.field(factory=dict)
    formats: tuple[str, ...] = ("glb", "gltf", "obj", "stl")
    options: type | None = None
    alpha_modes: tuple[str, ...] = ("OPAQUE", "MASK", "BLEND")
    summary: str = ""


@attrs.frozen(kw_only=True)
class RepairResult:
    """What a repair made of a scene; without changes the scene is the same object."""

    scene: Scene
    changes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Repair:
    """A way to mend findings.

    Attributes
    ----------
    fixes : tuple of str
        Issue codes.
    apply : callable (scene: Scene, options) -> RepairResult
        Idempotent; keeps skins, morphs, UVs and materials alive.
    safe : bool
        Whether ``default`` may apply it unasked.
    lossy : bool
        Whether detail goes away.
    """

    name: str
    summary: str
    fixes: tuple[str, ...]
    apply: Callable[..., RepairResult]
    options: type | None = None
    safe: bool = True
    lossy: bool = False
    adds_surface: bool = False


@attrs.frozen(kw_only=True)
class Subject:
    """What an audit rule looks at.

    Attributes
    ----------
    scene : Scene
    data : bytes or None
        The file, where there is one: rules about glTF read it raw.
    companions : callable
        The files beside it.
    platform, tier : str
        Empty where none was asked for.
    """

    scene: Scene | None
    data: bytes | None = None
    companions: Companions = no_companions
    name: str = ""
    platform: str = ""
    tier: str = ""


@attrs.frozen(kw_only=True)
class Rule:
    """A set of issue codes and the function that finds them: (subject: Subject) -> iterable of Issue."""

    name: str
    codes: tuple[str, ...]
    check: Callable[[Subject], Any]


@attrs.frozen(kw_only=True)
class AuditFormat:
    """A way to print a report: (report: Report, *, name: str) -> bytes.

    Attributes
    ----------
    takes_pictures : bool
        Whether ``render`` also takes ``pictures``, a mapping of the row of an issue to a PNG file of where it is.
    """

    name: str
    media_type: str
    render: Callable[..., bytes]
    summary: str = ""
    takes_pictures: bool = False


@attrs.frozen(kw_only=True)
class Archetype:
    """A kind of body.

    Attributes
    ----------
    score : callable (figure) -> float
        0 to 1: how well the figure is of this kind.
    place : callable (figure, options) -> Skeleton
        The skeleton in the figure's canonical space.
    """

    name: str
    score: Callable[[Any], float]
    place: Callable[..., Any]
    summary: str = ""


def _ignore(fraction: float, message: str) -> None:  # noqa: ARG001 - the signature is the contract
    return None


def _never() -> bool:
    return False


@attrs.frozen(kw_only=True)
class Context:
    """What surrounds a running stage.

    Attributes
    ----------
    host : PluginHost
        Finds platforms, repairs, formats and archetypes by name.
    platform, tier, profile, output_profile : str
        What the caller asked for; platform may be empty.
    seed : int
    source, companions : bytes, callable
        What ``ingest`` reads, and the files beside it.
    progress : callable (fraction 0..1, message)
    cancelled : callable () -> bool
    """

    host: PluginHost
    platform: str = ""
    tier: str = "desktop_standard"
    profile: str = "default"
    output_profile: str = "game_ready"
    seed: int = 0
    name: str = "avatar"
    source: bytes | None = attrs.field(default=None, repr=False)
    companions: Companions = no_companions
    progress: Callable[[float, str], None] = _ignore
    cancelled: Callable[[], bool] = _never

    def step(self, fraction: float, message: str = "") -> None:
        """Report progress and stop here if the caller cancelled.

        Raises
        ------
        Cancelled
        """
        self.progress(fraction, message)
        if self.cancelled():
            raise Cancelled("the run was cancelled", hint="Nothing was written.")


@attrs.frozen(kw_only=True)
class Outcome:
    """What a stage leaves behind.

    Attributes
    ----------
    scene : Scene
    changes : tuple of str
        What was done, for the contract.
    metrics : mapping
        Numbers for the caller (triangles before and after, confidence).
    issues : tuple of Issue
        What the stage found on its way.
    report : Report or None
        Of the audit stages.
    artefacts : tuple of Artefact
        Files made.
    lods : tuple of Scene
        Levels 1, 2, ... below the scene.
    facts : mapping
        What later stages and the contract need (``source``, ``figure``, ``transform``, ``rig``); plain JSON values.
    """

    scene: Scene
    lods: tuple[Scene, ...] = ()
    changes: tuple[str, ...] = ()
    metrics: Mapping[str, Any] = attrs.field(factory=dict)
    issues: tuple[Issue, ...] = ()
    report: Report | None = None
    artefacts: tuple[Artefact, ...] = ()
    facts: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Stage:
    """A verb of the pipeline.

    Attributes
    ----------
    run : callable (state: Outcome, options, context: Context) -> Outcome
        Takes what the stages before have left (facts and artefacts add up) and gives its own outcome.
    options : attrs class
        Frozen, every field with a default.
    needs, gives : tuples of str
        ``scene``, ``mesh``, ``rig``, ``skin``, ``report``, ``files``.
    """

    name: str
    summary: str
    run: Callable[..., Outcome]
    options: type
    needs: tuple[str, ...] = ("scene",)
    gives: tuple[str, ...] = ("scene",)
    order: int = 0


@attrs.frozen(kw_only=True)
class Request:
    """What a provider is asked to generate.

    Attributes
    ----------
    mode : str
        One of the provider's ``modes``.
    prompt, preset : str
        Words, and the name of a preset; either may be empty.
    parameters : mapping
        Plain values of the provider's own schema.
    images : tuple of (view label, bytes)
        ``front``, ``side``, ``back`` or empty; PNG or JPEG.
    texture_side : int
        Largest texels a side that the caller will keep.
    morphs, visemes : bool
        Whether face shapes are wanted.
    """

    mode: str
    prompt: str = ""
    preset: str = ""
    parameters: Mapping[str, Any] = attrs.field(factory=dict)
    images: tuple[tuple[str, bytes], ...] = ()
    seed: int = 0
    texture_side: int = 1024
    morphs: bool = False
    visemes: bool = False
    name: str = "avatar"


@attrs.frozen(kw_only=True)
class Generation:
    """What a provider made.

    Attributes
    ----------
    scene : Scene
        In canonical space; rigged or not.
    model, licence : str
        What made it, and the licence of the result.
    parameters : mapping
        Every value that it was made with, plain: the same parameters and seed give the same scene.
    parsed : mapping
        What was understood of a prompt: ``attributes``, ``matches``, ``unmatched``, ``notes``, ``confidence``.
    notes : tuple of str
        What could not be had as it was asked for.
    """

    scene: Scene
    model: str = ""
    licence: str = ""
    parameters: Mapping[str, Any] = attrs.field(factory=dict)
    parsed: Mapping[str, Any] = attrs.field(factory=dict)
    notes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Provider:
    """A source of avatars.

    Attributes
    ----------
    kind : str
        ``parametric voxel provider plugin``.
    modes : tuple of str
        Of ``text_to_3d image_to_3d avatar_parametric mesh_upload``.
    generate : callable (request: Request, context: Context) -> Generation
        Reports progress and stops by ``context.step``; raises ProviderError where a service fails.
    health : callable () -> str
        Empty, or why it cannot be used now and what to do. Quick, and without the network.
    local : bool
        Whether everything stays on this machine.
    schema : callable () -> mapping
        JSON Schema of ``Request.parameters``.
    """

    name: str
    summary: str
    modes: tuple[str, ...]
    generate: Callable[[Request, Context], Generation]
    kind: str = "plugin"
    health: Callable[[], str] = lambda: ""
    local: bool = True
    device: str = "cpu"
    licence: str = ""
    version: str = ""
    asset_classes: tuple[str, ...] = ("avatar",)
    formats: tuple[str, ...] = ("glb",)
    max_polycount: int = 500_000
    texture_sizes: tuple[int, ...] = (256, 512, 1024, 2048, 4096)
    supports_seed: bool = True
    schema: Callable[[], Mapping[str, Any]] = dict


@attrs.frozen(kw_only=True)
class Command:
    """A subcommand of ``axis``: ``build()`` gives a click command; it is called only when the command is used."""

    name: str
    summary: str
    build: Callable[[], Any]
