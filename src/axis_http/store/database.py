"""Database: one SQLite file, one writer at a time, any number of readers.

Every read-then-write is one ``tx()``: ``BEGIN IMMEDIATE``, so two processes cannot both read a balance of 1 and both
spend it. (A deferred BEGIN fails at once with "database is locked" when two upgrade; autocommit sells twice.)
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from axis_core.errors import StoreError
from axis_http.store.schema import MIGRATIONS


__all__ = ["Database", "Row", "has_wal_reset_bug"]

LOG = logging.getLogger("axis_http")

Row = dict[str, Any]
Values = Sequence[Any] | Mapping[str, Any]

BUSY_MS = 10_000
PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is erased must not stay in the free space of the file
    "PRAGMA synchronous=FULL",  # NORMAL may lose the last commits when the power goes
)


def has_wal_reset_bug() -> bool:
    """Whether this SQLite (3.7.0 to 3.51.2) can corrupt a database that two connections write and checkpoint."""
    return (3, 7, 0) <= sqlite3.sqlite_version_info < (3, 51, 3)


class Database:
    """The database of one service.

    Parameters
    ----------
    path : Path
        The file; made, with its folder, if it is not there. Migrations that it lacks are applied.

    Raises
    ------
    StoreError
        ``store_unavailable``, if the file cannot be opened or is no database.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self.commits = 0  # of this process: what was read before may be old after one more
        self._owner = 0  # the thread whose tx is open
        self._after: list[Callable[[], None]] = []
        self._idle: list[Any] = []
        self._open: list[Any] = []
        try:
            self._writer: Any = self._connect()
            self._migrate()
        except sqlite3.DatabaseError as exc:
            raise StoreError(f"the database {path.name} cannot be used: {exc}") from exc
        if has_wal_reset_bug():
            LOG.warning("SQLite %s can corrupt a WAL database: install pysqlite3", sqlite3.sqlite_version)

    def _connect(self) -> Any:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
        connection.row_factory = _as_dict
        for pragma in PRAGMAS:
            connection.execute(pragma)
        with self._lock:
            self._open.append(connection)
        return connection

    def _migrate(self) -> None:
        plain = sqlite3.connect(self.path, isolation_level=None, timeout=BUSY_MS / 1000)
        try:
            plain.execute("BEGIN IMMEDIATE")
            MIGRATIONS.apply(sqlite_utils.Database(plain))
            plain.execute("COMMIT")
        finally:
            plain.close()

    @contextmanager
    def tx(self) -> Iterator[Database]:
        """Hold the write lock; commit at the end, or roll back what raised. Inside another ``tx`` it is part of it."""
        with self._lock:
            if self._owner:
                yield self
                return
            self._writer = self._writer or self._connect()
            _execute(self._writer, "BEGIN IMMEDIATE")
            self._owner = threading.get_ident()
            try:
                yield self
            except BaseException:
                self._owner = 0
                self._after.clear()
                self._writer.execute("ROLLBACK")
                raise
            self._owner = 0
            done, self._after = self._after, []
            _execute(self._writer, "COMMIT")
            self.commits += 1
        for call in done:
            call()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call ``call`` when the open ``tx`` has been committed."""
        self._after.append(call)

    def write(self, sql: str, values: Values = ()) -> list[Row]:
        """Run one statement in a ``tx`` and return its rows (``RETURNING``)."""
        with self.tx():
            return _execute(self._writer, sql, values)

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """Return the rows of a query; inside a ``tx`` of this thread, as it has made them."""
        with self._reader() as connection:
            return _execute(connection, sql, values)

    def row(self, sql: str, values: Values = ()) -> Row | None:
        """Return the first row of a query, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Values = ()) -> Any:
        """Return the one value of a query."""
        found = self.row(sql, values)
        return None if found is None else next(iter(found.values()))

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        """Lend a connection for one query: the writer to the thread whose ``tx`` is open, an idle reader to others."""
        if self._owner == threading.get_ident():
            yield self._writer
            return
        try:
            connection = self._idle.pop()  # atomic, as is append
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._idle.append(connection)

    def backup_to(self, path: Path) -> None:
        """Write a consistent copy to ``path`` while others write."""
        target = sqlite3.connect(path)
        try:
            with self._reader() as connection:
                connection.backup(target)
        finally:
            target.close()

    def forget_log(self) -> None:
        """Move what is in the write-ahead log into the file and empty it, unless somebody reads from it just now."""
        with self._lock:
            if self._writer is not None and not self._owner:
                _execute(self._writer, "PRAGMA wal_checkpoint(TRUNCATE)")

    def integrity(self) -> list[str]:
        """Return what SQLite finds wrong with the file; empty if nothing is."""
        found = [str(next(iter(r.values()))) for r in self.rows("PRAGMA integrity_check")]
        broken = [f"a row of {r['table']} points to a {r['parent']} that is gone" for r in self._foreign()]
        return [f for f in found if f != "ok"] + broken

    def _foreign(self) -> list[Row]:
        return self.rows("PRAGMA foreign_key_check")

    def close(self) -> None:
        """Close all connections; using the database again opens new ones."""
        with self._lock:
            self._writer = None
            self._idle.clear()
            for connection in self._open:
                connection.close()
            self._open.clear()


def _execute(connection: Any, sql: str, values: Values = ()) -> list[Row]:
    try:
        return list(connection.execute(sql, values).fetchall())
    except sqlite3.OperationalError as exc:  # the disk is full, the lock was not to be had, the file is gone
        raise StoreError(f"the database cannot be used now: {exc}") from exc


def _as_dict(cursor: Any, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}
