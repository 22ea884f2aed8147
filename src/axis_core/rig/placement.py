"""Place a skeleton into a bare mesh: the door of the rigging room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import ConvexHull, QhullError

from axis_core.errors import InputError, NotFound
from axis_core.model.arrays import double_rows_4, same_arrays
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.analysis import analyses
from axis_core.rig.animals.anatomy import anatomy_of
from axis_core.rig.animals.heading import head_first
from axis_core.rig.archetypes import ARCHETYPES
from axis_core.rig.findings import Finding, inspect
from axis_core.rig.humanoid.facing import face_forwards
from axis_core.rig.options import PlaceOptions
from axis_core.rig.orientation import standing
from axis_core.rig.turning import quarter_turned, turned


__all__ = ["Placement", "place"]

_LUMP = 0.9  # of the hull's volume; a cube fills all of it, the plumpest of a dozen characters 0.71
_SURE = 0.8  # score from which the way up is not doubted
_LIKELY = 0.45  # what a kind must score the other way up
_BETTER, _MUCH_BETTER = 0.05, 0.3  # how much better a figure must be the other way up, standing counted or not
_STANDING = 0.25  # weight of how it stands beside what it is like
_FILE_UPS = ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_MOST_WAYS = 5  # ways to stand that are tried after the likeliest
_CLEAR_MIRROR = 0.03  # mirror residual under which left and right are not doubted
_ALONG = 0.99  # cosine from which a direction is an axis of the file
_FRONT_UP = ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0))
_BACK_UP = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0))


@attrs.frozen(kw_only=True)
class Placement:
    """A skeleton that was placed into a mesh, and how sure that is.

    Attributes
    ----------
    archetype : str
        The kind of body taken.
    confidence : float
        0 to 1: the margin by which it beat the runner-up; 1 if the caller forced it.
    runner_up : str
        The second best kind, empty if there is none.
    scores : mapping of archetype name to 0..1
    skeleton : Skeleton
        In the space of the input positions.
    frame : (4, 4) float64
        Similarity from input space to canonical space (Y up, facing +Z, feet at 0); invertible.
    facing_certainty : float
        0 (the input's own facing was kept for want of evidence) to 1.
    findings : tuple of Finding
        What looks wrong.
    """

    archetype: str
    confidence: float
    runner_up: str
    scores: Mapping[str, float]
    skeleton: Skeleton
    frame: NDArray[np.float64] = attrs.field(converter=double_rows_4, eq=attrs.cmp_using(same_arrays))
    facing_certainty: float
    findings: tuple[Finding, ...] = ()


def place(
    positions: ArrayLike,
    faces: ArrayLike,
    *,
    archetype: str | None = None,
    markers: Mapping[str, ArrayLike] | None = None,
    symmetric: bool | None = None,
    fingers: bool = True,
    twist_joints: int = 0,
    archetypes: Sequence[Archetype] = ARCHETYPES,
) -> Placement:
    """Return the skeleton of a mesh of any kind, orientation, size and pose.

    Parameters
    ----------
    positions : (V, 3) float, any unit
    faces : (F, 3) int
        Open, non-manifold, multi-part and noisy meshes are welcome.
    archetype : str, optional
        Force this kind of body instead of the best scored.
    markers : mapping of joint name to (3,) float, input space
        Joints the caller knows; the rest adapts to them.
    symmetric : bool, optional
        Average left and right (True), or never (False); by default where the mesh is its own mirror image.
    fingers : bool
        Whether to look for fingers and toes.
    twist_joints : int, 0 to 3
        Twist joints in each long bone of a humanoid's limbs.
    archetypes : sequence of Archetype
        Kinds to choose from.

    Raises
    ------
    InputError
        ``empty_geometry``: nothing to rig. ``invalid_request``: wrong shapes, or a marker that is no position.
    NotFound
        ``not_found``: no archetype of that name.

    Examples
    --------
    >>> box = [[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)]
    >>> sides = [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]]
    >>> sides += [[2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]]
    >>> place(box, sides).archetype
    'prop'
    """
    chosen = _named(archetype, archetypes)
    figure, scores = _figure_that_fits(positions, faces, archetypes)
    options = PlaceOptions(
        markers=_canonical_markers(markers or {}, figure),
        symmetric=symmetric,
        fingers=fingers,
        twist_joints=twist_joints,
    )
    ranked = sorted(archetypes, key=lambda kind: -scores[kind.name])
    best = chosen or ranked[0]
    others = [kind for kind in ranked if kind.name != best.name]
    runner_up = others[0].name if others else ""
    confidence = 1.0 if chosen or not others else _margin(scores[best.name], scores[runner_up])
    canonical = best.place(figure, options)
    return Placement(
        archetype=best.name,
        confidence=confidence,
        runner_up=runner_up,
        scores=scores,
        skeleton=to_input_space(canonical, figure.frame),
        frame=figure.frame,
        facing_certainty=figure.facing_certainty,
        findings=inspect(canonical, figure, confidence),
    )


def _figure_that_fits(
    positions: ArrayLike, faces: ArrayLike, archetypes: Sequence[Archetype]
) -> tuple[Figure, dict[str, float]]:
    """The figure and the scores of all kinds; where none is sure, other ways to stand it are tried, too.

    Low bodies stand about as well on their side: only what they are like when set upright tells which way up they are.
    What is a prop as the file has it, and has no legs the other way up, must be a sure animal there.
    """
    figures = analyses(positions, faces)
    best = next(figures)
    scores = _scores(best, archetypes)
    if max(scores.values()) >= _SURE or _is_lump(best):
        return best, scores
    was_prop = max(scores, key=scores.__getitem__) == "prop"
    turned_over = (face_forwards(head_first(way)) for way in _other_ways(best))
    for other in chain(turned_over, islice(figures, _MOST_WAYS)):
        others = _scores(other, archetypes)
        alive = max((score for name, score in others.items() if name != "prop"), default=0.0)
        least = _SURE if was_prop and not anatomy_of(other).pairs else _LIKELY
        is_clear = alive >= max(_SURE, max(scores.values()) + _MUCH_BETTER)
        is_better = alive >= least and _merit(other, others) > _merit(best, scores) + _BETTER
        if alive >= others.get("prop", 0.0) and (is_clear or is_better):
            best, scores = other, others
    return best, scores


def _is_lump(figure: Figure) -> bool:
    """Whether the body fills its convex hull: nothing stands out of it, whichever way it is turned."""
    try:
        hull = ConvexHull(figure.positions[figure.kept]).volume
    except QhullError:  # flat, or too few points
        return False
    return bool(figure.solid.inside.sum() * figure.solid.spacing**3 > _LUMP * hull)


def _merit(figure: Figure, scores: Mapping[str, float]) -> float:
    """How much a figure is like one of the kinds, and stands like a thing that stands."""
    return max(scores.values()) + _STANDING * standing(figure, on_legs=bool(anatomy_of(figure).pairs))


def _other_ways(figure: Figure) -> Iterator[Figure]:
    """The figure stood up the other way that files have, and given its side for its front."""
    axes = figure.frame[:3, :3] / np.cbrt(np.linalg.det(figure.frame[:3, :3]))
    for axis in _FILE_UPS:
        front = float(axes[2] @ axis)
        if abs(front) >= _ALONG:
            yield turned(figure, _FRONT_UP if front > 0.0 else _BACK_UP)
    if figure.mirror_residual > _CLEAR_MIRROR:
        yield quarter_turned(figure)


def _scores(figure: Figure, archetypes: Sequence[Archetype]) -> dict[str, float]:
    return {kind.name: float(np.clip(kind.score(figure), 0.0, 1.0)) for kind in archetypes}


def to_input_space(skeleton: Skeleton, frame: NDArray[np.float64]) -> Skeleton:
    """Return a skeleton of canonical space in the space that ``frame`` comes from."""
    back = np.linalg.inv(frame)
    return attrs.evolve(skeleton, positions=skeleton.positions @ back[:3, :3].T + back[:3, 3])


def _named(name: str | None, archetypes: Sequence[Archetype]) -> Archetype | None:
    if not archetypes:
        raise InputError("no archetype to choose from: expected at least one")
    if name is None:
        return None
    for kind in archetypes:
        if kind.name == name:
            return kind
    known = ", ".join(kind.name for kind in archetypes)
    raise NotFound(f"there is no archetype {name!r}", hint=f"Known: {known}.")


def _canonical_markers(markers: Mapping[str, ArrayLike], figure: Figure) -> dict[str, NDArray[np.float64]]:
    out = {}
    for name, value in markers.items():
        point = np.asarray(value, np.float64)
        if point.shape != (3,) or not np.isfinite(point).all():
            raise InputError(f"expected three finite numbers for a joint, got {value!r}", pointer=f"/markers/{name}")
        out[name] = figure.frame[:3, :3] @ point + figure.frame[:3, 3]
    return out


def _margin(best: float, second: float) -> float:
    """How far apart two scores are, as a share of the better one."""
    return float(np.clip((best - second) / max(best, 1e-9), 0.0, 1.0))
