"""The tables, as migrations: a change is a new function at the end, never an edit of one that was released."""

from __future__ import annotations

from typing import Any

from sqlite_utils.migrations import Migrations


__all__ = ["MIGRATIONS"]

MIGRATIONS = Migrations("axis_http")


def _run(db: Any, script: str) -> None:
    for statement in script.split(";;"):
        if statement.strip():
            db.conn.execute(statement)


@MIGRATIONS()
def files(db: Any) -> None:
    """Blobs with their holders; uploads and exports point to them."""
    _run(
        db,
        """
        CREATE TABLE blob (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, refcount INTEGER NOT NULL DEFAULT 0,
            unused_since REAL NOT NULL) STRICT;;
        CREATE TABLE blob_ref (sha256 TEXT NOT NULL REFERENCES blob(sha256), holder TEXT NOT NULL,
            PRIMARY KEY (holder, sha256)) STRICT, WITHOUT ROWID;;
        CREATE INDEX blob_ref_sha256 ON blob_ref(sha256);;
        CREATE TRIGGER blob_held AFTER INSERT ON blob_ref BEGIN
            UPDATE blob SET refcount = refcount + 1 WHERE sha256 = NEW.sha256; END;;
        CREATE TRIGGER blob_let_go AFTER DELETE ON blob_ref BEGIN
            UPDATE blob SET refcount = refcount - 1, unused_since = unixepoch('subsec') WHERE sha256 = OLD.sha256; END;;
        CREATE TABLE upload (upload_id TEXT PRIMARY KEY, owner TEXT NOT NULL, filename TEXT NOT NULL,
            sha256 TEXT NOT NULL, size_bytes INTEGER NOT NULL, media_type TEXT NOT NULL, companions TEXT NOT NULL,
            created_at REAL NOT NULL, expires_at REAL NOT NULL) STRICT;;
        CREATE INDEX upload_owner ON upload(owner);;
        CREATE TABLE export (export_id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, job_id TEXT NOT NULL,
            stats TEXT NOT NULL, created_at REAL NOT NULL, expires_at REAL) STRICT;;
        CREATE INDEX export_owner ON export(owner);;
        CREATE TABLE export_file (export_id TEXT NOT NULL REFERENCES export(export_id) ON DELETE CASCADE,
            name TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (export_id, name)) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS()
def jobs(db: Any) -> None:
    """Jobs and their events."""
    _run(
        db,
        """
        CREATE TABLE job (job_id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, params TEXT NOT NULL,
            status TEXT NOT NULL, progress INTEGER NOT NULL DEFAULT 0, stage TEXT NOT NULL DEFAULT '',
            message TEXT NOT NULL DEFAULT '', attempt INTEGER NOT NULL DEFAULT 0, max_attempts INTEGER NOT NULL,
            priority INTEGER NOT NULL DEFAULT 0, run_after REAL NOT NULL DEFAULT 0, lease_until REAL, worker TEXT,
            cancel_requested INTEGER NOT NULL DEFAULT 0, running_limit INTEGER, created_at REAL NOT NULL,
            started_at REAL, finished_at REAL, expires_at REAL, provider TEXT NOT NULL,
            charged INTEGER NOT NULL DEFAULT 0, refunded INTEGER NOT NULL DEFAULT 0, result TEXT, error TEXT) STRICT;;
        CREATE INDEX job_waiting ON job(status, priority DESC, job_id);;
        CREATE INDEX job_owner ON job(owner, created_at DESC, job_id);;
        CREATE TABLE job_event (job_id TEXT NOT NULL REFERENCES job(job_id) ON DELETE CASCADE, seq INTEGER NOT NULL,
            type TEXT NOT NULL, data TEXT NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (job_id, seq)) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS()
def accounts(db: Any) -> None:
    """Accounts with their balance, sessions, keys, throttles and what was done to them."""
    _run(
        db,
        """
        CREATE TABLE account (user_id TEXT PRIMARY KEY, email TEXT, password_hash TEXT,
            display_name TEXT NOT NULL DEFAULT '', company TEXT NOT NULL DEFAULT '', locale TEXT NOT NULL DEFAULT '',
            avatar_id TEXT, marketing_opt_in INTEGER NOT NULL DEFAULT 0, email_verified INTEGER NOT NULL DEFAULT 0,
            plan TEXT NOT NULL, role TEXT NOT NULL DEFAULT 'user', status TEXT NOT NULL DEFAULT 'active',
            balance INTEGER NOT NULL DEFAULT 0 CHECK (balance >= 0), created_at REAL NOT NULL,
            updated_at REAL NOT NULL, last_login_at REAL, erase_by REAL) STRICT;;
        CREATE UNIQUE INDEX account_email ON account(email);;
        CREATE TABLE session (session_id TEXT PRIMARY KEY, token_sha256 TEXT NOT NULL UNIQUE,
            user_id TEXT NOT NULL REFERENCES account(user_id), agent TEXT NOT NULL, created_at REAL NOT NULL,
            last_used_at REAL NOT NULL, expires_at REAL NOT NULL) STRICT;;
        CREATE INDEX session_user ON session(user_id);;
        CREATE TABLE api_key (key_id TEXT PRIMARY KEY, prefix TEXT NOT NULL UNIQUE, key_sha256 TEXT NOT NULL,
            last4 TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES account(user_id), name TEXT NOT NULL,
            scopes TEXT NOT NULL, allowed_ips TEXT NOT NULL, created_at REAL NOT NULL, last_used_at REAL,
            expires_at REAL, revoked_at REAL) STRICT;;
        CREATE INDEX api_key_user ON api_key(user_id);;
        CREATE TABLE throttle (name TEXT PRIMARY KEY, failures INTEGER NOT NULL, since REAL NOT NULL,
            blocked_until REAL NOT NULL) STRICT, WITHOUT ROWID;;
        CREATE TABLE allowance (name TEXT PRIMARY KEY, left REAL NOT NULL, at REAL NOT NULL) STRICT, WITHOUT ROWID;;
        CREATE TABLE audit_log (id INTEGER PRIMARY KEY, at REAL NOT NULL, actor TEXT NOT NULL, user_id TEXT NOT NULL,
            action TEXT NOT NULL, detail TEXT NOT NULL) STRICT;;
        CREATE INDEX audit_log_user ON audit_log(user_id)
        """,
    )


@MIGRATIONS()
def ledger(db: Any) -> None:
    """The append-only ledger: its rows can be neither changed nor removed."""
    _run(
        db,
        """
        CREATE TABLE ledger (id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES account(user_id),
            type TEXT NOT NULL, amount INTEGER NOT NULL, balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
            operation TEXT NOT NULL, job_id TEXT, idem_key TEXT, body_sha256 TEXT, description TEXT NOT NULL,
            created_at REAL NOT NULL) STRICT;;
        CREATE UNIQUE INDEX ledger_job ON ledger(job_id, type) WHERE job_id IS NOT NULL;;
        CREATE UNIQUE INDEX ledger_key ON ledger(user_id, idem_key) WHERE idem_key IS NOT NULL;;
        CREATE INDEX ledger_user ON ledger(user_id, id);;
        CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger BEGIN
            SELECT RAISE(ABORT, 'the ledger is append-only'); END;;
        CREATE TRIGGER ledger_is_not_removed BEFORE DELETE ON ledger BEGIN
            SELECT RAISE(ABORT, 'the ledger is append-only'); END
        """,
    )


@MIGRATIONS()
def gallery(db: Any) -> None:
    """Assets, the portal's avatars, and answers that are kept for a repeated request."""
    _run(
        db,
        """
        CREATE TABLE asset (asset_id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL,
            asset_class TEXT NOT NULL, category TEXT NOT NULL, tags TEXT NOT NULL,
            visibility TEXT NOT NULL DEFAULT 'private', stage TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'ready',
            export_id TEXT NOT NULL REFERENCES export(export_id), size_bytes INTEGER NOT NULL,
            contract TEXT NOT NULL, quality TEXT NOT NULL, created_at REAL NOT NULL, updated_at REAL NOT NULL) STRICT;;
        CREATE INDEX asset_owner ON asset(owner, created_at DESC, asset_id);;
        CREATE TABLE avatar (avatar_id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, asset_id TEXT,
            export_id TEXT REFERENCES export(export_id), config TEXT NOT NULL, metadata TEXT NOT NULL,
            platform TEXT NOT NULL, created_at REAL NOT NULL, updated_at REAL NOT NULL) STRICT;;
        CREATE INDEX avatar_owner ON avatar(owner, created_at DESC, avatar_id);;
        CREATE TABLE idempotency (owner TEXT NOT NULL, route TEXT NOT NULL, idem_key TEXT NOT NULL,
            body_sha256 TEXT NOT NULL, status INTEGER, media_type TEXT, body BLOB, at REAL NOT NULL,
            PRIMARY KEY (owner, route, idem_key)) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS()
def reviews(db: Any) -> None:
    """Items that a person decides, traces of assets, and fraud checks that were made."""
    _run(
        db,
        """
        CREATE TABLE review (review_id TEXT PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, job_id TEXT,
            asset_id TEXT, export_id TEXT, status TEXT NOT NULL DEFAULT 'pending', reasons TEXT NOT NULL,
            quality TEXT NOT NULL, fraud TEXT, held TEXT, decision TEXT, decided_by TEXT, decided_at REAL,
            history TEXT NOT NULL, created_at REAL NOT NULL, expires_at REAL NOT NULL) STRICT;;
        CREATE INDEX review_waiting ON review(status, created_at DESC, review_id);;
        CREATE INDEX review_owner ON review(owner, created_at DESC, review_id);;
        CREATE TABLE trace (asset_id TEXT PRIMARY KEY REFERENCES asset(asset_id) ON DELETE CASCADE, owner TEXT NOT NULL,
            file_sha256 TEXT NOT NULL, mesh_sha256 TEXT NOT NULL, shape BLOB NOT NULL, images TEXT NOT NULL,
            created_at REAL NOT NULL) STRICT;;
        CREATE TABLE fraud_check (check_id TEXT PRIMARY KEY, owner TEXT NOT NULL, asset_id TEXT, verdict TEXT NOT NULL,
            score REAL NOT NULL, indicators TEXT NOT NULL, checked_at REAL NOT NULL) STRICT;;
        CREATE INDEX fraud_check_owner ON fraud_check(owner, checked_at)
        """,
    )


@MIGRATIONS()
def outside(db: Any) -> None:
    """What goes out and comes back: payments, webhooks with their deliveries, tokens that are sent by mail."""
    _run(
        db,
        """
        CREATE TABLE payment_intent (intent_id TEXT PRIMARY KEY, owner TEXT NOT NULL, provider TEXT NOT NULL,
            token_pack TEXT NOT NULL, tokens INTEGER NOT NULL, value INTEGER NOT NULL, currency TEXT NOT NULL,
            status TEXT NOT NULL, external_id TEXT, created_at REAL NOT NULL) STRICT;;
        CREATE INDEX payment_intent_owner ON payment_intent(owner);;
        CREATE TABLE payment_event (provider TEXT NOT NULL, event_id TEXT NOT NULL, kind TEXT NOT NULL,
            intent_id TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (provider, event_id)) STRICT, WITHOUT ROWID;;
        CREATE TABLE webhook (webhook_id TEXT PRIMARY KEY, owner TEXT NOT NULL, url TEXT NOT NULL,
            events TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1, rotated_at REAL,
            created_at REAL NOT NULL) STRICT;;
        CREATE INDEX webhook_owner ON webhook(owner, created_at DESC, webhook_id);;
        CREATE TABLE webhook_delivery (delivery_id TEXT PRIMARY KEY,
            webhook_id TEXT NOT NULL REFERENCES webhook(webhook_id) ON DELETE CASCADE, message_id TEXT NOT NULL,
            event TEXT NOT NULL, payload TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending',
            attempt INTEGER NOT NULL DEFAULT 0, run_after REAL NOT NULL, answer INTEGER,
            reason TEXT NOT NULL DEFAULT '', created_at REAL NOT NULL, ended_at REAL) STRICT;;
        CREATE INDEX webhook_delivery_due ON webhook_delivery(status, run_after);;
        CREATE INDEX webhook_delivery_of ON webhook_delivery(webhook_id, created_at DESC, delivery_id);;
        CREATE TABLE mailed_token (token_sha256 TEXT PRIMARY KEY, purpose TEXT NOT NULL, email TEXT NOT NULL,
            user_id TEXT, detail TEXT NOT NULL DEFAULT '{}', created_at REAL NOT NULL,
            expires_at REAL NOT NULL) STRICT, WITHOUT ROWID
        """,
    )
