"""The rigging room: from bare arrays to a skeleton that fits."""

from axis_core.rig.analysis import analyse
from axis_core.rig.archetypes import ARCHETYPES
from axis_core.rig.findings import Finding
from axis_core.rig.options import PlaceOptions
from axis_core.rig.placement import Placement, place


__all__ = ["ARCHETYPES", "Finding", "PlaceOptions", "Placement", "analyse", "place"]
