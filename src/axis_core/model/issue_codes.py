"""The registry of AXIS's own issue codes; ``docs/issues.md`` is printed from it. The glTF rules keep their own."""

from __future__ import annotations

from axis_core.model.issue import Issue, IssueCode, Severity


__all__ = ["ISSUE_CODES", "issue"]

_E, _W, _I, _H = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.HINT


def _code(code: str, severity: Severity, summary: str, why: str, *fixed_by: str) -> tuple[str, IssueCode]:
    return code, IssueCode(code=code, severity=severity, summary=summary, why=why, fixed_by=fixed_by)


ISSUE_CODES: dict[str, IssueCode] = dict(
    (
        _code("MESH_EMPTY", _E, "There are no triangles.", "There is nothing to show or to rig."),
        _code(
            "MESH_NON_FINITE",
            _E,
            "Positions are NaN or infinite.",
            "Engines drop the mesh or show spikes.",
            "resolve_nan",
        ),
        _code(
            "MESH_DEGENERATE_FACES",
            _W,
            "Triangles have no area.",
            "They shade black and break normals and physics.",
            "remove_degenerate",
        ),
        _code(
            "MESH_DUPLICATE_FACES",
            _W,
            "Triangles stand on the same three corners.",
            "They flicker and cost twice.",
            "remove_duplicate_faces",
        ),
        _code(
            "MESH_UNREFERENCED_VERTICES",
            _I,
            "No triangle uses some vertices.",
            "They only cost memory.",
            "remove_unreferenced",
        ),
        _code(
            "MESH_NON_MANIFOLD_EDGES",
            _W,
            "More than two triangles share an edge.",
            "Normals, subdivision and printing have no inside there.",
            "split_non_manifold",
        ),
        _code(
            "MESH_BOUNDARY_EDGES",
            _I,
            "The surface is open.",
            "Holes show; printing needs a closed surface.",
            "fill_holes",
        ),
        _code(
            "MESH_INCONSISTENT_WINDING",
            _W,
            "Neighbouring triangles face different ways.",
            "With back faces culled, parts vanish.",
            "fix_winding",
        ),
        _code("MESH_INWARD", _W, "A closed part is inside out.", "With back faces culled, it vanishes.", "fix_winding"),
        _code(
            "MESH_SMALL_COMPONENTS",
            _I,
            "Tiny loose parts float about.",
            "Scan noise costs draw time and confuses rigs.",
            "remove_small_components",
        ),
        _code(
            "MESH_DUPLICATE_VERTICES",
            _I,
            "Vertices are copies of others in all they have.",
            "They cost memory and skinning time for nothing.",
            "merge_vertices",
        ),
        _code(
            "MESH_SELF_INTERSECTION",
            _I,
            "A part of the surface goes through itself.",
            "It flickers when it moves, and printing and cloth have no inside there.",
        ),
        _code("MESH_SLIVERS", _I, "Many triangles are slivers.", "They shade like scratches and bend badly."),
        _code(
            "MESH_DENSITY_UNEVEN",
            _I,
            "Most triangles lie in a speck of the surface.",
            "They cost the frame rate where nobody looks; decimate evens them out.",
        ),
        _code("MESH_MANY_ISLANDS", _I, "It is very many loose parts.", "Weights and decimation treat each by itself."),
        _code(
            "NORMALS_MISSING", _I, "A mesh has no normals.", "Each engine makes its own: looks differ.", "fix_normals"
        ),
        _code(
            "NORMALS_INVALID",
            _W,
            "Normals are not of unit length or not finite.",
            "Shading breaks there.",
            "fix_normals",
        ),
        _code("UV_MISSING", _W, "A textured mesh has no texture coordinates.", "The texture cannot be shown."),
        _code(
            "UV_NON_FINITE", _E, "Texture coordinates are NaN or infinite.", "Engines refuse the mesh.", "resolve_nan"
        ),
        _code(
            "UV_OVERLAP",
            _W,
            "Parts of the chart of a baked image lie on each other.",
            "One part shows the shadows of the other.",
        ),
        _code(
            "TEXEL_DENSITY_UNEVEN", _I, "Meshes have very different texels a metre.", "Sharp beside blurred is seen."
        ),
        _code("TEXEL_DENSITY_LOW", _I, "There are few texels a metre.", "Squares or blur show from two metres."),
        _code("UV_OUT_OF_RANGE", _I, "Texture coordinates leave 0..1.", "Atlases and Roblox need them inside."),
        _code(
            "SCALE_IMPLAUSIBLE",
            _W,
            "The height is not that of a character in metres.",
            "Physics, cameras and retargeting assume metres.",
            "rescale",
        ),
        _code(
            "AXES_UNUSUAL",
            _W,
            "It does not stand upright facing +Z.",
            "Engines will lay it down or turn its back.",
            "reorient",
        ),
        _code("OFF_FLOOR", _I, "The feet are not on y = 0.", "It floats or sinks in engines.", "reorient"),
        _code("RIG_MISSING", _I, "There is no skeleton.", "It cannot be animated."),
        _code(
            "RIG_REQUIRED_BONE_MISSING",
            _E,
            "A bone that the platform requires is missing.",
            "The humanoid avatar cannot be configured.",
        ),
        _code("RIG_JOINT_OUTSIDE", _W, "A joint lies outside the body.", "The limb bends around nothing."),
        _code("RIG_ASYMMETRIC", _W, "Left and right limbs differ in length.", "Retargeted motion limps."),
        _code(
            "RIG_LOW_CONFIDENCE", _W, "The kind of body was hard to tell.", "Check the joints, or force the archetype."
        ),
        _code("RIG_DUPLICATE_NAMES", _W, "Joints share a name.", "Engines map bones by name and take the first."),
        _code("RIG_HIERARCHY", _E, "The joints are not one tree.", "Engines take only one root."),
        _code("SKIN_UNWEIGHTED", _E, "Vertices follow no joint.", "They stay behind at the origin.", "reweight"),
        _code(
            "SKIN_NOT_NORMALISED",
            _W,
            "Weights do not sum to one.",
            "The vertex shrinks towards the origin.",
            "reweight",
        ),
        _code(
            "SKIN_INVALID_WEIGHTS",
            _E,
            "Weights are negative or not finite.",
            "Spikes, or the mesh is dropped.",
            "resolve_nan",
            "reweight",
        ),
        _code(
            "SKIN_TOO_MANY_INFLUENCES",
            _W,
            "More joints move a vertex than the platform allows.",
            "The engine drops the rest without asking.",
            "limit_influences",
        ),
        _code("SKIN_ONE_JOINT_HOLDS_ALL", _E, "Nearly the whole body hangs on one joint.", "Nothing will move."),
        _code("MORPH_NON_FINITE", _E, "A morph target is NaN or infinite.", "The face explodes.", "resolve_nan"),
        _code("MORPH_EMPTY", _I, "A morph target moves nothing.", "A slider without effect."),
        _code("MORPH_DUPLICATE_NAME", _W, "Two morph targets of a mesh share a name.", "Only one can be driven."),
        _code(
            "MORPH_TOO_FAR",
            _W,
            "A morph target moves farther than its mesh is large.",
            "It holds positions instead of differences, or another unit.",
        ),
        _code("MORPH_TEARS_SEAM", _W, "A morph target opens seams.", "The inside shows when the face moves."),
        _code("MATERIAL_NON_FINITE", _E, "A material factor is outside its range.", "Importers refuse or clamp it."),
        _code("TEXTURE_UNREADABLE", _E, "An image cannot be decoded.", "The material shows white or magenta."),
        _code(
            "TEXTURE_TOO_LARGE", _W, "An image is larger than the tier allows.", "Memory runs out on the target device."
        ),
        _code(
            "TEXTURE_NOT_POWER_OF_TWO", _I, "An image side is not a power of two.", "No block compression, odd mipmaps."
        ),
        _code(
            "BUDGET_TRIANGLES", _W, "More triangles than the tier or platform allows.", "Below the target frame rate."
        ),
        _code(
            "BUDGET_PART_TRIANGLES", _W, "A part has more triangles than the platform allows.", "The upload is refused."
        ),
        _code(
            "PARTS_NOT_CUT",
            _W,
            "The body cannot be cut into the parts that the platform asks for.",
            "The platform takes it only by its own body setup.",
        ),
        _code("BUDGET_BONES", _W, "More bones than the platform allows.", "Slow skinning, or refused."),
        _code("BUDGET_MATERIALS", _I, "More materials than advised.", "Each one is a draw call."),
        _code(
            "NAME_RESERVED",
            _W,
            "A name has a suffix that the engine acts on.",
            "Godot turns it into collision or hides it.",
        ),
        _code("VRCHAT_RANK", _H, "The performance rank in VRChat.", "Users hide avatars below the rank they choose."),
        _code("ROBLOX_UV_SETS", _W, "A mesh has several UV sets.", "Roblox reads one; the upload is refused."),
        _code("ROBLOX_VERTEX_COLORS", _W, "Vertex colours are not white.", "Roblox's validation refuses them."),
        _code("ROBLOX_NOT_OPAQUE", _W, "A material is not opaque.", "Roblox's validation refuses bodies that are."),
        _code(
            "ROBLOX_TEXTURE_SIZE",
            _I,
            "An image is larger than what may be sold.",
            "It can be imported, but the marketplace refuses it.",
        ),
        _code("NAME_NOT_ASCII", _W, "A bone name is not plain ASCII.", "Unreal replaces or refuses it."),
        _code("PRINT_OVERHANG", _I, "Surfaces hang over steeply.", "They need support when printed."),
        _code("PRINT_THIN_WALL", _W, "Walls are thinner than the printer's least.", "They break or are not printed."),
        _code("SIZE_OUT_OF_RANGE", _W, "The size is outside what the platform accepts.", "The upload is refused."),
        _code("CONTRACT_SCHEMA", _E, "The avatar contract does not fit its schema.", "Nothing in it can be relied on."),
        _code(
            "CONTRACT_CHAIN_BROKEN",
            _E,
            "A stage does not start where the one before it ended.",
            "Something was changed between two stages, or in the record.",
        ),
        _code("CONTRACT_HASH_MALFORMED", _E, "A hash is no SHA-256.", "It proves nothing."),
        _code("CONTRACT_FILE_INVALID", _E, "A listed file cannot be.", "It may point outside the avatar's folder."),
        _code(
            "CONTRACT_INCONSISTENT",
            _W,
            "Two figures of the contract contradict each other.",
            "One of them was changed.",
        ),
        _code("FORMAT_UNREADABLE", _E, "The exported file does not read back.", "It is not handed out."),
    )
)


def issue(code: str, message: str = "", *, pointer: str = "", value: object = None, limit: object = None) -> Issue:
    """Return an Issue of a registered code with its default severity.

    Raises
    ------
    KeyError
        If the code is not registered.
    """
    entry = ISSUE_CODES[code]
    return Issue(
        code=code, severity=entry.severity, message=message or entry.summary, pointer=pointer, value=value, limit=limit
    )
