"""Seconds of processor time and bytes of whole avatars: ``python benchmarks/bench_body_avatar.py [PRESET ...]``.

Each preset is built once to warm up, then with another skin, so that its own textures are painted anew.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

import attrs

from axis_core.body import PRESETS, build
from axis_core.formats.gltf.write import glb_bytes
from axis_core.stages.decimate import decimate_scene
from axis_core.stages.lods import lod_scenes


T = TypeVar("T")
TIER, TRIANGLES = "web_vr", 20_000


def timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()
    out = work()
    return time.process_time() - start, out


def main(names: list[str]) -> None:
    print("| preset | build, 1024 | tier and 2 LODs | write all | together | three GLBs, MB | no textures, written |")
    print("|---|---|---|---|---|---|---|")
    for name in names:
        recipe = PRESETS[name].recipe
        warm = decimate_scene(build(recipe, morphs=True, visemes=True, tier=TIER), TRIANGLES)
        glb_bytes(lod_scenes(warm, 2, 0.5)[0])
        other = attrs.evolve(recipe, skin_tone=0.9 * recipe.skin_tone + 0.01)
        a, scene = timed(lambda r=other: build(r, morphs=True, visemes=True, tier=TIER))
        b, levels = timed(lambda s=scene: [(d := decimate_scene(s, TRIANGLES)), *lod_scenes(d, 2, 0.5)])
        c, files = timed(lambda s=levels: [glb_bytes(level) for level in s])
        d, _ = timed(lambda r=other: glb_bytes(build(r, morphs=True, tier=TIER, texture_side=0)))
        size = sum(map(len, files)) / 1e6
        print(f"| {name} | {a:.2f} s | {b:.2f} s | {c:.2f} s | {a + b + c:.2f} s | {size:.1f} | {d:.2f} s |")


if __name__ == "__main__":
    main(sys.argv[1:] or ["ada", "diego", "zola", "walter", "chibi", "robot"])
