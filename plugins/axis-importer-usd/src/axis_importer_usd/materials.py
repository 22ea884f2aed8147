"""UsdPreviewSurface as metallic-roughness materials, with the images that lie in the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pxr import Usd, UsdShade

from axis_core.plugin import Material, Texture, TextureUse


__all__ = ["Materials"]

_WRAP = {"repeat": 10497, "mirror": 33648, "clamp": 33071, "black": 33071}
MAX_IMAGE_BYTES = 256 * 1024**2


class Materials:
    """Reads materials, each once.

    Parameters
    ----------
    folder : Path
        No image is read from anywhere else.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.materials: list[Material] = []
        self.textures: list[Texture] = []
        self.notes: list[str] = []
        self.missing: list[str] = []
        self._index: dict[str, int] = {}
        self._images: dict[tuple[str, int, int], int | None] = {}

    def of(self, prim: Usd.Prim) -> int | None:
        """Return the number of the material that is bound to a prim."""
        bound = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]
        if not bound:
            return None
        path = str(bound.GetPath())
        if path not in self._index:
            self._index[path] = len(self.materials)
            self.materials.append(self._read(bound))
        return self._index[path]

    def _read(self, material: UsdShade.Material) -> Material:
        name = material.GetPrim().GetName()
        shader = material.ComputeSurfaceSource()[0]
        if not shader or shader.GetIdAttr().Get() != "UsdPreviewSurface":
            self.notes.append(f"material {name!r} is no UsdPreviewSurface: it came without its look")
            return Material(name=name, metallic=0.0)
        base = self._input(shader, "diffuseColor", (0.18, 0.18, 0.18))
        emissive = self._input(shader, "emissiveColor", (0.0, 0.0, 0.0))
        metallic, roughness = self._input(shader, "metallic", 0.0), self._input(shader, "roughness", 0.5)
        opacity, threshold = self._input(shader, "opacity", 1.0), self._input(shader, "opacityThreshold", 0.0)
        fed = {
            "base_color_texture": base,
            "emissive_texture": emissive,
            "normal_texture": self._input(shader, "normal", (0.0, 0.0, 1.0)),
            "occlusion_texture": self._input(shader, "occlusion", 1.0),
        }
        uses = {slot: found for slot, found in fed.items() if isinstance(found, TextureUse)}
        textured = [v for v in (metallic, roughness) if isinstance(v, TextureUse)]
        if len({(t.texture, t.uv_set) for t in textured}) == 1:
            uses["metallic_roughness_texture"] = textured[0]
        elif textured:
            self.notes.append(f"material {name!r}: metallic and roughness in two images were left out")
        blended = isinstance(opacity, TextureUse) or opacity < 1.0
        masked = not isinstance(threshold, TextureUse) and threshold > 0.0
        alpha = 1.0 if isinstance(opacity, TextureUse) else float(opacity)
        return Material(
            name=name,
            base_color=(*((1.0, 1.0, 1.0) if isinstance(base, TextureUse) else base), alpha),
            metallic=1.0 if isinstance(metallic, TextureUse) else float(metallic),
            roughness=1.0 if isinstance(roughness, TextureUse) else float(roughness),
            emissive=(1.0, 1.0, 1.0) if isinstance(emissive, TextureUse) else emissive,
            alpha_mode="MASK" if masked else ("BLEND" if blended else "OPAQUE"),
            alpha_cutoff=float(threshold) if masked else 0.5,
            **uses,
        )

    def _input(self, shader: UsdShade.Shader, name: str, default: Any) -> Any:
        """Return the value of an input, or the use of the texture that feeds it."""
        given = shader.GetInput(name)
        if not given:
            return default
        attributes = UsdShade.Utils.GetValueProducingAttributes(given)
        if not attributes:
            return default
        source = UsdShade.Shader(attributes[0].GetPrim())
        if source and source.GetIdAttr().Get() == "UsdUVTexture":
            use = self._texture(source)
            return default if use is None else use
        value = attributes[0].Get(Usd.TimeCode.EarliestTime())
        if value is None:
            return default
        return float(value) if isinstance(default, float) else tuple(float(v) for v in value)

    def _texture(self, shader: UsdShade.Shader) -> TextureUse | None:
        given = shader.GetInput("file")
        asset = given.Get(Usd.TimeCode.EarliestTime()) if given else None
        path = str(getattr(asset, "path", "") or "")
        if not path:
            return None
        wraps = [self._token(shader, key) for key in ("wrapS", "wrapT")]
        key = (path, *wraps)
        if key not in self._images:
            self._images[key] = self._image(path, str(asset.resolvedPath or ""), wraps)
        index = self._images[key]
        return None if index is None else TextureUse(texture=index)

    @staticmethod
    def _token(shader: UsdShade.Shader, name: str) -> int:
        given = shader.GetInput(name)
        return _WRAP.get(str(given.Get()) if given else "", 10497)

    def _image(self, path: str, resolved: str, wraps: list[int]) -> int | None:
        place = Path(resolved or path)
        place = (place if place.is_absolute() else self._folder / place).resolve()
        if not place.is_relative_to(self._folder) or not place.is_file():
            beside = self._folder / place.name  # fetched by its base name
            if not beside.is_file():
                self.missing.append(path)
                self.notes.append(f"the texture {Path(path).name!r} is not there and was left out")
                return None
            place = beside
        data = place.read_bytes() if place.stat().st_size <= MAX_IMAGE_BYTES else b""
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg" if data.startswith(b"\xff\xd8\xff") else ""
        if not kind:
            self.notes.append(f"the texture {place.name!r} is neither PNG nor JPEG and was left out")
            return None
        sampler = {} if wraps == [10497, 10497] else {"wrapS": wraps[0], "wrapT": wraps[1]}
        self.textures.append(Texture(data=data, media_type=kind, name=place.stem, sampler=sampler))
        return len(self.textures) - 1
