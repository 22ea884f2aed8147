"""Draw surfaces off-screen with VTK: lights, materials, one picture a camera.

VTK's modules are used directly, because importing pyvista and making its plotter cost 0.9 s of processor time more than
a whole picture (measured with pyvista 0.49 and VTK 9.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.render.camera import FIELD_OF_VIEW_DEG, Camera
from axis_core.render.display import prepare_display
from axis_core.render.surfaces import Surface


__all__ = ["lights", "photograph", "surface_actor"]

Rgb = tuple[float, float, float]

_AMBIENT = 0.28
_LIGHTS = (
    # towards the camera's right, up and backward; strength
    ((-0.6, 0.75, 1.0), 0.78),  # key
    ((1.0, 0.15, 0.6), 0.30),  # fill
    ((0.35, 0.8, -1.0), 0.45),  # rim
)
_SAMPLES = 8
_PEELS = 6
_DISCARD = "//VTK::TCoord::Impl\n  if (gl_FragData[0].a < {cutoff:.6f}) discard;\n"


def photograph(
    surfaces: Sequence[Surface], cameras: Sequence[Camera], size: tuple[int, int], background: Rgb | None
) -> list[NDArray[np.uint8]]:
    """Return a (H, W, 4) picture from each camera; ``background`` None is transparent.

    Raises
    ------
    BackendUnavailable
        ``no_display``: there is no OpenGL library.
    """
    prepare_display()
    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - the import registers the OpenGL classes
    from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

    window, renderer = vtkRenderWindow(), vtkRenderer()
    window.SetOffScreenRendering(1)
    window.SetSize(*size)
    window.SetMultiSamples(_SAMPLES)
    window.SetAlphaBitPlanes(1)
    window.AddRenderer(renderer)
    renderer.SetBackground(*(background or (1.0, 1.0, 1.0)))
    renderer.SetBackgroundAlpha(0.0 if background is None else 1.0)
    renderer.AutomaticLightCreationOff()
    for light in lights():
        renderer.AddLight(light)
    if any(s.look.alpha_mode == "BLEND" for s in surfaces):
        renderer.SetUseDepthPeeling(1)
        renderer.SetMaximumNumberOfPeels(_PEELS)
    for surface in surfaces:
        renderer.AddActor(surface_actor(surface))
    pictures = [_shot(window, renderer, camera, size) for camera in cameras]
    window.Finalize()
    return pictures


def _shot(window: Any, renderer: Any, camera: Camera, size: tuple[int, int]) -> NDArray[np.uint8]:
    from vtkmodules.util import numpy_support
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

    eye = renderer.GetActiveCamera()
    eye.SetPosition(*camera.position)
    eye.SetFocalPoint(*camera.target)
    eye.SetViewUp(*camera.axes[1])
    eye.SetViewAngle(FIELD_OF_VIEW_DEG)
    renderer.ResetCameraClippingRange()
    window.Render()
    data = vtkUnsignedCharArray()
    window.GetRGBACharPixelData(0, 0, size[0] - 1, size[1] - 1, 1, data)
    arrays: Any = numpy_support
    pixels = arrays.vtk_to_numpy(data).reshape(size[1], size[0], 4)
    return np.ascontiguousarray(pixels[::-1])


def lights() -> list[Any]:
    """Return the three lights of a photographer, which follow the camera."""
    from vtkmodules.vtkRenderingCore import vtkLight

    out = []
    for place, strength in _LIGHTS:
        light = vtkLight()
        light.SetLightTypeToCameraLight()
        light.SetPosition(*place)
        light.SetIntensity(strength)
        out.append(light)
    return out


def surface_actor(surface: Surface) -> Any:
    """Return the VTK actor of a surface with its material."""
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    look = surface.look
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(_poly_data(surface))
    mapper.SetColorModeToDirectScalars()
    mapper.SetScalarVisibility(surface.colors is not None)
    actor = vtkActor()
    actor.SetMapper(mapper)
    paint = actor.GetProperty()
    paint.SetInterpolationToPhong()
    paint.SetColor(*((1.0, 1.0, 1.0) if surface.colors is not None else look.color))
    if look.unlit:
        paint.LightingOff()
        paint.SetAmbient(0.0)  # without light VTK shows ambient plus diffuse
    elif max(look.emissive) > 0.0 and surface.colors is None:
        paint.SetAmbient(1.0)
        paint.SetAmbientColor(*(min(1.0, _AMBIENT * c + e) for c, e in zip(look.color, look.emissive, strict=True)))
    else:
        paint.SetAmbient(_AMBIENT)
    paint.SetDiffuse(1.0 if look.unlit else 0.8)
    paint.SetSpecular(look.gloss)
    paint.SetSpecularPower(8.0 + 40.0 * look.gloss)
    paint.SetOpacity(look.opacity)
    paint.SetBackfaceCulling(not look.double_sided)
    if look.image is not None:
        actor.SetTexture(_texture(surface))
    if look.alpha_mode != "BLEND":
        actor.ForceOpaqueOn()
    if look.alpha_mode == "MASK":
        text = _DISCARD.format(cutoff=look.alpha_cutoff)
        actor.GetShaderProperty().AddFragmentShaderReplacement("//VTK::TCoord::Impl", True, text, False)
    return actor


def _poly_data(surface: Surface) -> Any:
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

    data, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    points.SetData(_vtk(surface.positions))
    n = len(surface.faces)
    cells.SetData(_vtk(np.arange(0, 3 * n + 1, 3, dtype=np.int64)), _vtk(surface.faces.astype(np.int64).ravel()))
    data.SetPoints(points)
    data.SetPolys(cells)
    rows = data.GetPointData()
    rows.SetNormals(_vtk(surface.normals))
    if surface.uv is not None:
        flipped = np.stack([surface.uv[:, 0], 1.0 - surface.uv[:, 1]], axis=1)
        rows.SetTCoords(_vtk(flipped))
    if surface.colors is not None:
        rows.SetScalars(_vtk(surface.colors))
    return data


def _vtk(array: NDArray[Any]) -> Any:
    """Return a VTK array with a copy of ``array``; 64-bit integers serve as VTK's ids."""
    from vtkmodules.util import numpy_support

    arrays: Any = numpy_support
    return arrays.numpy_to_vtk(np.ascontiguousarray(array), deep=True)


def _texture(surface: Surface) -> Any:
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkRenderingCore import vtkTexture

    look = surface.look
    assert look.image is not None
    pixels = look.image if look.alpha_mode != "OPAQUE" else look.image[..., :3]
    image = vtkImageData()
    image.SetDimensions(pixels.shape[1], pixels.shape[0], 1)
    image.GetPointData().SetScalars(_vtk(pixels[::-1].reshape(-1, pixels.shape[2])))
    texture = vtkTexture()
    texture.SetInputData(image)
    texture.SetColorModeToDirectScalars()
    texture.InterpolateOn()
    texture.MipmapOn()
    texture.SetRepeat(not look.clamped)
    texture.SetEdgeClamp(look.clamped)
    return texture
