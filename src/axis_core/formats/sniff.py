"""Which format bytes are: by their first bytes, then by their suffix; and what to say about those that are none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from axis_core.errors import AxisError, BackendUnavailable, InputError
from axis_core.plugin.kinds import Format


__all__ = ["HEAD_BYTES", "find_format", "is_zip", "refuse_impostor"]

HEAD_BYTES = 4096
_LFS = b"version https://git-lfs.github.com/spec/"
_ASSIMP = "Install the plugin: pip install axis-importer-assimp. Or convert it to GLB."
_USD = "Install the plugin: pip install axis-importer-usd. Or convert it to GLB."
_KNOWN = (
    (b"Kaydara FBX Binary", "FBX", _ASSIMP),
    (b"; FBX", "FBX (text)", _ASSIMP),
    (b"PXR-USDC", "USD (binary)", _USD),
    (b"#usda", "USD (text)", _USD),
    (b"BLENDER", "a Blender file", "Export it from Blender as GLB."),
    (b"\x1f\x8b", "gzip", "Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it, or send a zip."),
    (b"Rar!", "a RAR archive", "Unpack it, or send a zip."),
    (b"\x89PNG", "a PNG image", "Photos cannot be read in this version: send a mesh."),
    (b"\xff\xd8\xff", "a JPEG image", "Photos cannot be read in this version: send a mesh."),
    (b"%PDF", "a PDF", "Send a mesh: GLB, glTF, VRM, OBJ, STL or PLY."),
)
_SUFFIX_HINTS = {
    **dict.fromkeys((".fbx", ".dae", ".3ds", ".blend", ".x", ".bvh"), _ASSIMP),
    **dict.fromkeys((".usdz", ".usd", ".usda", ".usdc"), _USD),
}


def is_zip(head: bytes) -> bool:
    """Return whether the bytes start like a zip archive, an empty one included."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def refuse_impostor(head: bytes, name: str) -> None:
    """Refuse what is called a mesh but is the receipt for one: nothing, a Git LFS pointer, a web page.

    Raises
    ------
    InputError
        ``parse_failed`` or ``lfs_pointer``.
    """
    what = name or "the input"
    if not head.strip(b"\0 \t\r\n"):
        state = "holds nothing but blanks" if head else "is empty (0 bytes)"
        raise InputError(f"{what} {state}", code="parse_failed", hint="Export or download it again.")
    if head.startswith(_LFS):
        raise InputError(
            f"{what} is a Git LFS pointer, not the asset itself",
            code="lfs_pointer",
            hint="Run `git lfs pull` where it came from, and send the file it stands for.",
        )
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise InputError(
            f"{what} is a web page, not a mesh",
            code="unsupported_format",
            hint="The download gave an error or a login page: open it in a browser to see.",
        )


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def find_format(data: bytes, name: str, formats: Iterable[Format]) -> Format:
    """Return the format that can read ``data``.

    Content decides; among several that recognise it, the suffix does. The suffix alone decides only where no content
    is recognised. A name without a suffix, or with one that belongs to no format, is fine; another format's is not.

    Raises
    ------
    InputError
        ``unsupported_format``: nobody recognises it; ``wrong_suffix``: it is not what its name says.
    BackendUnavailable
        ``not_installed``: what could read it is not installed; the hint names it.
    """
    formats = tuple(formats)
    head, suffix = data[:HEAD_BYTES], _suffix(name)
    recognised = [f for f in formats if f.sniff(head)]
    by_suffix = [f for f in formats if suffix in f.suffixes]
    both = [f for f in by_suffix if f in recognised]
    if recognised and not both and (by_suffix or suffix in _SUFFIX_HINTS):
        is_of = recognised[0]
        raise InputError(
            f"{name} is named {suffix} but holds {is_of.name}",
            code="wrong_suffix",
            hint=f"If that is the file you mean, name it {PurePath(name).stem}{is_of.suffixes[0]}.",
        )
    for candidates in (both, recognised, [] if _known(head) else by_suffix):
        readers = [f for f in candidates if f.read is not None]
        usable = next((f for f in readers if not f.available()), None)
        if usable is not None:
            return usable
        if readers:
            raise BackendUnavailable(f"{readers[0].name} cannot be read now", hint=readers[0].available())
    raise _unsupported(head, name, formats)


def _known(head: bytes) -> tuple[str, str] | None:
    return next(((what, hint) for magic, what, hint in _KNOWN if head.startswith(magic)), None)


def _unsupported(head: bytes, name: str, formats: tuple[Format, ...]) -> AxisError:
    known = _known(head)
    if known is not None:
        what, hint = known
    else:
        what = f"of an unknown format: it starts with {head[:8]!r}"
        hint = _SUFFIX_HINTS.get(_suffix(name), "")
    if "plugin" in hint:
        return BackendUnavailable(f"{name or 'the input'} is {what}, which needs a plugin", hint=hint)
    readable = ", ".join(sorted(f.name for f in formats if f.read is not None))
    hint = f"{hint} Readable formats: {readable}.".strip()
    return InputError(f"{name or 'the input'} is {what}", code="unsupported_format", hint=hint)
