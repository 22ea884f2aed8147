"""Service: what one running server holds. Made by ``create_app``, closed with it."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from axis_core.errors import AxisError, Cancelled, NotFound, StoreError
from axis_core.providers.routing_config import load_routing
from axis_core.sandbox import Sandbox
from axis_http.nouns import Cost, Export, Job, JobError, Principal, Upload, new_id, now, timestamp
from axis_http.problems import problem, problem_of
from axis_http.service.accounts import Accounts
from axis_http.service.billing import Billing
from axis_http.service.checkout import Checkout
from axis_http.service.credentials import Credentials
from axis_http.service.files import ExportStore, UploadStore
from axis_http.service.janitor import tidy
from axis_http.service.keys import Keys
from axis_http.service.limits import RateLimits
from axis_http.service.mail import Postman
from axis_http.service.mocks import mocked
from axis_http.service.pricing import load_pricing
from axis_http.service.quality_gate import QualityGate
from axis_http.service.queue import DurableQueue, Lease
from axis_http.service.recovery import Recovery
from axis_http.service.signing import Signer
from axis_http.service.trace_index import TraceIndex
from axis_http.service.tracing import tracing_of
from axis_http.service.webhooks import Webhooks
from axis_http.settings import Settings
from axis_http.store import accounts, assets, files
from axis_http.store.blobs import BlobStore
from axis_http.store.database import Database
from axis_http.store.traces import add_trace


__all__ = ["Service"]

LOG = logging.getLogger("axis_http")
TARGET = "axis_http.service.tasks:run_task"
JANITOR_S = 15.0
COURIERS, COURIER_S = 2, 0.5
"""Threads that send webhooks, and how often an idle one looks for some."""


class Service:
    """Database, queue, files and workers of one server.

    Parameters
    ----------
    settings : Settings
    target : str
        ``package.module:function`` that the worker processes run.

    Raises
    ------
    StoreError
        If the database under ``home`` cannot be used.
    """

    def __init__(self, settings: Settings, *, target: str = TARGET) -> None:
        self.settings, self._target = settings, target
        self.started = time.monotonic()
        self.db = Database(settings.home / "axis.db")
        self.blobs = BlobStore(settings.home / "blobs", self.db)
        self.queue = DurableQueue(self.db, settings.queue_limit, workers=settings.workers, settle=self._settle)
        self.credentials = Credentials(self.db, settings.operator_key_sha256)
        self.billing = Billing(self.db, load_pricing(settings.pricing))
        self.routing_text = settings.routing.read_text("utf-8") if settings.routing else ""
        self.routing = load_routing(self.routing_text)
        self.limits = RateLimits(self.db)
        self.signer = Signer(settings.home / "signing.key")
        self.answered: Counter[int] = Counter()
        self.accounts = Accounts(self.db, self.billing, self.queue, settings)
        self.keys = Keys(self.db)
        self.uploads = UploadStore(
            self.db, self.blobs, settings.home / "uploads", settings.max_upload, settings.input_ttl_h
        )
        self.exports = ExportStore(self.db, self.blobs, settings.home / "work")
        self.gate = QualityGate(self.db, self.queue, self.billing, self.exports, settings)
        self.trace_index = TraceIndex(self.db)
        self.checkout = Checkout(self.db, self.billing, settings)
        self.webhooks = Webhooks(self.db, self.signer, settings)
        self.postman = Postman(settings.smtp_url, settings.mail_from)
        self.recovery = Recovery(self.db, self.postman, self.billing.pricing, settings)
        self.tracing = tracing_of(settings)
        self.stopping = threading.Event()
        self._name = new_id("wrk")
        self._threads: list[threading.Thread] = []
        self._running: dict[str, tuple[Lease, Sandbox]] = {}
        self._quick = Sandbox(target, memory_mb=settings.job_memory_mb, seconds=min(60.0, settings.job_seconds))

    def start(self) -> None:
        """Start the worker threads, each with a child process of its own, the pulse and the janitor."""
        self.stopping.clear()
        self._threads.clear()
        for k in range(self.settings.workers):
            self._thread(f"axis-worker-{k}", self._work, f"{self._name}-{k}")
        self._thread("axis-pulse", self._pulse)
        self._thread("axis-janitor", self._sweep)
        self._thread("axis-postman", self.postman.work, self.stopping)
        for k in range(COURIERS):
            self._thread(f"axis-courier-{k}", self._deliver)

    def _thread(self, name: str, target: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def stop(self) -> None:
        """Stop claiming, let what runs end for at most ``drain`` seconds, give the rest back, end the children."""
        self.stopping.set()
        deadline = time.monotonic() + self.settings.drain
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.1))
        for lease, sandbox in list(self._running.values()):
            self.queue.release(lease)
            sandbox.close()
        for thread in self._threads:
            thread.join(5.0)
        self._quick.close()
        self.db.close()

    def _sweep(self) -> None:
        """Now and then: end what no worker can end, remove what has expired."""
        while not self.stopping.wait(min(JANITOR_S, self.settings.lease_s)):
            try:
                tidy(self)
            except (StoreError, OSError):
                LOG.exception("the janitor could not do its round")

    def _deliver(self) -> None:
        """Send the webhooks that are due."""
        while not self.stopping.is_set():
            try:
                busy = self.webhooks.deliver()
            except StoreError:
                LOG.exception("webhooks could not be sent")
                busy = False
            if not busy:
                self.stopping.wait(COURIER_S)

    def _pulse(self) -> None:
        """Keep the leases of what runs here, whether the work reports or not."""
        while not self.stopping.wait(self.settings.lease_s / 3):
            for lease, _ in list(self._running.values()):
                try:
                    self.queue.renew(lease)
                except StoreError:
                    LOG.exception("a lease could not be renewed")

    def _work(self, name: str) -> None:
        sandbox = Sandbox(self._target, memory_mb=self.settings.job_memory_mb, seconds=self.settings.job_seconds)
        try:
            while not self.stopping.is_set():
                try:
                    lease = self.queue.claim(name, self.settings.lease_s, 0.5)
                    if lease is not None:
                        self._run(lease, sandbox)
                except StoreError:
                    LOG.exception("worker %s could not reach the database", name)
                    self.stopping.wait(1.0)
        finally:
            sandbox.close()

    def _run(self, lease: Lease, sandbox: Sandbox) -> None:
        job = lease.job

        def progress(fraction: float, text: str) -> bool:
            stage, _, message = text.partition(": ")
            return self.queue.heartbeat(lease, int(100 * fraction), stage, message or text)

        folder = self.exports.new_folder()
        self._running[lease.worker] = (lease, sandbox)
        try:
            with self.tracing.span(f"job {job.kind}", {"axis.job_id": job.job_id, "axis.attempt": lease.attempt}):
                raw = sandbox.run(self._resolved(job.params) | {"out": str(folder)}, progress=progress)
            self._finish(lease, raw)
        except Cancelled:
            self.queue.fail(lease, JobError(code="cancelled", message="the caller cancelled the job"))
        except AxisError as exc:
            found = problem_of(exc)
            self.queue.fail(lease, JobError(code=found.code, message=found.detail, is_retryable=found.is_retryable))
        except Exception:  # the job runner: one bad job stops none
            LOG.exception("job %s failed", job.job_id)
            self.queue.fail(lease, JobError(code="internal", message="an unexpected error"))
        finally:
            del self._running[lease.worker]
            shutil.rmtree(folder, ignore_errors=True)

    def _finish(self, lease: Lease, raw: dict[str, Any]) -> None:
        """Keep what a job has made and end it, in one transaction; nothing is kept if the lease was lost."""
        files = raw.pop("files", {})
        taken = {n: {"path": str(self.blobs.path(h))} for n, h in self.exports.take(files).items()}
        with self.db.tx():
            if self.queue.renew(lease) and self.gate.passed(lease, raw, taken):
                export = self._export_of(lease.job, raw, taken) if taken else None
                self.queue.complete(lease, self.delivered(lease.job, raw, export))

    def _export_of(self, job: Job, raw: dict[str, Any], files: dict[str, Any]) -> Export:
        stats = raw.get("contract", {}).get("mesh", {}) if isinstance(raw.get("contract"), dict) else {}
        end = self._end_of_export(job.owner)
        return self.exports.add(job.owner, job.job_id, "avatar", files, stats, expires_at=end)

    def _end_of_export(self, owner: str) -> dt.datetime | None:
        """When an export of ``owner`` expires by the plan, unless an asset or avatar shows it; None for never."""
        row = accounts.account(self.db, owner)
        days = self.billing.pricing.plan(row["plan"]).retention_days if row else 0
        return now() + dt.timedelta(days=days) if days else None

    def delivered(self, job: Job, raw: dict[str, Any], export: Export | None) -> dict[str, Any]:
        """Return what the caller gets of a job's raw result: links to its export, and the asset that it is kept as."""
        result = {k: v for k, v in raw.items() if k != "traces"} | {"job_id": job.job_id}
        if export is not None:
            result |= {"export_id": export.export_id, "download_url": f"/api/export/{export.export_id}"}
            if self._is_kept(job, raw):
                result["asset_id"] = self._saved(job, raw, export)
        return result

    @staticmethod
    def _is_kept(job: Job, raw: dict[str, Any]) -> bool:
        """Whether a result goes into the gallery: what the caller said, else what makes whole avatars."""
        wanted = job.params["params"].get("save")
        return isinstance(raw.get("contract"), dict) and (job.kind != "rig" if wanted is None else bool(wanted))

    def _saved(self, job: Job, raw: dict[str, Any], export: Export) -> str:
        name = job.params["params"].get("name") or Path(job.params["filename"]).stem or "avatar"
        asset_id = assets.add_asset(
            self.db,
            job.owner,
            name=str(name),
            contract=raw["contract"],
            quality=raw.get("quality") or {},
            export_id=export.export_id,
            size_bytes=sum(Path(p).stat().st_size for p in export.files.values()),
        )
        if raw.get("traces"):
            add_trace(self.db, asset_id, job.owner, raw["traces"])
        return asset_id

    def export_of_asset(self, principal: Principal, asset_id: str) -> str:
        """Return the export of the caller's own asset.

        Raises
        ------
        NotFound
            If there is none, or it is somebody else's, public or not.
        """
        row = assets.asset(self.db, asset_id, principal.user_id)
        if row is None or row["owner"] != principal.user_id:
            raise NotFound("there is no such asset")
        return str(row["export_id"])

    def signed_export(self, principal: Principal, export_id: str, life_s: int) -> dict[str, Any]:
        """Return an address of the caller's export that anybody can use until it expires.

        Raises
        ------
        NotFound
        """
        path = f"/api/export/{self.exports.get(principal.user_id, export_id).export_id}"
        expires_at = timestamp(now() + dt.timedelta(seconds=life_s))
        return {"url": f"{path}?{self.signer.query(path, life_s)}", "expires_at": expires_at}

    def signed_for(self, path: str, expires: str, signature: str) -> Principal | None:
        """Return the owner of the export at ``path``, with the right to read, where the signature holds."""
        export = files.find_export(self.db, self.blobs, path.split("/")[3])
        if export is None or not self.signer.holds(path, expires, signature):
            return None
        return Principal(user_id=export.owner, auth_method="signature", scopes=frozenset({"read"}))

    def _settle(self, job: Job, status: str) -> None:
        """What belongs to the end of a job: its inputs are let go, what it cost goes back where it must."""
        self.billing.settle(job, status)
        self.webhooks.job_ended(job, status)
        self.blobs.let_go(f"job:{job.job_id}")

    def submit(
        self,
        principal: Principal,
        kind: str,
        upload: Upload | None,
        params: dict[str, Any],
        *,
        operation: str = "",
        priority: int = 0,
        provider: str = "mesh_upload",
    ) -> Job:
        """Queue a job and return it; charge, job and first event are one transaction.

        Parameters
        ----------
        operation : str
            Key of the price table (``avatar_parametric``, ``image_to_3d``, ...); nothing is charged without one.

        Raises
        ------
        Problem
            ``queue_full``, ``concurrency_limit``, ``insufficient_tokens``, ``draining``.
        """
        self.accepts_work()
        arguments = self._arguments(kind, upload, params)
        plan = self.billing.pricing.plan(principal.plan) if principal.has_account else None
        tokens = self.billing.pricing.operations.get(operation, 0) if plan else 0
        job = Job(
            job_id=new_id("job"),
            owner=principal.user_id,
            kind=kind,
            params=arguments,
            priority=priority,
            provider=provider,
            running_limit=plan.running if plan else None,
            cost=Cost(charged=tokens),
        )
        if principal.is_test:
            free = msgspec.structs.replace(job, provider="mock", cost=Cost())
            return mocked(self.db, self.queue, self.exports, free)
        with self.db.tx():
            if plan:
                self._has_room(principal, plan.waiting)
            self.queue.enqueue(job)
            self.billing.charge(job, operation, tokens)
            self.blobs.hold(f"job:{job.job_id}", self._blobs_in(arguments))
        return job

    def accepts_work(self) -> None:
        """Pass, or refuse.

        Raises
        ------
        Problem
            ``draining`` while the server stops, ``disk_low`` where less of the disk is free than ``min_free_disk``.
        """
        if self.stopping.is_set():
            raise problem("draining", retry_after=30.0)
        disk = shutil.disk_usage(self.settings.home)
        if disk.free < disk.total * self.settings.min_free_disk / 100.0:
            least = self.settings.min_free_disk
            raise problem("disk_low", f"less than {least:g} % of the disk is free", retry_after=60.0)

    def store_state(self) -> str:
        """Return ``ok``, or ``error:CODE`` where the database does not answer."""
        try:
            self.db.value("SELECT 1")
        except StoreError as exc:
            return f"error:{exc.code}"
        return "ok"

    def _has_room(self, principal: Principal, most: int) -> None:
        waiting = self.db.value("SELECT COUNT(*) FROM job WHERE owner = ? AND status = 'queued'", (principal.user_id,))
        if waiting >= most:
            raise problem(
                "concurrency_limit", f"{waiting} of your jobs are waiting, the plan allows {most}", retry_after=10.0
            )

    def _arguments(self, kind: str, upload: Upload | None, params: dict[str, Any]) -> dict[str, Any]:
        """Return a task's arguments as they are kept: paths below ``home`` without it, so that it can be moved."""
        companions = dict(upload.companions) if upload else {}
        return {
            "kind": kind,
            "path": self._relative(upload.path) if upload else None,
            "companions": {n: self._relative(p) for n, p in companions.items()},
            "filename": upload.filename if upload else "",
            "params": params,
            "plugins": self.settings.plugins,
        }

    def _relative(self, path: str) -> str:
        place = Path(path)
        return str(place.relative_to(self.settings.home)) if place.is_relative_to(self.settings.home) else path

    def _blobs_in(self, arguments: dict[str, Any]) -> list[str]:
        paths = [Path(p) for p in (arguments["path"], *arguments["companions"].values()) if p]
        return [p.name for p in paths if p.parts[0] == self.blobs.folder.name]

    def _resolved(self, arguments: dict[str, Any]) -> dict[str, Any]:
        home = self.settings.home
        return {
            **arguments,
            "path": str(home / arguments["path"]) if arguments["path"] else None,
            "companions": {n: str(home / p) for n, p in arguments["companions"].items()},
        }

    def run_now(self, kind: str, upload: Upload, params: dict[str, Any]) -> dict[str, Any]:
        """Run a short task (info, validate, convert) in a sandbox, past the queue, and return its raw result.

        Files that it makes are among the blobs then; nobody holds them yet.

        Raises
        ------
        AxisError
        """
        folder = self.exports.new_folder()
        try:
            raw = self._quick.run(self._resolved(self._arguments(kind, upload, params)) | {"out": str(folder)})
            if "files" in raw:
                taken = self.exports.take(raw["files"])
                raw["files"] = {n: {"path": str(self.blobs.path(h))} for n, h in taken.items()}
            return raw
        finally:
            shutil.rmtree(folder, ignore_errors=True)

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
        job = self.queue.get(job_id)
        if job.owner != principal.user_id:
            raise NotFound(f"there is no job {job_id}")
        return job

    @property
    def uptime_s(self) -> float:
        """Seconds since the server started."""
        return round(time.monotonic() - self.started, 1)
