"""Service: what one running server holds. Made by ``create_app``, closed with it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from axis_core.errors import AxisError, Cancelled
from axis_core.sandbox import Sandbox
from axis_http.nouns import Export, Job, JobError, Principal, Upload, new_id
from axis_http.problems import problem, problem_of
from axis_http.service.files import ExportStore, UploadStore
from axis_http.service.queue import Lease, MemoryQueue
from axis_http.settings import Settings


__all__ = ["Service"]

LOG = logging.getLogger("axis_http")
TARGET = "axis_http.service.tasks:run_task"
LEASE_S = 60.0


class Service:
    """Queue, files and workers of one server.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.started = time.monotonic()
        self.queue = MemoryQueue(settings.queue_limit)
        self.uploads = UploadStore(settings.home / "uploads", settings.max_upload, settings.input_ttl_h)
        self.exports = ExportStore(settings.home / "exports")
        self.stopping = threading.Event()
        self._workers: list[threading.Thread] = []
        self._quick = Sandbox(TARGET, memory_mb=settings.job_memory_mb, seconds=min(60.0, settings.job_seconds))

    def start(self) -> None:
        """Start the worker threads, each with a child process of its own, and the janitor."""
        for k in range(self.settings.workers):
            thread = threading.Thread(target=self._work, args=(f"local-{k}",), name=f"axis-worker-{k}", daemon=True)
            thread.start()
            self._workers.append(thread)
        janitor = threading.Thread(target=self._sweep, name="axis-janitor", daemon=True)
        janitor.start()
        self._workers.append(janitor)

    def stop(self) -> None:
        """Stop claiming, let what runs end for at most ``drain`` seconds, and end the children."""
        self.stopping.set()
        deadline = time.monotonic() + self.settings.drain
        for thread in self._workers:
            thread.join(max(deadline - time.monotonic(), 0.1))
        self._quick.close()

    def _sweep(self) -> None:
        while not self.stopping.wait(15.0):
            self.uploads.sweep()

    def _work(self, name: str) -> None:
        sandbox = Sandbox(TARGET, memory_mb=self.settings.job_memory_mb, seconds=self.settings.job_seconds)
        try:
            while not self.stopping.is_set():
                lease = self.queue.claim(name, LEASE_S, 0.5)
                if lease is not None:
                    self._run(lease, sandbox)
        finally:
            sandbox.close()

    def _run(self, lease: Lease, sandbox: Sandbox) -> None:
        job = lease.job

        def progress(fraction: float, text: str) -> bool:
            stage, _, message = text.partition(": ")
            return self.queue.heartbeat(lease, int(100 * fraction), stage, message or text)

        try:
            raw = sandbox.run(job.params, progress=progress)
            self.queue.complete(lease, self._result(job, raw))
        except Cancelled:
            self.queue.fail(lease, JobError(code="cancelled", message="the caller cancelled the job"))
        except AxisError as exc:
            found = problem_of(exc)
            self.queue.fail(lease, JobError(code=found.code, message=found.detail, is_retryable=found.is_retryable))
        except Exception:  # the job runner: one bad job stops none
            LOG.exception("job %s failed", job.job_id)
            self.queue.fail(lease, JobError(code="internal", message="an unexpected error"))

    def _result(self, job: Job, raw: dict[str, Any]) -> dict[str, Any]:
        """Return what the caller gets: files become an export, paths stay inside."""
        files = raw.pop("files", {})
        result = {**raw, "job_id": job.job_id}
        if files:
            stats = raw.get("contract", {}).get("mesh", {}) if isinstance(raw.get("contract"), dict) else {}
            export = self.exports.add(job.owner, job.job_id, "avatar", files, stats)
            result |= {"export_id": export.export_id, "download_url": f"/api/export/{export.export_id}"}
        return result

    def submit(self, principal: Principal, kind: str, upload: Upload | None, params: dict[str, Any]) -> Job:
        """Queue a job and return it.

        Raises
        ------
        Problem
            ``queue_full``, ``draining``.
        """
        if self.stopping.is_set():
            raise problem("draining", retry_after=30.0)
        job = Job(
            job_id=new_id("job"), owner=principal.user_id, kind=kind, params=self._arguments(kind, upload, params)
        )
        self.queue.enqueue(job)
        return job

    def _arguments(self, kind: str, upload: Upload | None, params: dict[str, Any]) -> dict[str, Any]:
        return {
            "kind": kind,
            "path": upload.path if upload else None,
            "companions": dict(upload.companions) if upload else {},
            "filename": upload.filename if upload else "",
            "params": params,
            "out": str(self.exports.new_folder()),
            "plugins": self.settings.plugins,
        }

    def run_now(self, kind: str, upload: Upload, params: dict[str, Any]) -> dict[str, Any]:
        """Run a short task (info, validate, convert) in a sandbox, past the queue, and return its raw result.

        Raises
        ------
        AxisError
        """
        return self._quick.run(self._arguments(kind, upload, params))

    def upload_of_export(self, export: Export, owner: str) -> Upload:
        """Return an export's first file as an upload, for tasks that take one."""
        name = next(n for n in export.files if n.endswith(".glb"))
        path = Path(export.files[name])
        template = Upload(
            upload_id="",
            owner=owner,
            filename=name,
            path=str(path),
            size_bytes=path.stat().st_size,
            sha256="",
            media_type="model/gltf-binary",
            expires_at=export.created_at,
        )
        return msgspec.structs.replace(template, upload_id=export.export_id)

    def job_of(self, principal: Principal, job_id: str) -> Job:
        """Return a job of the caller.

        Raises
        ------
        NotFound
            If there is none, or it is somebody else's.
        """
        from axis_core.errors import NotFound

        job = self.queue.get(job_id)
        if job.owner != principal.user_id:
            raise NotFound(f"there is no job {job_id}")
        return job

    @property
    def uptime_s(self) -> float:
        """Seconds since the server started."""
        return round(time.monotonic() - self.started, 1)
