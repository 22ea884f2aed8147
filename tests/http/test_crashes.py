"""kill -9 of the service under load: nothing that was acknowledged is lost, nothing is charged or refunded twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.http.people import PASSWORD
from tests.http.test_servers import free_port

from axis_http.nouns import END_STATES
from axis_http.service.maintenance import findings
from axis_http.store import ledger
from axis_http.store.database import Database


ROOT = Path(__file__).resolve().parents[2]
TOKENS = 100_000


class Victim:
    """A service that is killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        (home / "prices.toml").write_text("[operations]\nrig = 3\n")
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.http.crash_app", str(self.home), str(self.port)]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)  # the children too
        self.process.wait()

    def ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.base}/health", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)  # a port has no event to wait for
        raise AssertionError("the service did not come up")


class Customers:
    """Threads that send jobs, each until it is acknowledged."""

    def __init__(self, victim: Victim, token: str) -> None:
        self.victim, self.token = victim, token
        self.acknowledged: dict[str, str] = {}
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.send, args=(n,)) for n in range(2)]

    def send(self, number: int) -> None:
        count = 0
        while not self.over.is_set():
            count += 1
            key, content = f"{number}-{count}", (b"bad" if count % 4 == 0 else b"good") + os.urandom(40)
            while not self.over.wait(0.02) and not self.acknowledge(key, content):
                pass

    def acknowledge(self, key: str, content: bytes) -> bool:
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "model/gltf-binary",
            "prefer": "respond-async",
            "idempotency-key": key,
        }
        try:
            answer = httpx.post(f"{self.victim.base}/api/rig", content=content, headers=headers, timeout=5)
        except httpx.TransportError:
            return False
        if answer.status_code == 409:  # the first try was killed before its answer was kept
            return True
        if answer.status_code != 200:
            return answer.status_code != 429
        self.acknowledged[key] = answer.json()["data"]["job_id"]
        return True


def customer(victim: Victim, db: Database) -> str:
    sent = {"email": "c@example.org", "password": PASSWORD}
    made = httpx.post(f"{victim.base}/portal/api/signup", json=sent, timeout=20).json()["data"]
    db.write("UPDATE account SET plan = 'studio' WHERE user_id = ?", (made["user_id"],))
    ledger.post(db, made["user_id"], "adjust", TOKENS, operation="test")
    return str(made["token"])


def survive(home: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    victim = Victim(home)
    db = Database(home / "axis.db")
    try:
        victim.ready()
        crowd = Customers(victim, customer(victim, db))
        for thread in crowd.threads:
            thread.start()
        for _ in range(kills):
            crowd.over.wait(chance.uniform(0.1, 0.8))
            victim.kill()
            victim.start()
            victim.ready()
        crowd.over.set()
        for thread in crowd.threads:
            thread.join(30)
        jobs = drained(db)
    finally:
        victim.kill()
        db.close()
    assert crowd.acknowledged
    assert set(crowd.acknowledged.values()) <= set(jobs)
    assert set(jobs.values()) <= {"succeeded", "failed"}
    assert {"succeeded", "failed"} <= set(jobs.values())
    assert list(findings(home)) == []


def drained(db: Database) -> dict[str, str]:
    """Wait until all jobs have ended, and return their states."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        jobs = {r["job_id"]: r["status"] for r in db.rows("SELECT job_id, status FROM job")}
        if set(jobs.values()) <= END_STATES:
            return jobs
        time.sleep(0.1)  # another process ends them
    raise AssertionError(f"jobs that did not end: {jobs}")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")
def test_ten_times_kill_9(tmp_path: Path) -> None:
    survive(tmp_path, kills=10, seed=7)


@pytest.mark.conformance
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")
def test_a_hundred_times_kill_9(tmp_path: Path) -> None:
    survive(tmp_path, kills=100, seed=11)
