"""The quality gate: a result below the score of its owner's plan is refused, or held until a person decides."""

from __future__ import annotations

from typing import Any

from axis_core.model.quality import grade_of
from axis_http.nouns import Job, JobError, now, timestamp
from axis_http.service.billing import Billing
from axis_http.service.files import ExportStore
from axis_http.service.pricing import Plan
from axis_http.service.queue import DurableQueue, Lease
from axis_http.settings import Settings
from axis_http.store import accounts, reviews
from axis_http.store.database import Database


__all__ = ["HOLDER", "QualityGate"]

HOLDER = "review"
"""Who owns an export while it is held: nobody's user id."""


class QualityGate:
    """Decides at the end of a job whether its result may go out; where nobody has an account, everything may."""

    def __init__(
        self, db: Database, queue: DurableQueue, billing: Billing, exports: ExportStore, settings: Settings
    ) -> None:
        self._db, self._queue, self._billing, self._exports = db, queue, billing, exports
        self._life_s = settings.review_days * 86400.0

    def passed(self, lease: Lease, raw: dict[str, Any], files: dict[str, Any]) -> bool:
        """Return whether a result may go out; one that may not is refused or held in the open transaction."""
        plan, score = self._plan_of(lease.job), (raw.get("quality") or {}).get("score")
        if plan is None or not isinstance(score, int | float) or score >= plan.min_score:
            return True
        if plan.on_below == "refuse":
            self._queue.fail(lease, JobError(code="quality_below_policy", message=_sentence(score, plan)))
        else:
            self._held(lease, raw, files)
        return False

    def _plan_of(self, job: Job) -> Plan | None:
        account = accounts.account(self._db, job.owner)
        return self._billing.pricing.plan(str(account["plan"])) if account else None

    def _held(self, lease: Lease, raw: dict[str, Any], files: dict[str, Any]) -> None:
        """Keep the result where its owner cannot reach it, and open a review; not for a job that is to be cancelled."""
        job, quality = lease.job, raw["quality"]
        if self._queue.get(job.job_id).cancel_requested:
            self._queue.fail(lease, JobError(code="cancelled", message="the caller cancelled the job"))
            return
        export = self._exports.add(HOLDER, job.job_id, "avatar", files, {}) if files else None
        review_id = reviews.add(
            self._db,
            "quality",
            job.owner,
            reasons=["quality_below_policy"],
            quality={"score": quality.get("score"), "grade": quality.get("grade"), "issues": quality.get("issues", [])},
            life_s=self._life_s,
            job_id=job.job_id,
            export_id=export.export_id if export else None,
            held=raw,
        )
        self._queue.hold(lease, {"review_id": review_id, "reason_codes": ["quality_below_policy"]})

    def expire(self) -> int:
        """End reviews that nobody decided in time, with their jobs, and those whose jobs ended; return how many."""
        ended = 0
        for row in reviews.overdue(self._db):
            with self._db.tx():
                if not reviews.decide(self._db, row["review_id"], "expired", "", ""):
                    continue
                ended += 1
                entry = {"at": timestamp(now()), "actor": "", "action": "expired", "reason": ""}
                reviews.note(self._db, row["review_id"], entry)
                if row["held"] is not None:
                    text = "the result was below the plan's score, and nobody has decided the review in time"
                    self._queue.decide(row["job_id"], JobError(code="review_expired", message=text))
                    self._exports.forget([row["export_id"]] if row["export_id"] else [])
        return ended


def _sentence(score: float, plan: Plan) -> str:
    return (
        f"the result scores {score:g} (grade {grade_of(score)}), the plan {plan.name} asks for {plan.min_score} "
        f"(grade {grade_of(plan.min_score)})"
    )
