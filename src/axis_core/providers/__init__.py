"""Sources of avatars that are built in: records of ``axis_providers``."""

from axis_core.providers.parametric import PROVIDER as PARAMETRIC


__all__ = ["PROVIDERS"]

PROVIDERS = (PARAMETRIC,)
"""In the order in which they are tried."""
