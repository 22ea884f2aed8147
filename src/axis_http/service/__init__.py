"""Use cases: framework-free functions and values; msgspec structs in and out."""
