"""Materials as UsdPreviewSurface; textures as files of the package, PNG or JPEG as its rules want."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from pxr import Gf, Sdf, Usd, UsdShade

from axis_core.plugin import InputError, Material, Scene, TextureUse
from axis_exporter_usdz.names import Names


__all__ = ["Materials"]

_WRAP = {33071: "clamp", 33648: "mirror"}
_SUFFIX = {"image/png": "png", "image/jpeg": "jpg"}
Types = Sdf.ValueTypeNames


class Materials:
    """Writes materials, each once, and collects the files of their textures."""

    def __init__(self, stage: Usd.Stage, scene: Scene, root: Sdf.Path) -> None:
        self._stage, self._scene, self._root = stage, scene, root
        self._names, self._paths = Names(), {}
        self.files: dict[str, bytes] = {}

    def bind(self, prim: Usd.Prim, index: int) -> None:
        """Bind a material to a prim."""
        if index not in self._paths:
            self._paths[index] = self._write(self._scene.materials[index])
        UsdShade.MaterialBindingAPI.Apply(prim).Bind(self._paths[index])

    def _write(self, material: Material) -> UsdShade.Material:
        path = self._root.AppendChild(self._names.take(material.name, "material"))
        out = UsdShade.Material.Define(self._stage, path)
        look = UsdShade.Shader.Define(self._stage, path.AppendChild("surface"))
        look.CreateIdAttr("UsdPreviewSurface")
        colour, image = material.base_color, material.base_color_texture
        self._feed(
            look, "diffuseColor", Types.Color3f, Gf.Vec3f(*colour[:3]), material.base_color_texture, "rgb", colour
        )
        self._feed(look, "emissiveColor", Types.Color3f, Gf.Vec3f(*material.emissive), material.emissive_texture, "rgb")
        both = material.metallic_roughness_texture
        self._feed(look, "metallic", Types.Float, material.metallic, both, "b")
        self._feed(look, "roughness", Types.Float, material.roughness, both, "g")
        if material.normal_texture is not None:
            self._feed(look, "normal", Types.Normal3f, Gf.Vec3f(0, 0, 1), material.normal_texture, "rgb")
        if material.occlusion_texture is not None:
            self._feed(look, "occlusion", Types.Float, 1.0, material.occlusion_texture, "r")
        if material.alpha_mode != "OPAQUE":
            self._feed(look, "opacity", Types.Float, float(colour[3]), image, "a", colour)
        if material.alpha_mode == "MASK":
            look.CreateInput("opacityThreshold", Types.Float).Set(float(material.alpha_cutoff))
        out.CreateSurfaceOutput().ConnectToSource(look.ConnectableAPI(), "surface")
        return out

    def _feed(
        self,
        look: UsdShade.Shader,
        name: str,
        kind: Sdf.ValueTypeName,
        value: Any,
        use: TextureUse | None,
        channel: str,
        factor: tuple[float, ...] | None = None,
    ) -> None:
        given = look.CreateInput(name, kind)
        if use is None or not 0 <= use.texture < len(self._scene.textures):
            given.Set(value)
            return
        path = look.GetPath().GetParentPath().AppendChild(f"{name}_image")
        image = UsdShade.Shader.Define(self._stage, path)
        image.CreateIdAttr("UsdUVTexture")
        texture = self._scene.textures[use.texture]
        image.CreateInput("file", Types.Asset).Set(Sdf.AssetPath(self._file(use.texture)))
        is_colour = name in ("diffuseColor", "emissiveColor", "opacity")
        image.CreateInput("sourceColorSpace", Types.Token).Set("sRGB" if is_colour else "raw")
        for key, side in (("wrapS", "wrapS"), ("wrapT", "wrapT")):
            image.CreateInput(key, Types.Token).Set(_WRAP.get(texture.sampler.get(side, 10497), "repeat"))
        if name == "normal":
            image.CreateInput("scale", Types.Float4).Set(Gf.Vec4f(2, 2, 2, 1))
            image.CreateInput("bias", Types.Float4).Set(Gf.Vec4f(-1, -1, -1, 0))
        elif factor is not None:
            image.CreateInput("scale", Types.Float4).Set(Gf.Vec4f(*map(float, factor)))
        reader = UsdShade.Shader.Define(self._stage, path.GetParentPath().AppendChild(f"{name}_uv"))
        reader.CreateIdAttr("UsdPrimvarReader_float2")
        reader.CreateInput("varname", Types.String).Set("st" if not use.uv_set else f"st{use.uv_set}")
        image.CreateInput("st", Types.Float2).ConnectToSource(reader.ConnectableAPI(), "result")
        reader.CreateOutput("result", Types.Float2)
        output = image.CreateOutput(channel, Types.Float3 if channel == "rgb" else Types.Float)
        given.ConnectToSource(output)

    def _file(self, index: int) -> str:
        """Return the name of a texture's file in the package; what is neither PNG nor JPEG becomes PNG."""
        texture = self._scene.textures[index]
        data, suffix = texture.data, _SUFFIX.get(texture.media_type)
        if suffix is None:
            try:
                sink = io.BytesIO()
                with Image.open(io.BytesIO(data)) as image:
                    image.save(sink, "PNG")
            except OSError as exc:
                raise InputError(f"texture {texture.name!r} cannot be decoded for USDZ: {exc}") from exc
            data, suffix = sink.getvalue(), "png"
        name = f"textures/{index}.{suffix}"
        self.files[name] = data
        return name
