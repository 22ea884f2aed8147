"""What stands before and after the objects: who wrote it, units and axes, how many objects of which kind."""

from __future__ import annotations

from collections import Counter

from axis_exporter_fbx.binary import CREATED, FILE_ID, VERSION, Record
from axis_exporter_fbx.motion import SECOND


__all__ = ["CREATOR", "definitions", "head_records", "take_records"]

CREATOR = "AXIS axis-exporter-fbx"


def head_records(last_second: float) -> list[Record]:
    """Return the records before the objects."""
    info = Record("FBXHeaderExtension")
    info.add("FBXHeaderVersion", 1003)
    info.add("FBXVersion", VERSION)
    info.add("EncryptionType", 0)
    stamp = info.add("CreationTimeStamp")
    stamp.add("Version", 1000)
    parts = {"Year": 1970, "Month": 1, "Day": 1, "Hour": 10, "Minute": 0, "Second": 0, "Millisecond": 0}
    for part, value in parts.items():
        stamp.add(part, value)
    info.add("Creator", CREATOR)
    told = Record("FileId", FILE_ID), Record("CreationTime", CREATED), Record("Creator", CREATOR)
    return [info, *told, *_settings(last_second)]


def _settings(last_second: float) -> list[Record]:
    settings = Record("GlobalSettings")
    settings.add("Version", 1000)
    table = settings.add("Properties70")
    axes = {"UpAxis": 1, "UpAxisSign": 1, "FrontAxis": 2, "FrontAxisSign": 1, "CoordAxis": 0, "CoordAxisSign": 1}
    for name, value in {**axes, "OriginalUpAxis": 1, "OriginalUpAxisSign": 1}.items():
        table.put(name, "int", "Integer", "", value)
    table.put("UnitScaleFactor", "double", "Number", "", 1.0)
    table.put("OriginalUnitScaleFactor", "double", "Number", "", 1.0)
    table.put("TimeMode", "enum", "", "", 6)  # 30 frames a second
    table.put("TimeSpanStart", "KTime", "Time", "", ("L", 0))
    table.put("TimeSpanStop", "KTime", "Time", "", ("L", round(last_second * SECOND)))
    documents = Record("Documents")
    documents.add("Count", 1)
    document = documents.add("Document", ("L", 1), "", "Scene")
    document.add("RootNode", ("L", 0))
    return [settings, documents, Record("References")]


def definitions(objects: list[Record]) -> Record:
    """Return how many objects of which kind there are."""
    counts = Counter(o.name for o in objects)
    out = Record("Definitions")
    out.add("Version", 100)
    out.add("Count", 1 + sum(counts.values()))
    out.add("ObjectType", "GlobalSettings").add("Count", 1)
    for kind, n in sorted(counts.items()):
        out.add("ObjectType", kind).add("Count", n)
    return out


def take_records(takes: list[tuple[str, float]]) -> Record:
    """Return the list of clips by name and length."""
    out = Record("Takes")
    out.add("Current", takes[0][0] if takes else "")
    for name, seconds in takes:
        take = out.add("Take", name)
        take.add("FileName", f"{name}.tak")
        span = ("L", 0), ("L", round(seconds * SECOND))
        take.add("LocalTime", *span)
        take.add("ReferenceTime", *span)
    return out
