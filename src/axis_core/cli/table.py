"""The built-in commands by section: a name, where it lives, a line for ``axis --help``. Nothing is imported for it."""

from __future__ import annotations


__all__ = ["BUILT_IN", "SECTIONS"]

SECTIONS: dict[str, dict[str, str]] = {
    "Make": {
        "do": "Do what a sentence says.",
        "generate": "Make a person from words, presets and sliders.",
        "from-photo": "Make a person from photos.",
        "process": "Turn meshes into engine-ready avatars.",
        "rig": "Give a mesh a skeleton and skin weights.",
        "skin": "Weigh a mesh to a given skeleton.",
        "decimate": "Reduce the number of triangles.",
        "animate": "Put named clips on a humanoid rig.",
        "retarget": "Put the clips of one rig on another.",
        "repair": "Mend what an audit finds.",
        "convert": "Read one format, write another.",
    },
    "Look": {
        "info": "Say what is in a file.",
        "audit": "Find what is wrong with a file.",
        "compare": "Say what differs between two files, and draw both.",
        "render": "Draw a file, posed or not, into a PNG.",
        "preview": "Write a page in which an avatar can be turned, posed and moved.",
        "sheet": "Draw many files on one page: poses, weights, skeletons.",
        "search": "Find verbs, platforms, formats, repairs, issue codes.",
        "contract": "Check or show the record of how an avatar was made.",
    },
    "This installation": {
        "demo": "Make a first avatar from the demo body.",
        "doctor": "Check Python, libraries, caches and data packs.",
        "assets": "Install, list, verify or remove data packs.",
        "plugins": "List or check plugins.",
        "presets": "List people to begin with, sliders and clips.",
        "providers": "List who makes avatars, from what, and whether they can now.",
        "route": "Show who would be asked to make something.",
        "platforms": "List the platforms and their rules.",
        "stages": "List the stages of the pipeline and their options.",
    },
}
"""Section -> command -> summary, in the order of the help page. ``commands/NAME.py`` holds ``command``."""

BUILT_IN: dict[str, str] = {
    name: f"axis_core.cli.commands.{name.replace('-', '_')}" for names in SECTIONS.values() for name in names
}
"""Command -> module."""
