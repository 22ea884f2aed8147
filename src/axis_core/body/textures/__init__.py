"""Textures painted in code: skin, eyes, hair, cloth. The same arguments give the same bytes."""
