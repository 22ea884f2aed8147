"""How long the glTF audit of a file takes, beside the official validator under Node, in one run.

    python benchmarks/bench_audit.py FILE.glb --validator FOLDER_OF_THE_NPM_PACKAGE [--rounds 21]

Rounds alternate, so that other work of the machine slows both alike. Both the time of the processor and of the clock
are given: what the clock says on a shared machine depends on its neighbours.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path

from axis_core.audit.gltf import validate


_SCRIPT = """
const validator = require(process.argv[1]), fs = require('fs');
const bytes = new Uint8Array(fs.readFileSync(process.argv[2]));
const lines = require('readline').createInterface({input: process.stdin});
lines.on('line', async () => {
  const before = process.cpuUsage(), clock = process.hrtime.bigint();
  const report = await validator.validateBytes(bytes, {maxIssues: 0});
  const spent = process.cpuUsage(before);
  console.log(JSON.stringify({cpu: (spent.user + spent.system) / 1e6,
    clock: Number(process.hrtime.bigint() - clock) / 1e9, issues: report.issues.messages.length}));
});
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--validator", required=True, help="folder of the npm package gltf-validator")
    parser.add_argument("--rounds", type=int, default=21)
    args = parser.parse_args()
    data = args.file.read_bytes()
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    command = ["node", "-e", _SCRIPT, str(Path(args.validator).resolve()), str(args.file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        for _ in range(args.rounds):
            cpu, clock = time.process_time(), time.perf_counter()
            report = validate(data, uri=args.file.name)
            ours.append((time.process_time() - cpu, time.perf_counter() - clock))
            node.stdin.write("\n")
            node.stdin.flush()
            answer = json.loads(node.stdout.readline())
            theirs.append((answer["cpu"], answer["clock"]))
        node.stdin.close()
    found = f"{len(report.issues)} findings of ours, {answer['issues']} of theirs"
    print(f"{args.file.name}: {len(data) / 1e6:.2f} MB, {args.rounds} rounds, {found}")
    for k, label in enumerate(("processor", "clock")):
        mine, official = (statistics.median(row[k] for row in rows) for rows in (ours, theirs))
        print(f"{label}: ours {1e3 * mine:.1f} ms, official {1e3 * official:.1f} ms, ratio {mine / official:.2f}")


if __name__ == "__main__":
    main()
