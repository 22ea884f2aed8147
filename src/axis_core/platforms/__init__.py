"""Engines and services with their rules: names, axes, budgets, checks, files."""

from axis_core.platforms import axis_engine, godot, roblox, unity, unreal


__all__ = ["PLATFORMS"]

PLATFORMS = (unity.PLATFORM, unreal.PLATFORM, godot.PLATFORM, roblox.PLATFORM, axis_engine.PLATFORM)
"""The built-in platforms in the order in which they are listed."""
