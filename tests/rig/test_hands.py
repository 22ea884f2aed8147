"""Hands: cut off cleanly, turned into one frame, their fingers counted."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rig.people import A_POSE, I_POSE, person

from axis_core.rig.humanoid.finger_count import FINGERS, fingers_there, gap_count
from axis_core.rig.humanoid.hand_crop import crop_hand


@pytest.mark.parametrize("pose", [0.0, A_POSE, I_POSE])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_hand_is_cut_at_the_wrist_and_points_along_x(pose: float, side: str) -> None:
    (v, f), joints = person(pose)
    wrist, knuckle, elbow = (joints[side + part] for part in ("Hand", "MiddleProximal", "LowerArm"))
    crop = crop_hand(v, f, wrist, knuckle, elbow, side == "left")
    assert crop is not None
    assert crop.length == pytest.approx(0.095, abs=0.01)
    local = joints[side + "MiddleProximal"] @ crop.frame[:3, :3].T + crop.frame[:3, 3]
    assert local[0] == pytest.approx(0.05 / 0.095, abs=0.08)
    assert np.abs(local[1:]).max() < 0.15
    thumb = joints[side + "ThumbMetacarpal"] @ crop.frame[:3, :3].T + crop.frame[:3, 3]
    assert thumb[1] > 0.0
    assert np.ptp(crop.positions[:, 2]) < np.ptp(crop.positions[:, 1]) < 1.2


def test_left_and_right_hands_look_alike_in_their_frames_and_find_back() -> None:
    (v, f), joints = person(A_POSE)
    crops = {
        s: crop_hand(v, f, joints[s + "Hand"], joints[s + "MiddleProximal"], joints[s + "LowerArm"], s == "left")
        for s in ("left", "right")
    }
    left, right = crops["left"], crops["right"]
    assert left is not None
    assert right is not None
    assert np.allclose(np.sort(left.positions[:, 0]), np.sort(right.positions[:, 0]), atol=1e-6)
    assert np.allclose(np.sort(left.positions[:, 1]), np.sort(right.positions[:, 1]), atol=1e-6)
    assert np.linalg.det(left.frame[:3, :3]) * np.linalg.det(right.frame[:3, :3]) < 0.0
    back = right.to_canonical(right.positions)
    assert (np.abs(back[:, None] - v[None]).max(axis=2).min(axis=1) < 1e-9).all()


def test_no_hand_gives_none() -> None:
    (v, f), joints = person()
    out = np.array([1.0, 0.0, 0.0])
    beyond = joints["leftHand"] + out
    assert crop_hand(v, f, beyond, beyond + 0.05 * out, beyond - 0.14 * out, True) is None


def picture(runs: list[tuple[int, int]], columns: int = 12) -> np.ndarray:
    """A mask with the same runs (start, length) in each column."""
    out = np.zeros((columns, 64), bool)
    for start, length in runs:
        out[:, start : start + length] = True
    return out


@pytest.mark.parametrize(
    ("runs", "count"),
    [
        ([(10, 5), (18, 5), (26, 5), (34, 5)], 4),
        ([(10, 6), (20, 6), (30, 6)], 3),
        ([(10, 8), (24, 8)], 2),
        ([(10, 5), (18, 12), (34, 5)], 0),  # the middle run is a pair that touches
        ([(10, 30)], 0),
        ([], 0),
    ],
)
def test_gaps_show_the_number_of_fingers(runs: list[tuple[int, int]], count: int) -> None:
    assert gap_count(picture(runs)) == count


def test_most_hands_have_five_fingers_and_mittens_have_two_chains() -> None:
    sure, unsure, none = np.full(5, 4.0), np.array([4.0, 2.0, 0.2, 0.1, 0.4]), np.array([3.0, -3.0, -3.0, -3.0, -3.0])
    four, one = picture([(10, 5), (18, 5), (26, 5), (34, 5)]), picture([(10, 30)])
    three = picture([(10, 6), (20, 6), (30, 6)])
    assert fingers_there(sure, four) == FINGERS
    assert fingers_there(sure, three) == FINGERS
    assert fingers_there(unsure, three) == ("Thumb", "Index", "Middle", "Little")
    assert fingers_there(none, one) == ("Thumb", "Middle")
    assert fingers_there(none - 5.0, one) == ("Middle",)
