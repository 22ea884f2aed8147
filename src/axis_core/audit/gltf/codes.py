"""The 170 issue codes of the Khronos validator: family, severity and message.

In a message ``{0}``, ``{1}`` ... are the arguments and ``{*}`` the list of what would have been valid.

References
----------
The Khronos Group, glTF-Validator 2.0.0-dev.3.11, ``ISSUES.md``; the codes, severities and messages are its public
interface, which tools all over the field filter by.
"""

from __future__ import annotations

from types import MappingProxyType

import attrs

from axis_core.model.issue import IssueCode, Severity


__all__ = ["CODES", "Code", "issue_codes"]


@attrs.frozen
class Code:
    """One code: the family it belongs to, its default severity and the template of its message."""

    family: str
    severity: Severity
    message: str


_E, _W, _I, _H = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.HINT

_IO: dict[str, tuple[Severity, str]] = {
    "IO_ERROR": (_E, "{0}"),
}

_SCHEMA: dict[str, tuple[Severity, str]] = {
    "ARRAY_LENGTH_NOT_IN_LIST": (_E, "Invalid array length {0}. Valid lengths are: ({*})."),
    "ARRAY_TYPE_MISMATCH": (_E, "Type mismatch. Array element {0} is not a '{1}'."),
    "DUPLICATE_ELEMENTS": (_E, "Duplicate element."),
    "EMPTY_ENTITY": (_E, "Entity cannot be empty."),
    "INVALID_INDEX": (_E, "Index must be a non-negative integer."),
    "INVALID_JSON": (_E, "Invalid JSON data. Parser output: {0}"),
    "INVALID_URI": (_E, "Invalid URI '{0}'. Parser output:\n{1}"),
    "ONE_OF_MISMATCH": (_E, "Exactly one of ({*}) properties must be defined."),
    "PATTERN_MISMATCH": (_E, "Value '{0}' does not match regexp pattern '{1}'."),
    "TYPE_MISMATCH": (_E, "Type mismatch. Property value {0} is not a '{1}'."),
    "UNDEFINED_PROPERTY": (_E, "Property '{0}' must be defined."),
    "UNEXPECTED_PROPERTY": (_W, "Unexpected property."),
    "UNSATISFIED_DEPENDENCY": (_E, "Dependency failed. '{0}' must be defined."),
    "VALUE_MULTIPLE_OF": (_E, "Value {0} is not a multiple of {1}."),
    "VALUE_NOT_IN_LIST": (_W, "Invalid value {0}. Valid values are ({*})."),
    "VALUE_NOT_IN_RANGE": (_E, "Value {0} is out of range."),
}

_SEMANTIC: dict[str, tuple[Severity, str]] = {
    "ACCESSOR_MATRIX_ALIGNMENT": (_E, "Matrix accessors must be aligned to 4-byte boundaries."),
    "ACCESSOR_NORMALIZED_INVALID": (_E, "Only (u)byte and (u)short accessors can be normalized."),
    "ACCESSOR_OFFSET_ALIGNMENT": (_E, "Offset {0} is not a multiple of componentType length {1}."),
    "ACCESSOR_SPARSE_COUNT_OUT_OF_RANGE": (
        _E,
        "Sparse accessor overrides more elements ({0}) than the base accessor contains ({1}).",
    ),
    "ANIMATION_CHANNEL_TARGET_NODE_SKIN": (_W, "Animated TRS properties will not affect a skinned mesh."),
    "ASSET_MIN_VERSION_GREATER_THAN_VERSION": (_E, "Asset minVersion '{0}' is greater than version '{1}'."),
    "BUFFER_DATA_URI_MIME_TYPE_INVALID": (
        _E,
        "Data URI media type must be 'application/octet-stream' or 'application/gltf-buffer'. Found '{0}' instead.",
    ),
    "BUFFER_VIEW_INVALID_BYTE_STRIDE": (_E, "Only buffer views with raw vertex data can have byteStride."),
    "BUFFER_VIEW_TOO_BIG_BYTE_STRIDE": (_E, "Buffer view's byteStride ({0}) is greater than byteLength ({1})."),
    "CAMERA_XMAG_YMAG_NEGATIVE": (_W, "xmag and ymag should not be negative."),
    "CAMERA_XMAG_YMAG_ZERO": (_E, "xmag and ymag must not be zero."),
    "CAMERA_YFOV_GEQUAL_PI": (_W, "yfov should be less than Pi."),
    "CAMERA_ZFAR_LEQUAL_ZNEAR": (_E, "zfar must be greater than znear."),
    "EXTRA_PROPERTY": (_I, "This property should not be defined as it will not be used."),
    "INVALID_EXTENSION_NAME_FORMAT": (_W, "Extension name has invalid format."),
    "INVALID_GL_VALUE": (_E, "Invalid value {0} for GL type '{1}'."),
    "KHR_ANIMATION_POINTER_ANIMATION_CHANNEL_TARGET_NODE": (
        _E,
        "This extension requires the animation channel target node to be undefined.",
    ),
    "KHR_ANIMATION_POINTER_ANIMATION_CHANNEL_TARGET_PATH": (
        _E,
        "This extension requires the animation channel target path to be 'pointer'. Found '{0}' instead.",
    ),
    "KHR_LIGHTS_PUNCTUAL_LIGHT_SPOT_ANGLES": (
        _E,
        "outerConeAngle ({1}) is less than or equal to innerConeAngle ({0}).",
    ),
    "KHR_MATERIALS_ANISOTROPY_ANISOTROPY_TEXTURE_TEXCOORD": (
        _W,
        "Normal and anisotropy textures should use the same texture coords.",
    ),
    "KHR_MATERIALS_CLEARCOAT_CLEARCOAT_NORMAL_TEXTURE_TEXCOORD": (
        _W,
        "Normal and clearcoat normal textures should use the same texture coords.",
    ),
    "KHR_MATERIALS_DISPERSION_NO_VOLUME": (
        _W,
        "The dispersion extension needs to be combined with the volume extension.",
    ),
    "KHR_MATERIALS_EMISSIVE_STRENGTH_ZERO_FACTOR": (
        _W,
        "Emissive strength has no effect when the emissive factor is zero or undefined.",
    ),
    "KHR_MATERIALS_IRIDESCENCE_THICKNESS_RANGE_WITHOUT_TEXTURE": (
        _I,
        "Thickness minimum has no effect when a thickness texture is not defined.",
    ),
    "KHR_MATERIALS_IRIDESCENCE_THICKNESS_TEXTURE_UNUSED": (
        _I,
        "Thickness texture has no effect when the thickness minimum is equal to the thickness maximum.",
    ),
    "KHR_MATERIALS_VOLUME_DOUBLE_SIDED": (_W, "The volume extension should not be used with double-sided materials."),
    "KHR_MATERIALS_VOLUME_NO_TRANSMISSION": (
        _W,
        "The volume extension needs to be combined with an extension that allows light to transmit "
        "through the surface.",
    ),
    "MATERIAL_ALPHA_CUTOFF_INVALID_MODE": (_W, "Alpha cutoff is supported only for 'MASK' alpha mode."),
    "MESH_INVALID_WEIGHTS_COUNT": (
        _E,
        "The length of weights array ({0}) does not match the number of morph targets ({1}).",
    ),
    "MESH_PRIMITIVES_UNEQUAL_TARGETS_COUNT": (_E, "All primitives must have the same number of morph targets."),
    "MESH_PRIMITIVE_INDEXED_SEMANTIC_CONTINUITY": (
        _E,
        "Indices for indexed attribute semantic '{0}' must start with 0 and be continuous. Total "
        "expected indices: {1}, total provided indices: {2}.",
    ),
    "MESH_PRIMITIVE_INVALID_ATTRIBUTE": (_E, "Invalid attribute name."),
    "MESH_PRIMITIVE_JOINTS_WEIGHTS_MISMATCH": (
        _E,
        "Number of JOINTS attribute semantics ({0}) does not match the number of WEIGHTS ({1}).",
    ),
    "MESH_PRIMITIVE_NO_POSITION": (_W, "No POSITION attribute found."),
    "MESH_PRIMITIVE_TANGENT_WITHOUT_NORMAL": (_W, "TANGENT attribute without NORMAL found."),
    "MULTIPLE_EXTENSIONS": (_W, "This extension may be incompatible with other extensions for the object."),
    "NODE_EMPTY": (_I, "Empty node encountered."),
    "NODE_MATRIX_DEFAULT": (_I, "Do not specify default transform matrix."),
    "NODE_MATRIX_NON_TRS": (_E, "Matrix must be decomposable to TRS."),
    "NODE_MATRIX_TRS": (
        _E,
        "A node can have either a matrix or any combination of translation/rotation/scale (TRS) properties.",
    ),
    "NODE_SKINNED_MESH_LOCAL_TRANSFORMS": (_W, "Local transforms will not affect a skinned mesh."),
    "NODE_SKINNED_MESH_NON_ROOT": (
        _I,
        "Node with a skinned mesh is not root. Parent transforms will not affect a skinned mesh.",
    ),
    "NODE_SKINNED_MESH_PARENT_TRANSFORMS": (
        _W,
        "Node with a skinned mesh has parent nodes with transforms. Parent transforms will not affect a skinned mesh.",
    ),
    "NODE_SKIN_NO_SCENE": (_E, "A node with a skinned mesh is used in a scene that does not contain joint nodes."),
    "NON_OBJECT_EXTRAS": (_I, "Prefer JSON Objects for extras."),
    "NON_RELATIVE_URI": (_W, "Non-relative URI found: '{0}'."),
    "NON_REQUIRED_EXTENSION": (_E, "Extension '{0}' cannot be optional."),
    "ROTATION_NON_UNIT": (_E, "Rotation quaternion must be normalized."),
    "SKIN_NO_COMMON_ROOT": (_E, "Joints do not have a common root."),
    "SKIN_SKELETON_INVALID": (_E, "Skeleton node is not a common root."),
    "UNKNOWN_ASSET_MAJOR_VERSION": (_E, "Unknown glTF major asset version: {0}."),
    "UNKNOWN_ASSET_MINOR_VERSION": (_W, "Unknown glTF minor asset version: {0}."),
    "UNUSED_EXTENSION_REQUIRED": (_E, "Unused extension '{0}' cannot be required."),
}

_LINK: dict[str, tuple[Severity, str]] = {
    "ACCESSOR_SMALL_BYTESTRIDE": (
        _E,
        "Referenced bufferView's byteStride value {0} is less than accessor element's length {1}.",
    ),
    "ACCESSOR_TOO_LONG": (
        _E,
        "Accessor (offset: {0}, length: {1}) does not fit referenced bufferView [{2}] length {3}.",
    ),
    "ACCESSOR_TOTAL_OFFSET_ALIGNMENT": (
        _E,
        "Accessor's total byteOffset {0} isn't a multiple of componentType length {1}.",
    ),
    "ACCESSOR_USAGE_OVERRIDE": (_E, "Override of previously set accessor usage. Initial: '{0}', new: '{1}'."),
    "ANIMATION_CHANNEL_TARGET_NODE_MATRIX": (
        _E,
        "Animation channel cannot target TRS properties of a node with defined matrix.",
    ),
    "ANIMATION_CHANNEL_TARGET_NODE_WEIGHTS_NO_MORPHS": (
        _E,
        "Animation channel cannot target WEIGHTS when mesh does not have morph targets.",
    ),
    "ANIMATION_DUPLICATE_TARGETS": (_E, "Animation channel has the same target as channel {0}."),
    "ANIMATION_SAMPLER_ACCESSOR_WITH_BYTESTRIDE": (
        _E,
        "bufferView.byteStride must not be defined for buffer views used by animation sampler accessors.",
    ),
    "ANIMATION_SAMPLER_INPUT_ACCESSOR_INVALID_FORMAT": (
        _E,
        "Invalid Animation sampler input accessor format '{0}'. Must be one of ({*}).",
    ),
    "ANIMATION_SAMPLER_INPUT_ACCESSOR_TOO_FEW_ELEMENTS": (
        _E,
        "Animation sampler output accessor with '{0}' interpolation must have at least {1} elements. Got {2}.",
    ),
    "ANIMATION_SAMPLER_INPUT_ACCESSOR_WITHOUT_BOUNDS": (
        _E,
        "accessor.min and accessor.max must be defined for animation input accessor.",
    ),
    "ANIMATION_SAMPLER_OUTPUT_ACCESSOR_INVALID_COUNT": (
        _E,
        "Animation sampler output accessor of count {0} expected. Found {1}.",
    ),
    "ANIMATION_SAMPLER_OUTPUT_ACCESSOR_INVALID_FORMAT": (
        _E,
        "Invalid animation sampler output accessor format '{0}' for path '{2}'. Must be one of ({*}).",
    ),
    "BUFFER_MISSING_GLB_DATA": (_E, "Buffer refers to an unresolved GLB binary chunk."),
    "BUFFER_VIEW_TARGET_MISSING": (_H, "bufferView.target should be set for vertex or index data."),
    "BUFFER_VIEW_TARGET_OVERRIDE": (
        _E,
        "Override of previously set bufferView target or usage. Initial: '{0}', new: '{1}'.",
    ),
    "BUFFER_VIEW_TOO_LONG": (_E, "BufferView does not fit buffer ({0}) byteLength ({1})."),
    "IMAGE_BUFFER_VIEW_WITH_BYTESTRIDE": (
        _E,
        "bufferView.byteStride must not be defined for buffer views containing image data.",
    ),
    "INCOMPLETE_EXTENSION_SUPPORT": (
        _I,
        "Validation support for this extension is incomplete; the asset may have undetected issues.",
    ),
    "INVALID_IBM_ACCESSOR_COUNT": (_E, "IBM accessor must have at least {0} elements. Found {1}."),
    "KHR_MATERIALS_VARIANTS_NON_UNIQUE_VARIANT": (_E, "This variant is used more than once for this mesh primitive."),
    "MESH_PRIMITIVE_ACCESSOR_UNALIGNED": (_E, "Vertex attribute data must be aligned to 4-byte boundaries."),
    "MESH_PRIMITIVE_ACCESSOR_WITHOUT_BYTESTRIDE": (
        _E,
        "bufferView.byteStride must be defined when two or more accessors use the same buffer view.",
    ),
    "MESH_PRIMITIVE_ATTRIBUTES_ACCESSOR_INVALID_FORMAT": (
        _E,
        "Invalid accessor format '{0}' for this attribute semantic. Must be one of ({*}).",
    ),
    "MESH_PRIMITIVE_ATTRIBUTES_ACCESSOR_UNSIGNED_INT": (
        _E,
        "Mesh attributes cannot use UNSIGNED_INT component type.",
    ),
    "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE": (
        _W,
        "Material requires a tangent space but the mesh primitive does not provide it. "
        "Runtime-generated tangent space may be non-portable across implementations.",
    ),
    "MESH_PRIMITIVE_INCOMPATIBLE_MODE": (
        _W,
        "Number of vertices or indices ({0}) is not compatible with used drawing mode ('{1}').",
    ),
    "MESH_PRIMITIVE_INDICES_ACCESSOR_INVALID_FORMAT": (
        _E,
        "Invalid indices accessor format '{0}'. Must be one of ({*}).",
    ),
    "MESH_PRIMITIVE_INDICES_ACCESSOR_WITH_BYTESTRIDE": (
        _E,
        "bufferView.byteStride must not be defined for indices accessor.",
    ),
    "MESH_PRIMITIVE_MORPH_TARGET_INVALID_ATTRIBUTE_COUNT": (_E, "Base accessor has different count."),
    "MESH_PRIMITIVE_MORPH_TARGET_NO_BASE_ACCESSOR": (
        _E,
        "The mesh primitive does not define this attribute semantic.",
    ),
    "MESH_PRIMITIVE_NO_TANGENT_SPACE": (
        _E,
        "Material requires a tangent space but the mesh primitive does not provide it and the material "
        "does not contain a normal map to generate it.",
    ),
    "MESH_PRIMITIVE_POSITION_ACCESSOR_WITHOUT_BOUNDS": (
        _E,
        "accessor.min and accessor.max must be defined for POSITION attribute accessor.",
    ),
    "MESH_PRIMITIVE_TOO_FEW_TEXCOORDS": (
        _E,
        "Material is incompatible with mesh primitive: Texture binding '{0}' needs 'TEXCOORD_{1}' attribute.",
    ),
    "MESH_PRIMITIVE_UNEQUAL_ACCESSOR_COUNT": (_E, "All accessors of the same primitive must have the same count."),
    "NODE_LOOP": (_E, "Node is a part of a node loop."),
    "NODE_PARENT_OVERRIDE": (_E, "Value overrides parent of node {0}."),
    "NODE_SKINNED_MESH_WITHOUT_SKIN": (_W, "Node uses skinned mesh, but has no skin defined."),
    "NODE_SKIN_WITH_NON_SKINNED_MESH": (_E, "Node has skin defined, but mesh has no joints data."),
    "NODE_WEIGHTS_INVALID": (
        _E,
        "The length of weights array ({0}) does not match the number of morph targets ({1}).",
    ),
    "SCENE_NON_ROOT_NODE": (_E, "Node {0} is not a root node."),
    "SKIN_IBM_ACCESSOR_WITH_BYTESTRIDE": (
        _E,
        "bufferView.byteStride must not be defined for buffer views used by inverse bind matrices accessors.",
    ),
    "SKIN_IBM_INVALID_FORMAT": (_E, "Invalid IBM accessor format '{0}'. Must be one of ({*})."),
    "TEXTURE_INVALID_IMAGE_MIME_TYPE": (
        _E,
        "Invalid MIME type '{0}' for the texture source. Valid MIME types are ({*}).",
    ),
    "UNDECLARED_EXTENSION": (_E, "Extension is not declared in extensionsUsed."),
    "UNEXPECTED_EXTENSION_OBJECT": (_E, "Unexpected location for this extension."),
    "UNRESOLVED_REFERENCE": (_E, "Unresolved reference: {0}."),
    "UNSUPPORTED_EXTENSION": (_I, "Cannot validate an extension as it is not supported by the validator: '{0}'."),
    "UNUSED_MESH_TANGENT": (_I, "Tangents are not used because the material has no normal texture."),
    "UNUSED_MESH_WEIGHTS": (_I, "The static morph target weights are always overridden."),
    "UNUSED_OBJECT": (_I, "This object may be unused."),
}

_DATA: dict[str, tuple[Severity, str]] = {
    "ACCESSOR_ANIMATION_INPUT_NEGATIVE": (_E, "Animation input accessor element at index {0} is negative: {1}."),
    "ACCESSOR_ANIMATION_INPUT_NON_INCREASING": (
        _E,
        "Animation input accessor element at index {0} is less than or equal to previous: {1} <= {2}.",
    ),
    "ACCESSOR_ANIMATION_SAMPLER_OUTPUT_NON_NORMALIZED_QUATERNION": (
        _E,
        "Animation sampler output accessor element at indices {0}..{1} is not of unit length: {2}.",
    ),
    "ACCESSOR_ELEMENT_OUT_OF_MAX_BOUND": (
        _E,
        "Accessor contains {0} element(s) greater than declared maximum value {1}.",
    ),
    "ACCESSOR_ELEMENT_OUT_OF_MIN_BOUND": (
        _E,
        "Accessor contains {0} element(s) less than declared minimum value {1}.",
    ),
    "ACCESSOR_INDEX_OOB": (
        _E,
        "Indices accessor element at index {0} has value {1} that is greater than the maximum vertex "
        "index available ({2}).",
    ),
    "ACCESSOR_INDEX_PRIMITIVE_RESTART": (_E, "Indices accessor contains primitive restart value ({0}) at index {1}."),
    "ACCESSOR_INDEX_TRIANGLE_DEGENERATE": (_I, "Indices accessor contains {0} degenerate triangles (out of {1})."),
    "ACCESSOR_INVALID_FLOAT": (_E, "Accessor element at index {0} is {1}."),
    "ACCESSOR_INVALID_IBM": (_E, "Matrix element at index {0} (component index {1}) contains invalid value: {2}."),
    "ACCESSOR_INVALID_SIGN": (
        _E,
        "Vector3 with sign at accessor indices {0}..{1} has invalid w component: {2}. Must be 1.0 or -1.0.",
    ),
    "ACCESSOR_JOINTS_INDEX_DUPLICATE": (
        _E,
        "Joints accessor element at index {0} (component index {1}) has value {2} that is already in "
        "use for the vertex.",
    ),
    "ACCESSOR_JOINTS_INDEX_OOB": (
        _E,
        "Joints accessor element at index {0} (component index {1}) has value {2} that is greater than "
        "the maximum joint index ({3}) set by skin {4}.",
    ),
    "ACCESSOR_JOINTS_USED_ZERO_WEIGHT": (
        _W,
        "Joints accessor element at index {0} (component index {1}) is used with zero weight but has "
        "non-zero value ({2}).",
    ),
    "ACCESSOR_MAX_MISMATCH": (
        _E,
        "Declared maximum value for this component ({0}) does not match actual maximum ({1}).",
    ),
    "ACCESSOR_MIN_MISMATCH": (
        _E,
        "Declared minimum value for this component ({0}) does not match actual minimum ({1}).",
    ),
    "ACCESSOR_NON_CLAMPED": (_E, "Accessor element at index {0} is not clamped to 0..1 range: {1}."),
    "ACCESSOR_SPARSE_INDEX_OOB": (
        _E,
        "Accessor sparse indices element at index {0} is greater than or equal to the number of "
        "accessor elements: {1} >= {2}.",
    ),
    "ACCESSOR_SPARSE_INDICES_NON_INCREASING": (
        _E,
        "Accessor sparse indices element at index {0} is less than or equal to previous: {1} <= {2}.",
    ),
    "ACCESSOR_VECTOR3_NON_UNIT": (_E, "Vector3 at accessor indices {0}..{1} is not of unit length: {2}."),
    "ACCESSOR_WEIGHTS_NEGATIVE": (
        _E,
        "Weights accessor element at index {0} (component index {1}) has negative value {2}.",
    ),
    "ACCESSOR_WEIGHTS_NON_NORMALIZED": (
        _E,
        "Weights accessor elements (at indices {0}..{1}) have non-normalized sum: {2}.",
    ),
    "BUFFER_BYTE_LENGTH_MISMATCH": (
        _E,
        "Actual data byte length ({0}) is less than the declared buffer byte length ({1}).",
    ),
    "BUFFER_GLB_CHUNK_TOO_BIG": (_W, "GLB-stored BIN chunk contains {0} extra padding byte(s)."),
    "DATA_URI_GLB": (_W, "Data URI is used in GLB container."),
    "IMAGE_DATA_INVALID": (_E, "Image data is invalid. {0}"),
    "IMAGE_FEATURES_UNSUPPORTED": (
        _W,
        "Image contains unsupported features like non-default colorspace information, non-square pixels, or animation.",
    ),
    "IMAGE_MIME_TYPE_INVALID": (_E, "Recognized image format '{0}' does not match declared image format '{1}'."),
    "IMAGE_NON_ENABLED_MIME_TYPE": (_E, "'{0}' MIME type requires an extension."),
    "IMAGE_NPOT_DIMENSIONS": (_I, "Image has non-power-of-two dimensions: {0}x{1}."),
    "IMAGE_UNEXPECTED_EOS": (_E, "Unexpected end of image stream."),
    "IMAGE_UNRECOGNIZED_FORMAT": (_W, "Image format not recognized."),
    "URI_GLB": (_I, "URI is used in GLB container."),
}

_GLB: dict[str, tuple[Severity, str]] = {
    "GLB_CHUNK_LENGTH_UNALIGNED": (_E, "Length of {0} chunk is not aligned to 4-byte boundaries."),
    "GLB_CHUNK_TOO_BIG": (_E, "Chunk ({0}) length ({1}) does not fit total GLB length."),
    "GLB_DUPLICATE_CHUNK": (_E, "Chunk of type {0} has already been used."),
    "GLB_EMPTY_BIN_CHUNK": (_I, "Empty BIN chunk should be omitted."),
    "GLB_EMPTY_CHUNK": (_E, "Chunk ({0}) cannot have zero length."),
    "GLB_EXTRA_DATA": (_W, "Extra data after the end of GLB stream."),
    "GLB_INVALID_MAGIC": (_E, "Invalid GLB magic value ({0})."),
    "GLB_INVALID_VERSION": (_E, "Invalid GLB version value {0}."),
    "GLB_LENGTH_MISMATCH": (_E, "Declared length ({0}) does not match GLB length ({1})."),
    "GLB_LENGTH_TOO_SMALL": (_E, "Declared GLB length ({0}) is too small."),
    "GLB_UNEXPECTED_BIN_CHUNK": (_E, "BIN chunk must be the second chunk."),
    "GLB_UNEXPECTED_END_OF_CHUNK_DATA": (_E, "Unexpected end of chunk data."),
    "GLB_UNEXPECTED_END_OF_CHUNK_HEADER": (_E, "Unexpected end of chunk header."),
    "GLB_UNEXPECTED_END_OF_HEADER": (_E, "Unexpected end of header."),
    "GLB_UNEXPECTED_FIRST_CHUNK": (_E, "First chunk must be of JSON type. Found {0} instead."),
    "GLB_UNKNOWN_CHUNK_TYPE": (_W, "Unknown GLB chunk type: {0}."),
}


_FAMILIES = {
    "IoError": _IO,
    "SchemaError": _SCHEMA,
    "SemanticError": _SEMANTIC,
    "LinkError": _LINK,
    "DataError": _DATA,
    "GlbError": _GLB,
}

CODES = MappingProxyType(
    {
        code: Code(family, severity, message)
        for family, members in _FAMILIES.items()
        for code, (severity, message) in members.items()
    }
)
"""Every code by its name."""

_WHY = {
    "IoError": "the resource could not be read, so nothing that depends on it was checked",
    "SchemaError": "the JSON breaks the glTF schema: a loader may refuse the file or read something else",
    "SemanticError": "the values are well formed but contradict each other or the specification",
    "LinkError": "objects refer to each other in a way the specification forbids or that a renderer will ignore",
    "DataError": "the binary data breaks a rule: it will render wrongly or not at all on some engines",
    "GlbError": "the GLB container is damaged: strict loaders refuse it",
}


def issue_codes() -> tuple[IssueCode, ...]:
    """Return the codes as records for the registry of AXIS, in the order of the families."""
    return tuple(
        IssueCode(code=name, severity=code.severity, summary=_summary(code.message), why=_WHY[code.family])
        for name, code in CODES.items()
    )


def _summary(message: str) -> str:
    """Spell the arguments of a template as ellipses."""
    for slot in ("{0}", "{1}", "{2}", "{3}", "{4}", "{*}"):
        message = message.replace(slot, "...")
    return message
