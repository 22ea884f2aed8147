"""The pages of the documentation, for the search: what each is about. A test holds the list to the folder."""

from __future__ import annotations


__all__ = ["GUIDES"]

GUIDES: dict[str, tuple[str, str]] = {
    "api": ("Every function of the library's door, with its arguments.", "library reference, python api"),
    "body": ("The parametric body: sliders, presets, clothes, hair; what looks wrong.", "human model manual"),
    "cli": ("Every command and its options.", "command line manual, terminal"),
    "data-packs": ("What the body and vision packs hold, their licences, how to get them.", "download data, licence"),
    "dependencies": ("Each library AXIS uses, its licence and why.", "third party licences"),
    "design": ("Rooms, floors and decisions, for those who change AXIS.", "architecture, contributing"),
    "errors": ("Every error code and what to do.", "error code list, troubleshooting"),
    "hooks": ("What a plugin can add, hook by hook.", "plugin reference, extension points"),
    "http": ("The service: accounts, keys, jobs, events, webhooks, payments.", "rest api manual, server"),
    "issues": ("Every issue code of the audit, why it matters and what mends it.", "audit rules list"),
    "pictures": ("Pictures without a display, poses, weight maps, contact sheets.", "screenshots, thumbnails"),
    "settings": ("Every setting of the service and its variable.", "environment variables, configuration"),
    "studio": ("The web page, the viewer, the creator for other sites.", "iframe, embed, ready player me"),
    "tutorial-plugin": ("A first plugin in seventeen lines.", "write a plugin, extend"),
}
"""Page of ``docs/`` -> (what it is about, what else people call it)."""
