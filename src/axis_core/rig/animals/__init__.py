"""Anatomy of animals: trunk, legs, neck, tail and wings of a Figure, and chains of joints along them."""
