"""The main path: stages in order, over one avatar, with a record of each.

    outcome = Pipeline.default(host).run(context)

A run can be stopped between steps (``Context.cancelled``) and picked up again: every stage's outcome is a value, and
``Run`` holds the last one. What the pipeline adds to a stage: merging outcomes, timings, the hash chain, observers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from axis_core.errors import AxisError, InputError
from axis_core.model.contract import StageRecord
from axis_core.model.digest import scene_digest
from axis_core.model.scene import Scene
from axis_core.plugin.host import PluginHost
from axis_core.plugin.kinds import Context, Outcome, Stage
from axis_core.plugin.options import structure_options


__all__ = ["Pipeline", "Run", "Step"]


@attrs.frozen(kw_only=True)
class Step:
    """A stage with its options."""

    stage: Stage
    options: Any


@attrs.frozen(kw_only=True)
class Run:
    """How far a pipeline has come: give it back to ``Pipeline.run`` to go on from there.

    Attributes
    ----------
    outcome : Outcome
        What the stages so far have left, added up.
    records : tuple of StageRecord
        The hash chain.
    metrics : mapping of stage name to its metrics
    """

    outcome: Outcome
    records: tuple[StageRecord, ...] = ()
    metrics: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)

    @property
    def done(self) -> tuple[str, ...]:
        """Names of the stages that have ended."""
        return tuple(r.name for r in self.records)


def merged(state: Outcome, new: Outcome) -> Outcome:
    """Return ``state`` after a stage: its scene and report replace, its facts, issues and artefacts are added."""
    return attrs.evolve(
        new,
        lods=new.lods or state.lods,
        changes=(*state.changes, *new.changes),
        issues=(*state.issues, *new.issues),
        report=new.report if new.report is not None else state.report,
        artefacts=(*state.artefacts, *new.artefacts),
        facts={**state.facts, **new.facts},
        metrics=new.metrics,
    )


@attrs.frozen(kw_only=True)
class Pipeline:
    """Stages in order."""

    steps: tuple[Step, ...]

    @classmethod
    def of(
        cls,
        host: PluginHost,
        names: Iterable[str] = (),
        options: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Pipeline:
        """Return the pipeline of the stages ``names`` (all, if empty), with plain ``options`` by stage name.

        Raises
        ------
        NotFound
            For an unknown stage.
        InputError
            For an option that does not exist or does not fit, or options of a stage that is not part of it.
        """
        stages = tuple(host.stage(n) for n in names) or host.stages
        given = dict(options or {})
        known = {s.name for s in stages}
        stray = sorted(set(given) - known)
        if stray:
            raise InputError(
                f"there are options for {stray[0]!r}, which is no stage of this run",
                pointer=f"options.{stray[0]}",
                hint=f"Stages are: {', '.join(s.name for s in stages)}.",
            )
        return cls(steps=tuple(Step(stage=s, options=_options(s, given.get(s.name, {}))) for s in stages))

    def without(self, *names: str) -> Pipeline:
        """Return the pipeline without some stages."""
        return Pipeline(steps=tuple(s for s in self.steps if s.stage.name not in names))

    def then(self, stage: Stage, options: Any) -> Pipeline:
        """Return the pipeline with one more stage at its end."""
        return Pipeline(steps=(*self.steps, Step(stage=stage, options=options)))

    def run(
        self, context: Context, start: Run | Scene | None = None, *, checkpoint: Callable[[Run], None] | None = None
    ) -> Run:
        """Run the stages that ``start`` has not run yet.

        Parameters
        ----------
        start : Run, Scene or None
            A run to go on with, a scene to begin from, or nothing: then ``ingest`` reads ``context.source``.
        checkpoint : callable (Run), optional
            Called after every stage; what it was last given can be handed back as ``start``.

        Raises
        ------
        Cancelled
            Between steps, if ``context.cancelled`` says so.
        AxisError
            What the stage raised; its ``pointer`` names the stage if it had none.
        """
        run = start if isinstance(start, Run) else Run(outcome=Outcome(scene=start or Scene()))
        digest = run.records[-1].output_sha256 if run.records else _digest(run.outcome)
        steps = [s for s in self.steps if s.stage.name not in run.done]
        for k, step in enumerate(steps):
            inner = _scaled(context, step.stage.name, k / len(steps), (k + 1) / len(steps))
            inner.step(0.0, step.stage.summary)
            context.host.stage_started(step.stage, run.outcome)
            begun = time.perf_counter()
            try:
                outcome = step.stage.run(run.outcome, step.options, inner)
            except AxisError as exc:
                exc.pointer = exc.pointer or f"stage {step.stage.name}"
                raise
            seconds = time.perf_counter() - begun
            after = _digest(outcome)
            record = StageRecord(
                name=step.stage.name,
                seconds=round(seconds, 4),
                input_sha256=digest,
                output_sha256=after,
                changes=outcome.changes,
            )
            digest = after
            run = Run(
                outcome=merged(run.outcome, outcome),
                records=(*run.records, record),
                metrics={**run.metrics, step.stage.name: dict(outcome.metrics)},
            )
            context.host.stage_finished(step.stage, run.outcome, seconds)
            if checkpoint is not None:
                checkpoint(run)
        context.step(1.0, "done")
        return run


def _options(stage: Stage, values: Mapping[str, Any]) -> Any:
    try:
        return structure_options(stage.options, values)
    except InputError as exc:
        pointer = (exc.pointer or "options").replace("options", f"options.{stage.name}", 1)
        raise InputError(exc.message, code=exc.code, pointer=pointer, hint=exc.hint) from exc


def _digest(outcome: Outcome) -> str:
    return scene_digest(outcome.scene, outcome.lods, [a.sha256 for a in outcome.artefacts])


def _scaled(context: Context, name: str, low: float, high: float) -> Context:
    """Return the context of one stage: its 0..1 is a slice of the whole run's."""

    def progress(fraction: float, message: str) -> None:
        context.progress(low + (high - low) * min(max(fraction, 0.0), 1.0), f"{name}: {message}" if message else name)

    return attrs.evolve(context, progress=progress)
