"""Sources of avatars that are built in: records of ``axis_providers``."""

from axis_core.providers.parametric import PROVIDER as PARAMETRIC
from axis_core.providers.photo_fit import PROVIDER as PHOTO_FIT


__all__ = ["PROVIDERS"]

PROVIDERS = (PARAMETRIC, PHOTO_FIT)
"""In the order in which they are tried."""
