"""What a user can take along, and what is left when an account is closed: a ledger of numbers, and nothing personal."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from axis_http.nouns import Principal, new_id, now, timestamp
from axis_http.service.state import Service
from axis_http.store import ledger, reviews
from axis_http.store.files import find_export


__all__ = ["account_archive", "erase"]


def erase(service: Service, principal: Principal, password: str | None) -> dict[str, Any]:
    """Close an account and erase what it had: uploads, results, jobs, assets and their blobs.

    Raises
    ------
    Problem
        403 ``reauth_required``.
    """
    exports = service.accounts.delete(principal, password)
    owner = (principal.user_id,)
    with service.db.tx():
        gone = service.db.write("DELETE FROM upload WHERE owner = ? RETURNING upload_id", owner)
        holders = [*(f"upload:{r['upload_id']}" for r in gone), *(f"export:{e}" for e in exports)]
        hashes = {h for holder in holders for h in service.blobs.held_by(holder)}
        for holder in holders:
            service.blobs.let_go(holder)
        service.exports.forget(exports)
        service.db.write("DELETE FROM job WHERE owner = ? AND status <> 'running'", owner)
        held = service.db.write("DELETE FROM review WHERE owner = ? RETURNING export_id", owner)
        service.db.write("DELETE FROM fraud_check WHERE owner = ?", owner)
        service.exports.forget([str(r["export_id"]) for r in held if r["export_id"]])
    service.blobs.remove_unheld(hashes)
    service.db.forget_log()
    return {"deleted": True, "erase_by": timestamp(now()), "erasure_id": new_id("era")}


def account_archive(service: Service, principal: Principal) -> IO[bytes]:
    """Return a ZIP file of everything that is kept of the caller: JSON, and the files of the exports.

    It is a temporary file, open at its beginning, that is gone when it is closed.
    """
    service.exports.folder.mkdir(parents=True, exist_ok=True)
    out: IO[bytes] = tempfile.TemporaryFile(dir=service.exports.folder)  # noqa: SIM115 - the caller closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        owner = principal.user_id
        pages = {
            "account.json": service.accounts.account(principal),
            "sessions.json": service.accounts.sessions(principal),
            "keys.json": service.keys.listed(principal),
            "ledger.json": {"transactions": ledger.entries(service.db, owner, 100_000)},
            "reviews.json": {"reviews": reviews.of_owner(service.db, owner)},
            "webhooks.json": service.webhooks.listed(principal),
            "jobs.json": {"jobs": [j.view() for j in service.queue.jobs(owner)]},
        }
        for name, page in pages.items():
            archive.writestr(name, json.dumps(page, indent=1, sort_keys=True))
        for row in service.db.rows("SELECT export_id FROM export WHERE owner = ?", (owner,)):
            export = find_export(service.db, service.blobs, str(row["export_id"]))
            for name, path in export.files.items() if export else ():
                archive.write(Path(path), f"exports/{row['export_id']}/{name}")
    out.seek(0)
    return out
