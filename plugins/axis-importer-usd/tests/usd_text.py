"""A skinned column as USD text, in centimetres with Z up, and packages made of it."""

from __future__ import annotations

import io
import zipfile


__all__ = ["column_usda", "package"]


def column_usda(*, texture: str = "skin.png", layer: str = "") -> bytes:
    """Return a column 2 m high whose upper half turns in a second; one corner has a blend shape."""
    sub = f"    subLayers = [@{layer}@]\n" if layer else ""
    points = [(x, y, z) for z in (0, 200) for x, y in ((-10, -10), (10, -10), (10, 10), (-10, 10))]
    quads = [3, 2, 1, 0, 4, 5, 6, 7, 0, 1, 5, 4, 1, 2, 6, 5, 2, 3, 7, 6, 3, 0, 4, 7]
    uvs = ", ".join(["(0, 0)", "(1, 0)", "(1, 1)", "(0, 1)"] * 6)
    one = "( (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1) )"
    up = "( (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 100, 1) )"
    return f"""#usda 1.0
(
    defaultPrim = "column"
    metersPerUnit = 0.01
    upAxis = "Z"
    timeCodesPerSecond = 24
{sub})
def SkelRoot "column" (
    prepend apiSchemas = ["SkelBindingAPI"]
)
{{
    def Skeleton "rig" (
        prepend apiSchemas = ["SkelBindingAPI"]
    )
    {{
        uniform token[] joints = ["lower", "lower/upper"]
        uniform matrix4d[] bindTransforms = [{one}, {up}]
        uniform matrix4d[] restTransforms = [{one}, {up}]
        rel skel:animationSource = </column/rig/turn>
        def SkelAnimation "turn"
        {{
            uniform token[] joints = ["lower/upper"]
            float3[] translations = [(0, 0, 100)]
            quatf[] rotations.timeSamples = {{ 0: [(1, 0, 0, 0)], 24: [(0.8, 0.6, 0, 0)] }}
            half3[] scales = [(1, 1, 1)]
            uniform token[] blendShapes = ["wide"]
            float[] blendShapeWeights.timeSamples = {{ 0: [0], 24: [1] }}
        }}
    }}
    def Mesh "skin" (
        prepend apiSchemas = ["SkelBindingAPI", "MaterialBindingAPI"]
    )
    {{
        int[] faceVertexCounts = [4, 4, 4, 4, 4, 4]
        int[] faceVertexIndices = {quads}
        point3f[] points = [{", ".join(map(str, points))}]
        texCoord2f[] primvars:st = [{uvs}] ( interpolation = "faceVarying" )
        int[] primvars:skel:jointIndices = [0, 0, 0, 0, 1, 1, 1, 1] ( elementSize = 1; interpolation = "vertex" )
        float[] primvars:skel:jointWeights = [1, 1, 1, 1, 2, 2, 2, 2] ( elementSize = 1; interpolation = "vertex" )
        rel skel:skeleton = </column/rig>
        rel material:binding = </column/paint>
        uniform token[] skel:blendShapes = ["wide"]
        rel skel:blendShapeTargets = [</column/skin/wide>]
        uniform token subdivisionScheme = "none"
        def BlendShape "wide"
        {{
            uniform vector3f[] offsets = [(5, 0, 0)]
            uniform int[] pointIndices = [6]
        }}
    }}
    def Material "paint"
    {{
        token outputs:surface.connect = </column/paint/look.outputs:surface>
        def Shader "look"
        {{
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </column/paint/image.outputs:rgb>
            float inputs:roughness = 0.25
            float inputs:metallic = 0.75
            token outputs:surface
        }}
        def Shader "image"
        {{
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @{texture}@
            token inputs:wrapS = "clamp"
            color3f outputs:rgb
        }}
    }}
}}
""".encode()


def package(files: dict[str, bytes]) -> bytes:
    """Return a stored zip of files in order."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return sink.getvalue()
