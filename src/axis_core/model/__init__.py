"""The nouns: frozen records with read-only arrays. They know nothing of files, stages or platforms."""

from axis_core.model.animation import Animation, Channel
from axis_core.model.artefact import Artefact
from axis_core.model.contract import Contract
from axis_core.model.issue import Issue, IssueCode, Report, Severity
from axis_core.model.issue_codes import ISSUE_CODES, issue
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Node, Scene
from axis_core.model.skeleton import Skeleton
from axis_core.model.skin import Skin


__all__ = [
    "ISSUE_CODES",
    "Animation",
    "Artefact",
    "Channel",
    "Contract",
    "Issue",
    "IssueCode",
    "Material",
    "Mesh",
    "MorphTarget",
    "Node",
    "Report",
    "Scene",
    "Severity",
    "Skeleton",
    "Skin",
    "Texture",
    "TextureUse",
    "issue",
]
