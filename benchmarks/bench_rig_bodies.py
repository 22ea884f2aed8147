"""Core joints of bodies from the parametric human that no prior has seen.

    python -m benchmarks.bench_rig_bodies --count 200

Needs the body pack (``axis assets install body``). Prints the mean by pose and by age, and the worst bodies. Times are
of the processor.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from tests.rig.parametric_people import CORE, POSES, core_errors, person_of


def main() -> None:
    """Place ``--count`` bodies and print the errors in percent of the height."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=1000, help="number of the first body; tests use 0 to 9")
    args = parser.parse_args()
    rows, start = [], time.process_time()
    for seed in range(args.first, args.first + args.count):
        person = person_of(seed)
        rows.append((person.pose, person.phenotype.age_years, core_errors(person), seed))
    errors = np.array([row[2] for row in rows])
    means = errors.mean(axis=1)
    print(f"{len(rows)} bodies, {(time.process_time() - start) / len(rows):.2f} s of the processor each, body included")
    print(f"core-15 mean {means.mean():.2f}, median {np.median(means):.2f}, worst body {means.max():.2f} % of height")
    for pose in POSES:
        print(f"  {pose:12} {np.mean([m for m, r in zip(means, rows) if r[0] == pose]):.2f}")
    for low, high in ((1, 6), (6, 14), (14, 60), (60, 91)):
        some = [m for m, r in zip(means, rows) if low <= r[1] < high]
        print(f"  {low:2} to {high:2} years {np.mean(some) if some else float('nan'):.2f} ({len(some)})")
    print("  by joint: " + ", ".join(f"{name} {e:.1f}" for name, e in zip(CORE, errors.mean(axis=0))))
    for k in np.argsort(-means)[:5]:
        print(f"  worst: number {rows[k][3]}, {rows[k][1]:.0f} years, {rows[k][0]}: {means[k]:.2f}")


if __name__ == "__main__":
    main()
