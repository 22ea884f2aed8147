"""Goals in plain words with the plans they should give, written before the planner.

A row: goal, what the caller has at hand, plan as (handler, arguments), status. ``BUILT_WITH`` was looked at while
building, ``KEPT_ASIDE`` was not.
"""

from __future__ import annotations

from typing import Any


Row = tuple[str, dict[str, Any], list[tuple[str, dict[str, Any]]], str]

FILE = {"input": "scan.glb"}

BUILT_WITH: list[Row] = [
    (
        "Make this scan a Roblox avatar under ten thousand triangles and tell me what you had to change.",
        FILE,
        [("process", {"input": "scan.glb", "platform": "roblox", "target_polycount": 10000})],
        "planned",
    ),
    ("rig hero.glb", {}, [("rig", {"input": "hero.glb"})], "planned"),
    (
        "Rig this for Unity with at most 4 bones per vertex",
        FILE,
        [("rig", {"input": "scan.glb", "platform": "unity", "max_influences": 4})],
        "planned",
    ),
    ("convert hero.obj to glb", {}, [("convert", {"input": "hero.obj", "format": "glb"})], "planned"),
    (
        "decimate statue.stl to 5k triangles",
        {},
        [("decimate", {"input": "statue.stl", "target_polycount": 5000})],
        "planned",
    ),
    ("Cut it down to half its triangles", FILE, [("decimate", {"input": "scan.glb", "ratio": 0.5})], "planned"),
    ("what is wrong with hero.glb?", {}, [("audit", {"input": "hero.glb"})], "planned"),
    (
        "check hero.glb for unreal and write the report as html",
        {},
        [("audit", {"input": "hero.glb", "platform": "unreal", "format": "html"})],
        "planned",
    ),
    ("fix the holes in scan.ply", {}, [("repair", {"input": "scan.ply", "repairs": ["fill_holes"]})], "planned"),
    ("repair this mesh, then rig it", FILE, [("repair", {"input": "scan.glb"}), ("rig", {"input": "$1"})], "planned"),
    ("rig it after repairing it", FILE, [("repair", {"input": "scan.glb"}), ("rig", {"input": "$1"})], "planned"),
    (
        "before you rig it, reduce it to 20,000 polygons",
        FILE,
        [("decimate", {"input": "scan.glb", "target_polycount": 20000}), ("rig", {"input": "$1"})],
        "planned",
    ),
    (
        "create a tall athletic woman in her fifties with short grey hair and a green jacket, for Unity",
        {},
        [
            (
                "generate",
                {
                    "prompt": "a tall athletic woman in her fifties with short grey hair and a green jacket",
                    "platform": "unity",
                },
            )
        ],
        "planned",
    ),
    ("make me a bald old man", {}, [("generate", {"prompt": "a bald old man"})], "planned"),
    (
        "generate a child with curly red hair and export it as obj",
        {},
        [("generate", {"prompt": "a child with curly red hair"}), ("export", {"input": "$1", "format": "obj"})],
        "planned",
    ),
    (
        "Get this ready for Godot and Unreal",
        FILE,
        [
            ("process", {"input": "scan.glb", "platform": "godot"}),
            ("process", {"input": "scan.glb", "platform": "unreal"}),
        ],
        "planned",
    ),
    (
        "process hero.fbx for mobile, standard tier",
        {},
        [("process", {"input": "hero.fbx", "polygon_tier": "mobile_standard"})],
        "planned",
    ),
    (
        "prepare this for 3d printing",
        FILE,
        [("process", {"input": "scan.glb", "output_profile": "print_ready"})],
        "planned",
    ),
    (
        "show me hero.glb from the front and the back",
        {},
        [("preview", {"input": "hero.glb", "views": ["front", "back"]})],
        "planned",
    ),
    (
        "rig this and show it with its arms up",
        FILE,
        [("rig", {"input": "scan.glb"}), ("preview", {"input": "$1", "pose": "arms_up"})],
        "planned",
    ),
    ("find presets for children", {}, [("search", {"query": "presets for children"})], "planned"),
    ("which platforms do you support?", {}, [("search", {"query": "platforms"})], "planned"),
    ("rig this", {}, [], "needs_input"),
    ("convert hero.obj", {}, [], "needs_input"),
    ("reduce the triangles", FILE, [], "needs_input"),
    ("make it ready for Fortnite", FILE, [], "needs_input"),
    ("", {}, [], "needs_input"),
    ("send it to my grandmother by post", FILE, [], "needs_input"),
    ("delete all my avatars", {}, [], "needs_input"),
    ("don't rig it, only repair it", FILE, [("repair", {"input": "scan.glb"})], "planned"),
    (
        "Make it a Unity avatar but do not reduce the triangles",
        FILE,
        [("process", {"input": "scan.glb", "platform": "unity", "skip": ["decimate"]})],
        "planned",
    ),
    (
        "weld the vertices and fix the normals of hero.glb, then export it as gltf",
        {},
        [
            ("repair", {"input": "hero.glb", "repairs": ["merge_vertices", "fix_normals"]}),
            ("export", {"input": "$1", "format": "gltf"}),
        ],
        "planned",
    ),
    ("rig dog.glb as a quadruped", {}, [("rig", {"input": "dog.glb", "archetype": "quadruped"})], "planned"),
    (
        "audit this, repair it, and audit it again",
        FILE,
        [("audit", {"input": "scan.glb"}), ("repair", {"input": "scan.glb"}), ("audit", {"input": "$2"})],
        "planned",
    ),
    (
        "turn ast_01J8ZQ4T6M2N3P4Q5R6S7T8V9W into a VR avatar",
        {},
        [("process", {"input": "ast_01J8ZQ4T6M2N3P4Q5R6S7T8V9W", "polygon_tier": "web_vr"})],
        "planned",
    ),
    (
        "make an avatar for unity with textures of 1024 pixels out of hero.glb",
        {},
        [("process", {"input": "hero.glb", "platform": "unity", "texture_size": 1024})],
        "planned",
    ),
    ("is hero.vrm valid?", {}, [("audit", {"input": "hero.vrm"})], "planned"),
    ("rig it anew although it has a rig", FILE, [("rig", {"input": "scan.glb", "force": True})], "planned"),
    (
        "process this strictly for unreal, high desktop tier",
        FILE,
        [("process", {"input": "scan.glb", "platform": "unreal", "polygon_tier": "desktop_high", "profile": "strict"})],
        "planned",
    ),
    ("a robot please", {}, [("generate", {"prompt": "a robot"})], "planned"),
]

KEPT_ASIDE: list[Row] = [
    (
        "Please make my mesh model.obj game ready for Unity, no more than 15000 tris",
        {},
        [("process", {"input": "model.obj", "platform": "unity", "target_polycount": 15000})],
        "planned",
    ),
    ("I need a skeleton in this", FILE, [("rig", {"input": "scan.glb"})], "planned"),
    ("save statue.glb as stl", {}, [("convert", {"input": "statue.glb", "format": "stl"})], "planned"),
    (
        "simplify this to twelve thousand faces",
        FILE,
        [("decimate", {"input": "scan.glb", "target_polycount": 12000})],
        "planned",
    ),
    ("lower the poly count by 75 %", FILE, [("decimate", {"input": "scan.glb", "ratio": 0.25})], "planned"),
    ("are there problems in body.ply?", {}, [("audit", {"input": "body.ply"})], "planned"),
    ("Does this fit Roblox?", FILE, [("audit", {"input": "scan.glb", "platform": "roblox"})], "planned"),
    ("clean up broken.stl", {}, [("repair", {"input": "broken.stl"})], "planned"),
    (
        "remove duplicate faces and NaN values from broken.glb",
        {},
        [("repair", {"input": "broken.glb", "repairs": ["remove_duplicate_faces", "resolve_nan"]})],
        "planned",
    ),
    (
        "first repair scan.glb, after that make it an Unreal avatar",
        {},
        [("repair", {"input": "scan.glb"}), ("process", {"input": "$1", "platform": "unreal"})],
        "planned",
    ),
    (
        "Once it is repaired, convert it to obj",
        FILE,
        [("repair", {"input": "scan.glb"}), ("convert", {"input": "$1", "format": "obj"})],
        "planned",
    ),
    (
        "give me a short stocky man with a beard and glasses for Roblox",
        {},
        [("generate", {"prompt": "a short stocky man with a beard and glasses", "platform": "roblox"})],
        "planned",
    ),
    (
        "generate a muscular superhero, seed 42",
        {},
        [("generate", {"prompt": "a muscular superhero", "seed": 42})],
        "planned",
    ),
    (
        "design a teenage girl in a red hoodie and show me a picture of her",
        {},
        [("generate", {"prompt": "a teenage girl in a red hoodie"}), ("preview", {"input": "$1"})],
        "planned",
    ),
    (
        "use this in Unity, Godot and Roblox",
        FILE,
        [
            ("process", {"input": "scan.glb", "platform": "unity"}),
            ("process", {"input": "scan.glb", "platform": "godot"}),
            ("process", {"input": "scan.glb", "platform": "roblox"}),
        ],
        "planned",
    ),
    (
        "make this a light mobile avatar",
        FILE,
        [("process", {"input": "scan.glb", "polygon_tier": "mobile_light"})],
        "planned",
    ),
    ("I want to print bust.stl", {}, [("process", {"input": "bust.stl", "output_profile": "print_ready"})], "planned"),
    (
        "keep it editable for Blender: process hero.glb with all parts",
        {},
        [("process", {"input": "hero.glb", "output_profile": "dcc_editable"})],
        "planned",
    ),
    (
        "render hero.glb from the side, squatting",
        {},
        [("preview", {"input": "hero.glb", "views": ["side"], "pose": "squat"})],
        "planned",
    ),
    ("search for hair styles", {}, [("search", {"query": "hair styles"})], "planned"),
    ("What does the code NON_MANIFOLD mean?", {}, [("search", {"query": "NON_MANIFOLD"})], "planned"),
    ("decimate", FILE, [], "needs_input"),
    ("export", {}, [], "needs_input"),
    ("turn this into a game character for PlayStation Home", FILE, [], "needs_input"),
    ("buy 200 tokens", {}, [], "needs_input"),
    ("make it better", FILE, [], "needs_input"),
    ("publish my avatar on the web", FILE, [], "needs_input"),
    ("convert it to step", FILE, [], "needs_input"),
    (
        "without rigging, make it a Godot avatar",
        FILE,
        [("process", {"input": "scan.glb", "platform": "godot", "skip": ["rig"]})],
        "planned",
    ),
    (
        "repair hero.glb but never fill holes",
        {},
        [("repair", {"input": "hero.glb", "without": ["fill_holes"]})],
        "planned",
    ),
    (
        "flip the inside-out faces of hero.glb",
        {},
        [("repair", {"input": "hero.glb", "repairs": ["fix_winding"]})],
        "planned",
    ),
    (
        "auto-rig spider.glb as an insect for Godot",
        {},
        [("rig", {"input": "spider.glb", "archetype": "insect", "platform": "godot"})],
        "planned",
    ),
    (
        "reduce dragon.obj to 8k triangles, rig it and convert the result to gltf",
        {},
        [
            ("decimate", {"input": "dragon.obj", "target_polycount": 8000}),
            ("rig", {"input": "$1"}),
            ("convert", {"input": "$2", "format": "gltf"}),
        ],
        "planned",
    ),
    (
        "process upl_01J8ZQ4T6M2N3P4Q5R6S7T8V9W leniently for unity",
        {},
        [("process", {"input": "upl_01J8ZQ4T6M2N3P4Q5R6S7T8V9W", "platform": "unity", "profile": "lenient"})],
        "planned",
    ),
    (
        "unity avatar from hero.glb, 2k textures, desktop tier",
        {},
        [
            (
                "process",
                {"input": "hero.glb", "platform": "unity", "texture_size": 2048, "polygon_tier": "desktop_standard"},
            )
        ],
        "planned",
    ),
    (
        "validate hero.glb and give me the findings as sarif",
        {},
        [("audit", {"input": "hero.glb", "format": "sarif"})],
        "planned",
    ),
    ("replace the rig of old.glb", {}, [("rig", {"input": "old.glb", "force": True})], "planned"),
    (
        "film quality version of hero.glb for Unreal Engine 5",
        {},
        [("process", {"input": "hero.glb", "platform": "unreal", "polygon_tier": "film_vfx"})],
        "planned",
    ),
    ("compare a.glb with b.glb", {}, [], "needs_input"),
    (
        "an elderly lady in a blue dress for vr",
        {},
        [("generate", {"prompt": "an elderly lady in a blue dress", "polygon_tier": "web_vr"})],
        "planned",
    ),
]
