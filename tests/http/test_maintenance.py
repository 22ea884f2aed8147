"""A backup that is restored is what was there, and what is broken is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from axis_core.errors import Conflict, NotFound
from axis_http import Settings
from axis_http.service.maintenance import backup, findings, restore
from axis_http.service.state import Service
from axis_http.store import accounts, ledger


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A service's folder with an account and an export."""
    home = tmp_path / "home"
    service = Service(Settings(home=home, plugins=False))
    user = accounts.add_account(service.db, "ann@example.org", "hash", "Ann", "free")
    assert user is not None
    service.billing.grant(user, "free")
    folder = service.exports.new_folder()
    (folder / "a.glb").write_bytes(b"glTF something")
    service.exports.add(user, "job_1", "avatar", {"a.glb": {"path": str(folder / "a.glb")}}, {})
    service.db.close()
    return home


def test_a_restored_backup_is_what_was_there(home: Path, tmp_path: Path) -> None:
    assert backup(home, tmp_path / "backup").blobs == 1
    assert (backup(home, tmp_path / "backup").blobs, backup(home, tmp_path / "backup").kept) == (0, 1)
    restore(tmp_path / "backup", tmp_path / "new")
    assert list(findings(tmp_path / "new")) == []
    service = Service(Settings(home=tmp_path / "new", plugins=False))
    row = service.db.row("SELECT export_id, owner FROM export")
    assert row is not None
    export = service.exports.get(row["owner"], row["export_id"])
    assert Path(export.files["a.glb"]).read_bytes() == b"glTF something"
    assert Path(export.files["a.glb"]).is_relative_to(tmp_path / "new")
    assert ledger.balance_of(service.db, row["owner"]) == 50
    service.db.close()
    with pytest.raises(Conflict):
        restore(tmp_path / "backup", tmp_path / "new")
    with pytest.raises(NotFound):
        backup(tmp_path / "nowhere", tmp_path / "other")


def test_what_is_broken_is_found(home: Path) -> None:
    assert list(findings(home)) == []
    blob = next((home / "blobs").rglob("*/*/*/*"))
    blob.write_bytes(b"damaged")
    service = Service(Settings(home=home, plugins=False))
    service.db.write("UPDATE account SET balance = 7")
    service.db.close()
    found = "\n".join(findings(home))
    assert "is damaged" in found
    assert "the balance of" in found
    blob.unlink()
    assert "is gone" in "\n".join(findings(home))


def test_the_commands(home: Path, tmp_path: Path) -> None:
    def axis(*words: str, folder: Path = home) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "AXIS_HOME": str(folder)}
        command = [sys.executable, "-m", "axis_core.cli", *words]
        return subprocess.run(command, env=environment, capture_output=True, check=False)

    assert axis("backup", str(tmp_path / "b")).returncode == 0
    assert axis("restore", str(tmp_path / "b"), folder=tmp_path / "n").returncode == 0
    assert b"nothing is wrong" in axis("verify", folder=tmp_path / "n").stdout
    next((tmp_path / "n" / "blobs").rglob("*/*/*/*")).write_bytes(b"damaged")
    broken = axis("verify", folder=tmp_path / "n")
    assert broken.returncode != 0
    assert b"is damaged" in broken.stderr


def test_blobs_that_nobody_holds_are_swept_and_no_others(home: Path) -> None:
    service = Service(Settings(home=home, plugins=False))
    folder = service.exports.new_folder()
    (folder / "x").write_bytes(b"nobody's")
    loose = service.blobs.take(folder / "x")
    assert service.blobs.sweep() == 0  # too young
    assert service.blobs.sweep(0.0) == 1
    assert not service.blobs.path(loose).exists()
    row = service.db.row("SELECT export_id FROM export")
    assert row is not None
    assert service.exports.forget([row["export_id"]]) == len(b"glTF something")
    assert service.blobs.sweep(0.0) == 1
    service.db.close()
