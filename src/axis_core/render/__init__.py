"""Pictures of scenes, off-screen: views side by side, stress poses, skeletons, weight maps, contact sheets."""

from axis_core.render.camera import VIEWS
from axis_core.render.contact_sheet import contact_sheet
from axis_core.render.display import display_problem
from axis_core.render.stress_poses import POSES
from axis_core.render.view import BACKGROUND, View, render


__all__ = ["BACKGROUND", "POSES", "VIEWS", "View", "contact_sheet", "display_problem", "render"]
