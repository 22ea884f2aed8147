"""Our body model against the reference implementation, vertex by vertex and joint by joint.

The reference (anny 0.6.2 with torch, Apache-2.0) lives in an environment of its own; nothing of it is needed by the
product. In that environment::

    python bench_body_reference.py reference reference.npz

and in ours, with the body pack installed::

    python bench_body_reference.py compare reference.npz

Both read the same random phenotypes. The knots are the reference's: ages at 0, 1/3, 2/3, 1 are our 1, 10, 25, 90 years,
its gender runs from male to female, and its height and proportions have two ends and no neutral middle, so those terms
are given as they are and no stature is solved.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np


LABELS = ("gender", "age", "muscle", "weight", "height", "proportions", "african", "asian", "caucasian")
N_PEOPLE = 50


def people() -> np.ndarray:
    """Return the phenotypes (50, 9), all values 0..1."""
    return np.random.default_rng(7).random((N_PEOPLE, len(LABELS)))


def write_reference(path: Path) -> None:
    """Write rest vertices and bone heads of the reference model."""
    import anny
    import torch

    model = anny.Anny(rig="makehuman", topology="makehuman", phenotypes="all", phenotype_blendshapes="original")
    values = {name: torch.tensor(column) for name, column in zip(LABELS, people().T, strict=True)}
    rest = model.get_rest_model(model.get_phenotype_blendshape_coefficients(**values))
    started = time.process_time()
    for i in range(10):
        one = {name: column[i : i + 1] for name, column in values.items()}
        model.get_rest_vertices(model.get_phenotype_blendshape_coefficients(**one))
    seconds = (time.process_time() - started) / 10
    np.savez(
        path,
        vertices=rest["rest_vertices"].numpy(),
        heads=rest["rest_bone_heads"].numpy(),
        bones=np.array(model.bone_labels),
        seconds=seconds,
    )


def compare(path: Path) -> None:
    """Print the largest and the median difference to the reference."""
    from axis_core.body.data import load_mesh, load_targets
    from axis_core.body.phenotype import Phenotype, macro_terms
    from axis_core.body.shape import macro_positions

    with np.load(path) as reference:
        vertices, heads, bones = reference["vertices"], reference["heads"], reference["bones"].tolist()
        seconds = float(reference["seconds"])
    mesh, macro = load_mesh(), load_targets("macro")
    rig = mesh.rigs["default"]
    order = [rig.names.index(bone) for bone in bones]
    worst, joints, spent = [], [], []
    for row, expected, expected_heads in zip(people(), vertices, heads, strict=True):
        p = dict(zip(LABELS, row.tolist(), strict=True))
        person = Phenotype(
            age_years=float(np.interp(p["age"], (0, 1 / 3, 2 / 3, 1), (1, 10, 25, 90))),
            gender=1.0 - p["gender"],
            weight=p["weight"],
            muscle=p["muscle"],
            african=p["african"],
            asian=p["asian"],
            european=p["caucasian"],
        )
        terms = macro_terms(person) | {
            "minheight": 1.0 - p["height"],
            "maxheight": p["height"],
            "idealproportions": 1.0 - p["proportions"],
            "uncommonproportions": p["proportions"],
        }
        started = time.process_time()
        ours = macro_positions(mesh, macro, terms)
        spent.append(time.process_time() - started)
        ours_heads = np.array([ours[rig.heads[i]].mean(axis=0) for i in order])
        worst.append(np.abs(_z_up(ours) - expected).max())
        joints.append(np.abs(_z_up(ours_heads) - expected_heads).max())
    print(f"vertices: worst {1000 * max(worst):.5f} mm, median of the worst {1000 * np.median(worst):.5f} mm")
    print(f"joints:   worst {1000 * max(joints):.5f} mm, median of the worst {1000 * np.median(joints):.5f} mm")
    print(f"seconds of CPU a shape: ours {np.median(spent):.4f}, reference {seconds:.4f}")


def _z_up(points: np.ndarray) -> np.ndarray:
    """Return Y-up, +Z-forward points in the reference's axes: Z up, -Y forward."""
    return points[:, [0, 2, 1]] * (1.0, -1.0, 1.0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["reference", "compare"])
    parser.add_argument("file", type=Path)
    arguments = parser.parse_args()
    (write_reference if arguments.mode == "reference" else compare)(arguments.file)
