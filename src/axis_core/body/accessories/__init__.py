"""Hats and glasses: made once in the base mesh, worn by every head."""
