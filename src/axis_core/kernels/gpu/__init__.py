"""What needs cupy. The kernels themselves need no twin here yet: their plain bodies accept cupy's arrays."""

from __future__ import annotations


__all__ = ["device_name"]


def device_name() -> str:
    """Return the name of the first CUDA device.

    Raises
    ------
    ImportError, RuntimeError
        If cupy or its libraries are not there, or there is no device.
    """
    import cupy

    properties = cupy.cuda.runtime.getDeviceProperties(0)  # CUDARuntimeError is a RuntimeError
    return f"cupy {cupy.__version__} on {properties['name'].decode()}"
