"""MTL: the materials of an OBJ file (Wavefront 1995; the physically based keys of Exocortex 2014)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from axis_core.formats.companions import Textures
from axis_core.model.material import Material, TextureUse


__all__ = ["print_mtl", "read_mtl"]

_OPTION_ARGUMENTS = {
    "-blendu": 1,
    "-blendv": 1,
    "-bm": 1,
    "-boost": 1,
    "-cc": 1,
    "-clamp": 1,
    "-colorspace": 1,
    "-imfchan": 1,
    "-mm": 2,
    "-o": 3,
    "-s": 3,
    "-t": 3,
    "-texres": 1,
    "-type": 1,
}


def read_mtl(text: str, textures: Textures) -> dict[str, Material]:
    """Return the materials of an MTL text by name.

    Kd and Ke are taken as linear colours. Roughness is ``Pr``, or by Karis' approximation the fourth root of
    2 / (Ns + 2); a bump map is taken for a normal map, as other importers do. Lines that are not understood are passed
    over: MTL files are full of them.
    """
    out: dict[str, Material] = {}
    name: str | None = None
    values: dict[str, str] = {}
    for line in [*text.splitlines(), "newmtl"]:
        key, _, rest = line.strip().partition(" ")
        if key.lower() == "newmtl":
            if name is not None:
                out[name] = _material(name, values, textures)
            name, values = rest.strip(), {}
        elif key and not key.startswith("#"):
            values[key.lower()] = rest.strip()
    return out


def _numbers(text: str | None, n: int) -> tuple[float, ...] | None:
    words = (text or "").split()[:n]
    try:
        numbers = tuple(float(w) for w in words)
    except ValueError:
        return None
    if not numbers or not all(map(math.isfinite, numbers)):
        return None
    return numbers if len(numbers) == n else (numbers * n)[:n]


def _clamp(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _map(values: dict[str, str], keys: Iterable[str], textures: Textures) -> TextureUse | None:
    line = next((values[k] for k in keys if values.get(k)), None)
    if line is None:
        return None
    words, scale = line.split(), 1.0
    while len(words) > 1 and words[0].lower() in _OPTION_ARGUMENTS:
        option, n = words[0].lower(), _OPTION_ARGUMENTS[words[0].lower()]
        taken = words[1 : 1 + n]
        if n == 3:  # one to three numbers
            taken = [w for i, w in enumerate(taken) if all(_numbers(x, 1) for x in taken[: i + 1])]
        if option == "-bm":
            scale = (_numbers(" ".join(taken), 1) or (1.0,))[0]
        words = words[1 + len(taken) :]
    index = textures.index(" ".join(words)) if words else None
    return None if index is None else TextureUse(texture=index, scale=scale)


def _material(name: str, values: dict[str, str], textures: Textures) -> Material:
    color = _numbers(values.get("kd"), 3) or (1.0, 1.0, 1.0)
    opacity = (_numbers(values.get("d", "").removeprefix("-halo"), 1) or (1.0,))[0]
    if "d" not in values and "tr" in values:
        opacity = 1.0 - (_numbers(values["tr"], 1) or (0.0,))[0]
    exponent = (_numbers(values.get("ns"), 1) or (0.0,))[0]
    roughness = _numbers(values.get("pr"), 1) or ((2.0 / (max(exponent, 0.0) + 2.0)) ** 0.25,)
    color_map, alpha_map = _map(values, ["map_kd"], textures), _map(values, ["map_d"], textures)
    roughness_map, metallic_map = _map(values, ["map_pr"], textures), _map(values, ["map_pm"], textures)
    packed = roughness_map == metallic_map and roughness_map is not None
    if (roughness_map or metallic_map) and not packed:
        textures.notes.append(f"material {name!r:.60}: maps of roughness and metal in two files were left out")
    if alpha_map is not None and alpha_map != color_map:
        textures.notes.append(f"material {name!r:.60}: an opacity map of its own was left out")
    emissive_map = _map(values, ["map_ke"], textures)
    return Material(
        name=name,
        base_color=(*map(_clamp, color), _clamp(opacity)),
        base_color_texture=color_map,
        metallic=_clamp((_numbers(values.get("pm"), 1) or (1.0 if packed else 0.0,))[0]),
        roughness=_clamp(roughness[0]),
        metallic_roughness_texture=roughness_map if packed else None,
        normal_texture=_map(values, ["norm", "map_bump", "bump"], textures),
        emissive=tuple(map(_clamp, _numbers(values.get("ke"), 3) or ((1.0,) * 3 if emissive_map else (0.0,) * 3))),
        emissive_texture=emissive_map,
        alpha_mode="BLEND" if opacity < 1.0 or (alpha_map is not None and alpha_map == color_map) else "OPAQUE",
    )


def print_mtl(materials: Iterable[tuple[str, Material]], texture_names: dict[int, str]) -> str:
    """Return an MTL text.

    Parameters
    ----------
    materials : iterable of (name, Material)
        Names as the OBJ uses them, without blanks.
    texture_names : dict
        File name of each texture.
    """
    lines = []
    for name, material in materials:
        lines += ["", f"newmtl {name}", *_printed(material, texture_names)]
    return "\n".join(lines[1:]) + "\n"


def _printed(material: Material, names: dict[int, str]) -> list[str]:
    opacity, rough = material.base_color[3], max(material.roughness, 0.0)
    exponent = min(max(2.0 / max(rough, 1e-3) ** 4 - 2.0, 0.0), 1000.0)
    lines = [
        f"Kd {_row(material.base_color[:3])}",
        f"Ke {_row(material.emissive)}",
        f"Ns {_row([exponent])}",
        f"Pr {_row([material.roughness])}",
        f"Pm {_row([material.metallic])}",
        f"d {_row([opacity])}",
    ]
    for keys, use in (
        (("map_Kd", *(("map_d",) if material.alpha_mode != "OPAQUE" else ())), material.base_color_texture),
        (("map_Pr", "map_Pm"), material.metallic_roughness_texture),
        (("norm",), material.normal_texture),
        (("map_Ke",), material.emissive_texture),
    ):
        if use is not None and use.texture in names:
            option = f"-bm {_row([use.scale])} " if keys == ("norm",) and use.scale != 1.0 else ""
            lines += [f"{key} {option}{names[use.texture]}" for key in keys]
    return lines


def _row(values: Iterable[float]) -> str:
    return " ".join(f"{v:.9g}" for v in values)
