"""``axis generate``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.columns import columns, thousands
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import (
    DEFAULT_TIER,
    PROFILES,
    output_profile_option,
    platform_option,
    seed_option,
    split_words,
    tier_option,
)
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.result import Result


__all__ = ["command", "generated_files"]


@click.command("generate", cls=AxisCommand)
@click.option("--prompt", default="", metavar="TEXT", help="Who it is, in English; it refines the preset, or says all.")
@click.option("--preset", default="", metavar="NAME", help="Who to begin with; see `axis presets`.")
@click.option(
    "--set", "values", multiple=True, metavar="NAME=VALUE", help="A parameter or slider; see `axis presets --sliders`."
)
@seed_option
@platform_option
@tier_option(DEFAULT_TIER)
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    default="default",
    show_default=True,
    help="default: fail on errors. strict: fail on warnings. lenient: only report.",
)
@output_profile_option
@click.option("--morphs/--no-morphs", default=True, show_default=True, help="The 52 ARKit face shapes.")
@click.option("--visemes/--no-visemes", default=True, show_default=True, help="The 15 Oculus visemes, with --morphs.")
@click.option(
    "--lods", type=click.IntRange(0, 6), default=2, show_default=True, metavar="N", help="Levels below LOD 0."
)
@click.option(
    "--texture-size", type=click.IntRange(64, 4096), default=None, metavar="N", help="Largest side, below the tier's."
)
@click.option(
    "--animate", multiple=True, callback=split_words, metavar="NAMES", help="Clips to put into the file, or all."
)
@click.option("--provider", default="parametric", show_default=True, metavar="NAME", help="Who makes it.")
@click.option("--preview", is_flag=True, help="Draw preview.png too.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE|DIR",
    help="FILE.glb and its levels beside it, or a folder for all files.",
)
@click.pass_obj
def command(
    session: Session,
    prompt: str,
    preset: str,
    values: tuple[str, ...],
    seed: int,
    platform: str,
    tier: str,
    profile: str,
    output_profile: str,
    morphs: bool,
    visemes: bool,
    lods: int,
    texture_size: int | None,
    animate: tuple[str, ...],
    provider: str,
    preview: bool,
    output: Path,
) -> int:
    """Make a person from words, a preset and parameters: rigged, with face shapes, levels and textures.

    \b
      axis generate --prompt "a tall woman in her fifties, green jacket" -o ann.glb
      axis generate --preset neutral --set height_m=1.82 --platform unity -o out
    """
    from axis_core.cli.settings_text import parse_settings
    from axis_core.door import generate
    from axis_core.model.tier import TIERS

    form = output.suffix.lower().lstrip(".") if output.suffix else "glb"
    session.host.format(form)
    session.compile_once()
    with session.progress("generating") as step:
        result = generate(
            prompt,
            preset=preset,
            parameters=parse_settings(values),
            seed=seed,
            provider=provider,
            platform=platform,
            tier=tier,
            profile=profile,
            output_profile=output_profile,
            morphs=morphs,
            visemes=visemes,
            lods=lods,
            texture_side=min(texture_size, TIERS[tier].texture_side) if texture_size else None,
            animations=animate,
            preview=preview,
            format=form,
            name=output.stem if output.suffix else "avatar",
            progress=step,
            host=session.host,
        )
    return generated_files(session, result, output, prompt=prompt, preset=preset, seed=seed)


def generated_files(session: Session, result: Result, output: Path, *, prompt: str, preset: str, seed: int) -> int:
    """Write the files of a generated avatar, say what was made, and return the exit code."""
    paths = _written(result, output)
    payload = _payload(result, paths, prompt, preset, seed)
    session.result(payload, _text(payload, result, verbose=session.verbose))
    return 0 if result.ok else 1


def _written(result: Result, output: Path) -> tuple[Path, ...]:
    """Write into a folder, or beside the file named: then the record is called after it and the report stays out."""
    from axis_core.result import write_files

    if not output.suffix:
        return result.write(output)
    import attrs

    kept = [
        attrs.evolve(a, name=f"{output.stem}.{a.name}") if a.role == "contract" else a
        for a in result.artefacts
        if a.role != "report" or not result.ok
    ]
    return write_files(kept, output.parent)


def _payload(result: Result, paths: tuple[Path, ...], prompt: str, preset: str, seed: int) -> dict[str, Any]:
    made: Mapping[str, Any] = result.metrics["generate"]
    contract = result.contract
    return {
        "status": "done" if result.ok else "failed",
        "problems": list(result.problems),
        "files": [str(p) for p in paths],
        "prompt": prompt,
        "preset": preset,
        "seed": seed,
        "parsed": made["parsed"] or None,
        "parameters": made["parameters"],
        "notes": made["notes"],
        "platform": contract.platform,
        "tier": contract.polygon_tier,
        "triangles": contract.mesh.triangle_count,
        "lods": {str(level.level): level.triangle_count for level in contract.lods},
        "height_m": contract.mesh.height_m,
        "joints": contract.rig.joint_count,
        "morph_targets": list(dict.fromkeys(m.name for mesh in result.scene.meshes for m in mesh.morphs)),
        "animations": [a.name for a in result.scene.animations],
        "quality": {"score": contract.mesh.quality_score, "grade": contract.mesh.quality_grade},
        "seconds": round(sum(stage.seconds for stage in contract.stages), 3),
        "contract_id": contract.id,
    }


def _text(row: Mapping[str, Any], result: Result, *, verbose: bool) -> str:
    lods = "".join(f", LOD {level}: {thousands(n)}" for level, n in row["lods"].items() if level != "0")
    facts = [
        ("  mesh", f"{thousands(row['triangles'])} triangles{lods}; {row['height_m']:.2f} m high"),
        ("  rig", f"{row['joints']} joints, {len(row['morph_targets'])} face shapes"),
        ("  files", ", ".join(Path(p).name for p in row["files"])),
    ]
    if row["animations"]:
        facts.insert(2, ("  clips", ", ".join(row["animations"])))
    parsed = row["parsed"]
    if parsed and "attributes" in parsed:
        facts.append(("  understood", ", ".join(parsed["attributes"]) or "nothing"))
        if parsed["unmatched"]:
            facts.append(("  not used", ", ".join(parsed["unmatched"])))
    facts += [("  note", note) for note in row["notes"]]
    lines = [f"{'done' if result.ok else 'FAILED by its profile'}, {row['seconds']:.1f} s", columns(facts)]
    lines += [f"  {problem}" for problem in row["problems"]]
    if verbose and parsed and "matches" in parsed:
        rows = (
            (f"    {m['text']}", m["field"] or "-", "" if m["value"] is None else str(m["value"]))
            for m in parsed["matches"]
        )
        lines += ["  words", columns(rows)]
    return "\n".join(lines)
