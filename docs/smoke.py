"""A first walk through an installed wheel: writes a tiny person, rigs it for an engine, converts and audits it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Do it in ``folder``."""
    import axis_core
    from axis_core.testing import capsule_person

    root = Path(axis_core.__file__).parent
    assert "site-packages" in root.parts, f"{root} is not what was installed"
    assert (root / "py.typed").is_file(), "py.typed is missing from the wheel"
    raw = folder / "person.glb"
    axis_core.write(capsule_person(rigged=False), raw)
    _axis("process", str(raw), "--output", str(folder / "out"), "--platform", "unity")
    _axis("convert", str(raw), str(folder / "person.obj"))
    _axis("audit", str(folder / "out" / "avatar.glb"))
    names = {p.name for p in (folder / "out").rglob("*")}
    assert {"avatar.glb", "contract.json"} <= names, f"process wrote {sorted(names)}"
    sys.stdout.write(f"the wheel works: {', '.join(sorted(names))}\n")


def _axis(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "axis_core.cli", *arguments], check=True)  # noqa: S603 - our own words


if __name__ == "__main__":
    main(Path.cwd())
