"""Batches: many avatars asked for at once. Each item is a job of its own; the batch is what its jobs say of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import attrs
import msgspec

from axis_core.errors import AxisError, NotFound
from axis_http.nouns import Job, JobError, Principal, new_id
from axis_http.problems import Problem, invalid, problem_of
from axis_http.service.generate import checked_item, flag_of, submit_item
from axis_http.service.state import Service


__all__ = ["Batch", "batch_of", "refreshed", "submit_batch", "wait_batch"]

MAX_ITEMS = 50


@attrs.frozen(kw_only=True)
class Batch:
    """Many avatars that were asked for at once: refusals by index, jobs by index."""

    batch_id: str
    total: int
    refused: Mapping[int, JobError]
    jobs: Mapping[int, Job]

    @property
    def is_over(self) -> bool:
        """Whether no item can change any more."""
        return all(job.is_over for job in self.jobs.values())

    def view(self) -> dict[str, Any]:
        """Return the batch as callers see it."""
        items = [self.item(i) for i in range(self.total)]
        good = sum(item["status"] == "succeeded" for item in items)
        bad = sum(item["status"] in ("failed", "cancelled", "expired", "skipped") for item in items)
        return {
            "batch_id": self.batch_id,
            "status": self._status(good),
            "total": self.total,
            "succeeded": good,
            "failed": bad,
            "items": items,
            "cost": {
                "tokens": sum(j.cost.charged - j.cost.refunded for j in self.jobs.values()),
            },
            "poll_url": f"/api/batches/{self.batch_id}",
            "events_url": f"/api/batches/{self.batch_id}/events",
        }

    def _status(self, good: int) -> str:
        if not self.is_over:
            return "running"
        return "completed" if good == self.total else "partial" if good else "failed"

    def item(self, index: int) -> dict[str, Any]:
        """Return one item as callers see it."""
        empty = {
            "index": index,
            "job_id": None,
            "export_id": None,
            "download_url": None,
            "poll_url": None,
            "error": None,
        }
        if index in self.refused:
            return empty | {"status": "failed", "error": msgspec.to_builtins(self.refused[index])}
        job = self.jobs.get(index)
        if job is None:
            return empty | {"status": "skipped"}
        result = job.result or {}
        return empty | {
            "status": job.status,
            "job_id": job.job_id,
            "export_id": result.get("export_id"),
            "download_url": result.get("download_url"),
            "poll_url": f"/api/job/{job.job_id}",
            "error": None if job.error is None else msgspec.to_builtins(job.error),
        }

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what has happened so far, in an order that later calls only add to."""
        out: list[tuple[str, dict[str, Any]]] = [("accepted", {"batch_id": self.batch_id, "total": self.total})]
        ended = sorted(
            ((j.finished_at, i) for i, j in self.jobs.items() if j.is_over and j.finished_at is not None),
        )
        order = [*sorted(self.refused), *(i for _, i in ended)]
        for done, index in enumerate(order, start=1):
            out += [("item", self.item(index)), ("progress", {"done": done, "total": self.total})]
        if self.is_over:
            out += [("result", self.view()), ("done", {"status": self.view()["status"]})]
        return out


def submit_batch(service: Service, principal: Principal, body: Mapping[str, Any]) -> Batch:
    """Queue the items of a batch; a bad item is refused alone.

    Raises
    ------
    Problem
        400 for items that are missing, too many or no objects; 402, 429 or 503 where not one could be queued for it.
    """
    items = body.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        raise invalid("items", f"expected a list of 1 to {MAX_ITEMS} objects")
    stray = next((i for i, item in enumerate(items) if not isinstance(item, dict)), None)
    if stray is not None:
        raise invalid(f"items[{stray}]", "expected an object")
    go_on = flag_of(body, "continue_on_error", True)
    batch_id = new_id("bat")
    refused: dict[int, JobError] = {}
    jobs: dict[int, Job] = {}
    first: Problem | AxisError | None = None
    checked = _checked_items(items, refused, go_on=go_on)
    notes = {str(i): [e.code, e.message] for i, e in refused.items()}
    for index, item in checked.items():
        mark = {"id": batch_id, "index": index, "total": len(items), "refused": notes}
        try:
            jobs[index] = submit_item(service, principal, {**item, "batch": mark})
        except (Problem, AxisError) as exc:
            first = first or exc
            refused[index] = _refusal(exc)
            if not go_on:
                break
    if first is not None and not jobs:
        raise first
    return Batch(batch_id=batch_id, total=len(items), refused=refused, jobs=jobs)


def _checked_items(
    items: list[dict[str, Any]], refused: dict[int, JobError], *, go_on: bool
) -> dict[int, dict[str, Any]]:
    out = {}
    for index, given in enumerate(items):
        try:
            out[index] = checked_item(given)
        except Problem as exc:
            refused[index] = _refusal(exc)
            if not go_on:
                break
    return out


def _refusal(error: Problem | AxisError) -> JobError:
    found = problem_of(error)
    return JobError(code=found.code, message=found.error, is_retryable=found.is_retryable)


def batch_of(service: Service, principal: Principal, batch_id: str) -> Batch:
    """Return a batch of the caller, found by its jobs.

    Raises
    ------
    NotFound
    """
    jobs: dict[int, Job] = {}
    mark: dict[str, Any] = {}
    before = ""
    while True:
        page = service.queue.page(principal.user_id, status="", kind="generate", before=before, limit=200)
        for job in page:
            held = job.params["params"].get("batch") or {}
            if held.get("id") == batch_id:
                jobs[int(held["index"])], mark = job, held
        if len(page) < 200 or (jobs and batch_id > page[-1].job_id.replace("job_", "bat_")):
            break
        before = page[-1].job_id
    if not jobs:
        raise NotFound(f"there is no batch {batch_id}")
    refused = {int(i): JobError(code=code, message=text) for i, (code, text) in mark["refused"].items()}
    return Batch(batch_id=batch_id, total=int(mark["total"]), refused=refused, jobs=jobs)


def refreshed(service: Service, batch: Batch) -> Batch:
    """Return the batch as its jobs are now."""
    return attrs.evolve(batch, jobs={i: service.queue.get(j.job_id) for i, j in batch.jobs.items()})


def wait_batch(service: Service, batch: Batch, seconds: float) -> Batch:
    """Return the batch when all its jobs have ended, or as it is after ``seconds``."""
    deadline = time.monotonic() + seconds
    for job in batch.jobs.values():
        left = deadline - time.monotonic()
        if left > 0:
            service.queue.wait_over(job.job_id, left)
    return refreshed(service, batch)
