"""For plugin authors and for us: checks of what records promise, and tiny scenes to try things on.

A plugin's test is one line a record::

    from axis_core.testing import check_format
    from my_plugin import FORMAT

    def test_format():
        check_format(FORMAT)

Hypothesis strategies for meshes and scenes are in ``axis_core.testing.strategies``, which needs hypothesis.
"""

from axis_core.testing.archetype_checks import check_archetype
from axis_core.testing.capsules import capsule
from axis_core.testing.format_checks import check_format
from axis_core.testing.scene_checks import check_platform, check_repair, check_stage
from axis_core.testing.scenes import capsule_person, checker_png, cube, person_joints, skinned_arm, textured_quad


__all__ = [
    "capsule",
    "capsule_person",
    "check_archetype",
    "check_format",
    "check_platform",
    "check_repair",
    "check_stage",
    "checker_png",
    "cube",
    "person_joints",
    "skinned_arm",
    "textured_quad",
]
