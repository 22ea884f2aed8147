"""Answers for test keys: at once, for nothing, and always the same, so that a client can be written against them."""

from __future__ import annotations

import json
import struct
from typing import Any

from axis_http.nouns import Job
from axis_http.service.files import ExportStore
from axis_http.service.queue import DurableQueue
from axis_http.store.database import Database


__all__ = ["mock_glb", "mocked"]

PROVIDER = "mock"
_TRIANGLE = (0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 1.7, 0.0)


def mock_glb() -> bytes:
    """Return a valid GLB of one triangle, 1.7 m high."""
    binary = struct.pack("<9f3H2x", *_TRIANGLE, 0, 1, 2)
    bounds = {"min": [0, 0, 0], "max": [0.5, 1.7, 0]}
    root = {
        "asset": {"version": "2.0", "generator": "AXIS test mode"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "test"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", **bounds},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36, "target": 34962},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6, "target": 34963},
        ],
        "buffers": [{"byteLength": len(binary)}],
    }
    text = json.dumps(root, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def mocked(db: Database, queue: DurableQueue, exports: ExportStore, job: Job) -> Job:
    """Put a job into the queue as one that has ended well, with a small file, and return it."""
    folder = exports.new_folder()
    path = folder / "avatar.glb"
    path.write_bytes(mock_glb())
    with db.tx():
        export = exports.add(job.owner, job.job_id, "avatar", {path.name: {"path": str(path)}}, {})
        result: dict[str, Any] = {
            "test": True,
            "job_id": job.job_id,
            "export_id": export.export_id,
            "download_url": f"/api/export/{export.export_id}",
            "format": "glb",
            "cost": {"tokens": 0},
            "stages": [],
            "warnings": ["made by a test key: nothing was computed"],
        }
        queue.ended_at_once(job, result)
    folder.rmdir()
    return queue.get(job.job_id)
