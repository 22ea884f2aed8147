"""Two hundred clients at once on mixed reads of a server process with accounts: latencies, errors, memory.

    python benchmarks/bench_http_load.py [SECONDS]

Each client keeps one connection and sends its next request when it has the last answer, so latency is set by how many
requests the machine answers a second; clients and server share its processors.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


CLIENTS = 200
PATHS = ("/health", "/api/platforms", "/api/formats", "/api/gallery/my-assets", "/api/billing/balance", "/api/jobs")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def resident_mb(pid: int) -> float:
    """Return the memory of a process, in MB, where the system tells."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        return 0.0
    line = next(t for t in status.read_text().splitlines() if t.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def client(port: int, token: str, until: float, waits: list[float], codes: dict[int, int], number: int) -> None:
    """Send requests over one connection until the time is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    turn = number
    while time.monotonic() < until:
        turn += 1
        path = PATHS[turn % len(PATHS)]
        begun = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: axis\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(t.partition(":")[2] for t in head.split("\r\n") if t.startswith("content-length"))
        await reader.readexactly(int(length))
        waits.append(time.perf_counter() - begun)
        status = int(head.split()[1])
        codes[status] = codes.get(status, 0) + 1
    writer.close()


def started(home: str, port: int) -> subprocess.Popen[bytes]:
    """Return a server that answers."""
    prices = Path(home) / "prices.toml"
    plan = "price_cents=0\ntokens=0\nmonthly=false\nrunning=1\nwaiting=5\nretention_days=0\navatars=1\nworkers=0\n"
    prices.write_text(f'[plans.free]\nname="Free"\n{plan}min_score=0\nrequests_per_minute=100000000\n')
    environment = {**os.environ, "AXIS_HOME": home, "AXIS_AUTH": "required", "AXIS_PRICING": str(prices)}
    environment["AXIS_PUBLIC_RATE"] = "100000000"
    command = [sys.executable, "-m", "axis_core.cli", "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health").read()
        except OSError:
            time.sleep(0.1)
        else:
            return process
    raise RuntimeError("the server did not come up")


def signed_up(port: int) -> str:
    """Return the token of a new account."""
    body = json.dumps({"email": "l@example.org", "password": "a good long one"}).encode()
    url = f"http://127.0.0.1:{port}/portal/api/signup"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    return str(json.load(urllib.request.urlopen(request))["data"]["token"])


async def crowd(port: int, token: str, seconds: float) -> tuple[list[float], dict[int, int]]:
    """Run all clients and return latencies and how often each status came."""
    waits: list[float] = []
    codes: dict[int, int] = {}
    until = time.monotonic() + seconds
    await asyncio.gather(*(client(port, token, until, waits, codes, n) for n in range(CLIENTS)))
    return waits, codes


def main(seconds: float) -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        process = started(home, port)
        try:
            token = signed_up(port)
            asyncio.run(crowd(port, token, min(seconds, 5.0)))  # warm
            before = resident_mb(process.pid)
            waits, codes = asyncio.run(crowd(port, token, seconds))
            after = resident_mb(process.pid)
        finally:
            process.terminate()
            process.wait()
    cuts = statistics.quantiles(waits, n=100)
    print(f"{len(waits)} requests in {seconds:g} s, {len(waits) / seconds:.0f} a second; by status {codes}")
    print(f"p50 {cuts[49] * 1e3:.0f} ms, p95 {cuts[94] * 1e3:.0f} ms, p99 {cuts[98] * 1e3:.0f} ms")
    print(f"memory {before:.0f} MB before, {after:.0f} MB after")


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 60.0)
