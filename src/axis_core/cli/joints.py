"""Joints that a user gives: markers for ``axis rig``, a whole skeleton for ``axis skin``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axis_core.errors import InputError, LimitExceeded


if TYPE_CHECKING:
    from axis_core.model import Skeleton


__all__ = ["LANDMARKS", "Point", "parse_joint", "read_markers", "read_skeleton"]

Point = tuple[float, float, float]

MAX_BYTES = 8 * 1024 * 1024  # 65,535 joints, the most a skin's 16-bit indices reach, take about 6 MB
MAX_JOINTS = 65_535

LANDMARKS: dict[str, str] = {
    f"{side}{landmark}": f"{side}{bone}"
    for side in ("left", "right")
    for landmark, bone in (
        ("Hip", "UpperLeg"),
        ("Knee", "LowerLeg"),
        ("Ankle", "Foot"),
        ("Elbow", "LowerArm"),
        ("Wrist", "Hand"),
    )
}
"""What people call the place where a bone of VRM 1.0 begins -> the bone."""


def parse_joint(text: str) -> tuple[str, Point]:
    """Return the name and place of ``leftKnee=x,y,z``.

    Raises
    ------
    InputError
        ``invalid_request``.
    """
    name, equals, numbers = text.partition("=")
    name = name.strip()
    if not (name and equals):
        raise InputError(
            f"--joint {text!r} is not of the form NAME=x,y,z.", hint="For example: --joint leftKnee=0.1,0.5,0"
        )
    return _bone(name), _point(numbers.split(","), f"--joint {name}")


def read_markers(path: Path) -> dict[str, Point]:
    """Return joint -> place from a JSON file: ``{"leftKnee": [x, y, z]}``, or a list of ``{"name", "position"}``.

    Raises
    ------
    InputError
        ``parse_failed`` with the place in the file.
    """
    data = _read_json(path)
    if isinstance(data, dict):
        return {_bone(name): _point(value, f"/{name}") for name, value in data.items()}
    if not isinstance(data, list):
        raise _bad(f"{path} holds no JSON object or list of markers.", "")
    return {_bone(_name(item, i)): _point(_field(item, "position", i), f"/{i}/position") for i, item in enumerate(data)}


def read_skeleton(path: Path) -> Skeleton:
    """Return the skeleton of a JSON file: ``[{"name", "parent", "position"}]``, parents first, null for a root.

    Raises
    ------
    InputError
        ``parse_failed`` with the place in the file.
    LimitExceeded
        For more than 65,535 joints.
    """
    from axis_core.model import Skeleton

    data = _read_json(path)
    if not isinstance(data, list) or not data:
        raise _bad(f"{path} holds no JSON list of joints.", "")
    if len(data) > MAX_JOINTS:
        raise LimitExceeded(f"{path} has {len(data):,} joints; the most is {MAX_JOINTS:,}.")
    index: dict[str, int] = {}
    parents: list[int] = []
    positions: list[Point] = []
    for i, item in enumerate(data):
        name = _name(item, i)
        if name in index:
            raise _bad(f"joint {name!r} stands there twice: at {index[name]} and {i}.", f"/{i}/name")
        parents.append(_parent(_field(item, "parent", i), index, i, names=data))
        positions.append(_point(_field(item, "position", i), f"/{i}/position"))
        index[name] = i
    return Skeleton(names=tuple(index), parents=parents, positions=positions)


def _parent(parent: Any, index: dict[str, int], i: int, *, names: Iterable[Any]) -> int:
    if parent is None:
        return -1
    if isinstance(parent, str) and parent in index:
        return index[parent]
    later = any(isinstance(item, dict) and item.get("name") == parent for item in names)
    why = "stands after its child; parents come first" if later else "is no joint of this file"
    raise _bad(f"the parent {parent!r} {why}.", f"/{i}/parent")


def _read_json(path: Path) -> Any:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{path} has {size:,} bytes; the most is {MAX_BYTES:,}.")
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{path} is no JSON file: {exc}.", code="parse_failed") from exc


def _bad(message: str, pointer: str) -> InputError:
    return InputError(
        message,
        code="parse_failed",
        pointer=pointer or None,
        hint='A joint is {"name": "hips", "parent": null, "position": [0, 0.9, 0]}.',
    )


def _field(item: Any, key: str, i: int) -> Any:
    if not isinstance(item, dict):
        raise _bad(f"joint {i} is {item!r:.60}, not an object.", f"/{i}")
    if key not in item:
        raise _bad(f"joint {i} has no {key!r}.", f"/{i}")
    return item[key]


def _name(item: Any, i: int) -> str:
    name = _field(item, "name", i)
    if not isinstance(name, str) or not name:
        raise _bad(f"the name of joint {i} is {name!r:.60}, not a text.", f"/{i}/name")
    return name


def _bone(name: str) -> str:
    return LANDMARKS.get(name, name)


def _point(value: Any, place: str) -> Point:
    try:
        if isinstance(value, str | dict) or any(isinstance(x, bool) for x in value):
            raise TypeError
        x, y, z = (float(item) for item in value)
    except (TypeError, ValueError) as exc:
        raise InputError(f"{value!r:.80} is not three numbers x, y, z in metres.", pointer=place) from exc
    if not all(map(math.isfinite, (x, y, z))):
        raise InputError(f"{value!r:.80} is not finite.", pointer=place)
    return x, y, z
