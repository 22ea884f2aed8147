"""The Khronos glTF validator (npm package ``gltf-validator``), run in an embedded V8: no Node needed.

Set ``AXIS_GLTF_VALIDATOR`` to the package's folder or to its ``gltf_validator.dart.js``.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any


__all__ = ["VARIABLE", "GltfValidator", "find_validator"]

VARIABLE = "AXIS_GLTF_VALIDATOR"

_STAGE = """
var exports = {}, module = {exports: exports}, waiting = [], report = null, failure = null;
function setTimeout(f) { waiting.push(f); return waiting.length; }
function clearTimeout() {}
function require() { return {}; }
var console = {log() {}, warn() {}, error() {}};
function run() { while (waiting.length) waiting.shift()(); }
function bytesOf(text) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", value = new Uint8Array(128);
  for (let i = 0; i < 64; i++) value[digits.charCodeAt(i)] = i;
  const size = text.length / 4 * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
  const out = new Uint8Array(size);
  for (let i = 0, o = 0; i < text.length; i += 4) {
    const n = value[text.charCodeAt(i)] << 18 | value[text.charCodeAt(i + 1)] << 12
      | value[text.charCodeAt(i + 2)] << 6 | value[text.charCodeAt(i + 3)];
    out[o++] = n >> 16; if (o < size) out[o++] = n >> 8 & 255; if (o < size) out[o++] = n & 255;
  }
  return out;
}
function start(text, options) {
  report = failure = null;
  const done = exports.validateBytes(bytesOf(text), options);
  done.then(r => { report = JSON.stringify(r); }, e => { failure = String(e); });
  run();
  return 0;
}
function poll() { run(); return failure !== null ? "!" + failure : report === null ? "" : report; }
"""


def find_validator() -> Path | None:
    """Return the validator's script, None where the variable is not set or names nothing."""
    value = os.environ.get(VARIABLE, "")
    script = Path(value) / "gltf_validator.dart.js" if value and Path(value).is_dir() else Path(value)
    return script if value and script.is_file() else None


class GltfValidator:
    """Validates bytes; loading takes half a second, an avatar a tenth."""

    def __init__(self, script: Path) -> None:
        from py_mini_racer import MiniRacer

        self._engine = MiniRacer()
        self._engine.eval(_STAGE)
        self._engine.eval(script.read_text(encoding="utf-8"))

    def close(self) -> None:
        """Stop the engine: a process with a living one does not end."""
        self._engine.close()

    def validate(self, data: bytes, *, uri: str = "", **options: Any) -> dict[str, Any]:
        """Return the report of the official validator, as JSON."""
        settings = {"maxIssues": 0, "writeTimestamp": False, **({"uri": uri} if uri else {}), **options}
        self._engine.call("start", base64.b64encode(data).decode("ascii"), settings)
        for _ in range(10_000):  # promises are settled between calls
            answer = self._engine.call("poll")
            if answer:
                break
        else:
            raise AssertionError("the validator gave no answer")
        assert not answer.startswith("!"), answer
        report: dict[str, Any] = json.loads(answer)
        return report

    def findings(self, data: bytes, *, ignore: frozenset[str] = frozenset(), **options: Any) -> list[str]:
        """Return ``CODE pointer: message`` of every finding of any severity, but for codes in ``ignore``."""
        messages = self.validate(data, **options)["issues"]["messages"]
        return [
            f"{m['code']} {m.get('pointer', m.get('offset'))}: {m['message']}"
            for m in messages
            if m["code"] not in ignore
        ]
