"""The structures of assimp 6 that are read, field for field as its C headers lay them out (include/assimp, 6.0).

Other major versions lay them out otherwise: ``records`` refuses those before this is imported.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char, c_double, c_float, c_uint32, c_void_p


__all__ = [
    "AnimMesh",
    "Animation",
    "Bone",
    "Face",
    "Material",
    "MaterialProperty",
    "Mesh",
    "Metadata",
    "MorphAnim",
    "MorphKey",
    "Node",
    "NodeAnim",
    "Scene",
    "String",
    "Texture",
]

SETS = 8


class String(ctypes.Structure):
    """aiString."""

    _fields_ = (("length", c_uint32), ("data", c_char * 1024))


class MetadataEntry(ctypes.Structure):
    """aiMetadataEntry."""

    _fields_ = (("mType", c_uint32), ("mData", c_void_p))


class Metadata(ctypes.Structure):
    """aiMetadata."""

    _fields_ = (("mNumProperties", c_uint32), ("mKeys", POINTER(String)), ("mValues", POINTER(MetadataEntry)))


class Node(ctypes.Structure):
    """aiNode."""


Node._fields_ = (
    ("mName", String),
    ("mTransformation", c_float * 16),
    ("mParent", POINTER(Node)),
    ("mNumChildren", c_uint32),
    ("mChildren", POINTER(POINTER(Node))),
    ("mNumMeshes", c_uint32),
    ("mMeshes", POINTER(c_uint32)),
    ("mMetaData", POINTER(Metadata)),
)


class Face(ctypes.Structure):
    """aiFace."""

    _fields_ = (("mNumIndices", c_uint32), ("mIndices", POINTER(c_uint32)))


class Bone(ctypes.Structure):
    """aiBone."""

    _fields_ = (
        ("mName", String),
        ("mNumWeights", c_uint32),
        ("mArmature", POINTER(Node)),
        ("mNode", POINTER(Node)),
        ("mWeights", c_void_p),
        ("mOffsetMatrix", c_float * 16),
    )


class AnimMesh(ctypes.Structure):
    """aiAnimMesh."""

    _fields_ = (
        ("mName", String),
        ("mVertices", c_void_p),
        ("mNormals", c_void_p),
        ("mTangents", c_void_p),
        ("mBitangents", c_void_p),
        ("mColors", c_void_p * SETS),
        ("mTextureCoords", c_void_p * SETS),
        ("mNumVertices", c_uint32),
        ("mWeight", c_float),
    )


class Mesh(ctypes.Structure):
    """aiMesh, as far as it is read; only pointers to it are followed."""

    _fields_ = (
        ("mPrimitiveTypes", c_uint32),
        ("mNumVertices", c_uint32),
        ("mNumFaces", c_uint32),
        ("mVertices", c_void_p),
        ("mNormals", c_void_p),
        ("mTangents", c_void_p),
        ("mBitangents", c_void_p),
        ("mColors", c_void_p * SETS),
        ("mTextureCoords", c_void_p * SETS),
        ("mNumUVComponents", c_uint32 * SETS),
        ("mFaces", POINTER(Face)),
        ("mNumBones", c_uint32),
        ("mBones", POINTER(POINTER(Bone))),
        ("mMaterialIndex", c_uint32),
        ("mName", String),
        ("mNumAnimMeshes", c_uint32),
        ("mAnimMeshes", POINTER(POINTER(AnimMesh))),
    )


class MaterialProperty(ctypes.Structure):
    """aiMaterialProperty."""

    _fields_ = (
        ("mKey", String),
        ("mSemantic", c_uint32),
        ("mIndex", c_uint32),
        ("mDataLength", c_uint32),
        ("mType", c_uint32),
        ("mData", c_void_p),
    )


class Material(ctypes.Structure):
    """aiMaterial."""

    _fields_ = (
        ("mProperties", POINTER(POINTER(MaterialProperty))),
        ("mNumProperties", c_uint32),
        ("mNumAllocated", c_uint32),
    )


class Texture(ctypes.Structure):
    """aiTexture; a height of 0 says that the data is an encoded file of ``mWidth`` bytes."""

    _fields_ = (
        ("mWidth", c_uint32),
        ("mHeight", c_uint32),
        ("achFormatHint", c_char * 9),
        ("pcData", c_void_p),
        ("mFilename", String),
    )


class NodeAnim(ctypes.Structure):
    """aiNodeAnim."""

    _fields_ = (
        ("mNodeName", String),
        ("mNumPositionKeys", c_uint32),
        ("mPositionKeys", c_void_p),
        ("mNumRotationKeys", c_uint32),
        ("mRotationKeys", c_void_p),
        ("mNumScalingKeys", c_uint32),
        ("mScalingKeys", c_void_p),
        ("mPreState", c_uint32),
        ("mPostState", c_uint32),
    )


class MorphKey(ctypes.Structure):
    """aiMeshMorphKey."""

    _fields_ = (
        ("mTime", c_double),
        ("mValues", POINTER(c_uint32)),
        ("mWeights", POINTER(c_double)),
        ("mNumValuesAndWeights", c_uint32),
    )


class MorphAnim(ctypes.Structure):
    """aiMeshMorphAnim."""

    _fields_ = (("mName", String), ("mNumKeys", c_uint32), ("mKeys", POINTER(MorphKey)))


class Animation(ctypes.Structure):
    """aiAnimation."""

    _fields_ = (
        ("mName", String),
        ("mDuration", c_double),
        ("mTicksPerSecond", c_double),
        ("mNumChannels", c_uint32),
        ("mChannels", POINTER(POINTER(NodeAnim))),
        ("mNumMeshChannels", c_uint32),
        ("mMeshChannels", c_void_p),
        ("mNumMorphMeshChannels", c_uint32),
        ("mMorphMeshChannels", POINTER(POINTER(MorphAnim))),
    )


class Scene(ctypes.Structure):
    """aiScene, as far as it is read."""

    _fields_ = (
        ("mFlags", c_uint32),
        ("mRootNode", POINTER(Node)),
        ("mNumMeshes", c_uint32),
        ("mMeshes", POINTER(POINTER(Mesh))),
        ("mNumMaterials", c_uint32),
        ("mMaterials", POINTER(POINTER(Material))),
        ("mNumAnimations", c_uint32),
        ("mAnimations", POINTER(POINTER(Animation))),
        ("mNumTextures", c_uint32),
        ("mTextures", POINTER(POINTER(Texture))),
        ("mNumLights", c_uint32),
        ("mLights", c_void_p),
        ("mNumCameras", c_uint32),
        ("mCameras", c_void_p),
        ("mMetaData", POINTER(Metadata)),
    )
