"""Find an OpenGL library for pictures without a display, before VTK is asked for one.

VTK ends the process with a segmentation fault where it finds none (seen with 9.7 on Linux), so the question is put to
EGL itself. On Windows and macOS the system brings OpenGL along.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import lru_cache

from axis_core.errors import BackendUnavailable


__all__ = ["display_problem", "prepare_display"]

_EGL_OPENGL_API = 0x30A2
_EGL_PLATFORM_DEVICE = 0x313F
_EGL_MAX_DEVICES = 16
_WINDOW_VARIABLE = "VTK_DEFAULT_OPENGL_WINDOW"
_HINT = (
    "Install a software OpenGL: `apt-get install libegl1 libgl1-mesa-dri` on Debian and Ubuntu, "
    "`dnf install mesa-libEGL mesa-dri-drivers` on Fedora; or set DISPLAY."
)


def prepare_display() -> None:
    """Choose the OpenGL library that draws off-screen; costs some milliseconds once a process.

    Raises
    ------
    BackendUnavailable
        ``no_display``: none could be loaded; the hint names what to install.
    """
    problem = display_problem()
    if problem:
        raise BackendUnavailable(problem, code="no_display", hint=_HINT)


@lru_cache(maxsize=1)
def display_problem() -> str:
    """Return why nothing can be drawn here, or an empty string."""
    if not sys.platform.startswith("linux"):
        return ""
    if os.environ.get("DISPLAY") and _loads("libGL.so.1"):
        return ""
    if _egl_works():
        os.environ.setdefault(_WINDOW_VARIABLE, "vtkEGLRenderWindow")
        return ""
    if any(_loads(name) for name in ("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so")):
        os.environ.setdefault(_WINDOW_VARIABLE, "vtkOSOpenGLRenderWindow")
        return ""
    return "no OpenGL library could be loaded for off-screen rendering: neither libEGL with a driver, nor libOSMesa"


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _egl_works() -> bool:
    """Whether EGL can be started on a device or on its default display, as VTK will do."""
    try:
        egl = ctypes.CDLL("libEGL.so.1")
        egl.eglGetDisplay.restype = ctypes.c_void_p
        egl.eglGetDisplay.argtypes = [ctypes.c_void_p]
        egl.eglInitialize.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    except (OSError, AttributeError):
        return False
    displays = [*_device_displays(egl), egl.eglGetDisplay(None)]
    return any(d and egl.eglInitialize(d, None, None) and egl.eglBindAPI(_EGL_OPENGL_API) for d in displays)


def _device_displays(egl: ctypes.CDLL) -> list[int]:
    """Return the displays of the EGL devices, where EGL_EXT_device_enumeration is there."""
    egl.eglGetProcAddress.restype = ctypes.c_void_p
    egl.eglGetProcAddress.argtypes = [ctypes.c_char_p]
    query = egl.eglGetProcAddress(b"eglQueryDevicesEXT")
    platform = egl.eglGetProcAddress(b"eglGetPlatformDisplayEXT")
    if not query or not platform:
        return []
    query_devices = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(query)
    get_display = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p)(platform)
    devices = (ctypes.c_void_p * _EGL_MAX_DEVICES)()
    n = ctypes.c_int()
    if not query_devices(_EGL_MAX_DEVICES, devices, ctypes.byref(n)):
        return []
    return [d for i in range(n.value) if (d := get_display(_EGL_PLATFORM_DEVICE, devices[i], None))]
