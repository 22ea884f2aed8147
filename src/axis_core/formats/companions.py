"""Companions of OBJ and PLY files, which name them loosely: by full paths of the machine they were made on."""

from __future__ import annotations

from axis_core.formats.images import image_media_type, image_size
from axis_core.formats.limits import Limits
from axis_core.model.material import Texture
from axis_core.plugin.kinds import Companions


__all__ = ["Textures", "find_companion"]


def find_companion(name: str, companions: Companions) -> tuple[str, bytes] | None:
    """Return (base name, bytes) of what a file calls ``name``, or None.

    ``textures/skin.png`` is asked for as it stands (an archive has folders) and then as ``skin.png``; of absolute
    paths and of those that step upwards only the base name is asked for. No path is opened here.
    """
    path = name.strip().strip('"').replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or parts[-1] == ".." or any(ord(c) < 32 for c in path):
        return None
    base = parts[-1].rpartition(":")[2]
    tries = [base]
    if len(parts) > 1 and ".." not in parts and ":" not in path and not path.startswith("/"):
        tries.insert(0, "/".join(parts))
    for candidate in tries:
        data = companions(candidate) if candidate else None
        if data is not None:
            return base, bytes(data)
    return None


class Textures:
    """Collects the textures that a text format names, each file once.

    Attributes
    ----------
    found : list of Texture
    notes : list of str
        What was not there.
    """

    def __init__(self, companions: Companions, limits: Limits) -> None:
        self.found: list[Texture] = []
        self.notes: list[str] = []
        self._companions = companions
        self._limits = limits
        self._index: dict[str, int | None] = {}

    def index(self, name: str) -> int | None:
        """Return the number of the texture in the file called ``name``, None if it is not there or no image."""
        if name not in self._index:
            self._limits.check("objects", len(self._index) + 1)
            self._index[name] = self._load(name)
        return self._index[name]

    def _load(self, name: str) -> int | None:
        file = find_companion(name, self._companions)
        kind = image_media_type(file[1]) if file else ""
        if file is None or not kind:
            problem = "did not come with the file" if file is None else "is no image that is known"
            self.notes.append(f"the texture {name!r:.120} {problem}")
            return None
        size = image_size(file[1])
        if size is not None:
            self._limits.check("image_pixels", size[0] * size[1], pointer=file[0])
        same = (i for i, t in enumerate(self.found) if t.uri == file[0] and t.data == file[1])
        known = next(same, None)
        if known is not None:
            return known
        stem = file[0].rpartition(".")[0] or file[0]
        self.found.append(Texture(data=file[1], media_type=kind, name=stem, uri=file[0]))
        return len(self.found) - 1
