"""Compressed glTF, both ways: meshopt, Draco and WebP. ``write_compressed`` and ``compress_glb`` are the doors.

They are loaded at first use: the readers of glTF import the decoders of this room, the doors import the writers.
"""
