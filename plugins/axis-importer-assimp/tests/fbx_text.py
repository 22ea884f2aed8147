"""A skinned column as FBX 7.4 text: two bones, a pivot, a shape and a clip, written by hand."""

from __future__ import annotations

from collections.abc import Sequence


__all__ = ["column_fbx"]

TICKS = 46186158000
"""Of FBX's clock, a second."""


def _numbers(values: Sequence[float]) -> str:
    return f"*{len(values)} {{ a: {','.join(f'{v:.9g}' for v in values)} }}"


def _model(ident: int, name: str, kind: str, *properties: str) -> str:
    lines = "\n".join(f"   P: {p}" for p in properties)
    return f'Model: {ident}, "Model::{name}", "{kind}" {{\n  Version: 232\n  Properties70:  {{\n{lines}\n  }}\n }}'


def _matrix(x: float, y: float, z: float) -> str:
    return _numbers([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1])


def _cluster(ident: int, bone: str, rows: Sequence[int], weights: Sequence[float], y: float) -> str:
    return f"""Deformer: {ident}, "SubDeformer::{bone}", "Cluster" {{
  Version: 100
  Indexes: {_numbers(rows)}
  Weights: {_numbers(weights)}
  Transform: {_matrix(0, -y, 0)}
  TransformLink: {_matrix(0, y, 0)}
 }}"""


def column_fbx(*, unit: float = 1.0, version: int = 7400, texture: str = "skin.png") -> bytes:
    """Return a column 200 units high whose upper half turns by 90 degrees about Z in a second.

    Its four upper corners hang on the bone ``upper`` with a weight of 2: weights do not add up to 1.
    """
    low = [-10, 0, -10, 10, 0, -10, 10, 0, 10, -10, 0, 10]
    high = [v if k % 3 != 1 else 200 for k, v in enumerate(low)]
    quads = [0, 1, 2, -4, 4, 7, 6, -6, 0, 4, 5, -2, 1, 5, 6, -3, 2, 6, 7, -4, 3, 7, 4, -1]
    curve = f"""AnimationCurve: 71, "AnimCurve::", "" {{
  Default: 0
  KeyVer: 4008
  KeyTime: *2 {{ a: 0,{TICKS} }}
  KeyValueFloat: *2 {{ a: 0,90 }}
  KeyAttrFlags: *1 {{ a: 24836 }}
  KeyAttrDataFloat: *4 {{ a: 0,0,0,0 }}
  KeyAttrRefCount: *1 {{ a: 2 }}
 }}"""
    links = [(1, 0), (2, 0), (3, 2), (10, 1), (20, 10), (21, 20), (22, 20), (2, 21), (3, 22)]
    links += [(30, 10), (31, 30), (32, 31), (40, 1), (61, 60), (62, 61)]
    text = f"""; FBX 7.4.0 project file
FBXHeaderExtension:  {{
 FBXHeaderVersion: 1003
 FBXVersion: {version}
}}
GlobalSettings:  {{
 Version: 1000
 Properties70:  {{
  P: "UpAxis", "int", "Integer", "",1
  P: "UpAxisSign", "int", "Integer", "",1
  P: "FrontAxis", "int", "Integer", "",2
  P: "FrontAxisSign", "int", "Integer", "",1
  P: "CoordAxis", "int", "Integer", "",0
  P: "CoordAxisSign", "int", "Integer", "",1
  P: "UnitScaleFactor", "double", "Number", "",{unit:g}
 }}
}}
Objects:  {{
 Geometry: 10, "Geometry::column", "Mesh" {{
  Vertices: {_numbers(low + high)}
  PolygonVertexIndex: {_numbers(quads)}
  GeometryVersion: 124
  LayerElementMaterial: 0 {{
   Version: 101
   Name: ""
   MappingInformationType: "AllSame"
   ReferenceInformationType: "IndexToDirect"
   Materials: *1 {{ a: 0 }}
  }}
  Layer: 0 {{
   Version: 100
   LayerElement:  {{
    Type: "LayerElementMaterial"
    TypedIndex: 0
   }}
  }}
 }}
 {_model(1, "column", "Mesh")}
 {_model(2, "lower", "LimbNode")}
 {
        _model(
            3,
            "upper",
            "LimbNode",
            '"Lcl Translation", "Lcl Translation", "", "A",0,100,0',
            '"RotationPivot", "Vector3D", "Vector", "",0,0,0',
            '"PreRotation", "Vector3D", "Vector", "",0,0,0',
            '"ScalingPivot", "Vector3D", "Vector", "",1,2,3',
        )
    }
 Deformer: 20, "Deformer::", "Skin" {{
  Version: 101
 }}
 {_cluster(21, "lower", [0, 1, 2, 3], [1, 1, 1, 1], 0)}
 {_cluster(22, "upper", [4, 5, 6, 7], [2, 2, 2, 2], 100)}
 Deformer: 30, "Deformer::face", "BlendShape" {{
  Version: 100
 }}
 Deformer: 31, "SubDeformer::face.wide", "BlendShapeChannel" {{
  Version: 100
  DeformPercent: 0
  FullWeights: *1 {{ a: 100 }}
 }}
 Geometry: 32, "Geometry::face.wide", "Shape" {{
  Version: 100
  Indexes: *1 {{ a: 6 }}
  Vertices: *3 {{ a: 5,0,0 }}
  Normals: *3 {{ a: 0,0,0 }}
 }}
 Material: 40, "Material::skin", "" {{
  Version: 102
  ShadingModel: "phong"
  Properties70:  {{
   P: "DiffuseColor", "Color", "", "A",0.5,0.25,0.125
  }}
 }}
 Texture: 41, "Texture::skin", "" {{
  Type: "TextureVideoClip"
  FileName: "../../{texture}"
  RelativeFilename: "../../{texture}"
 }}
 AnimationStack: 60, "AnimStack::turn", "" {{
 }}
 AnimationLayer: 61, "AnimLayer::base", "" {{
 }}
 AnimationCurveNode: 62, "AnimCurveNode::R", "" {{
  Properties70:  {{
   P: "d|X", "Number", "", "A",0
   P: "d|Y", "Number", "", "A",0
   P: "d|Z", "Number", "", "A",0
  }}
 }}
 {curve}
}}
Connections:  {{
{chr(10).join(f' C: "OO",{a},{b}' for a, b in links)}
 C: "OP",41,40, "DiffuseColor"
 C: "OP",62,3, "Lcl Rotation"
 C: "OP",71,62, "d|Z"
}}
"""
    return text.encode()
