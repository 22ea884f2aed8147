"""From a goal in plain words to a plan of handlers, by rules: no language model, nothing is guessed.

What is missing is asked for; what no handler does is said. See ``tests/agent/goals.py`` for what it must get right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from axis_core.agent.arguments import arguments_of, formats_of, limits_of, prompt_of, query_of
from axis_core.agent.clauses import Clause, Goal, read_goal
from axis_core.agent.handlers import find_handler
from axis_core.agent.intent import Question, intent_of, is_complaint, is_target, wanted_format
from axis_core.agent.lexicon import PLATFORMS, STAGES, STAGES_OF_VERBS, first_match, matches
from axis_core.agent.phrasing import is_aside


__all__ = ["Plan", "Step", "plan_goal"]

_STAGE_NAMES = {**STAGES_OF_VERBS, **{name: name for name, _ in STAGES}}

_FILLERS = re.compile(
    r"\b(?:game|games|my|the|a|an|me|us|our|free|example|now|good|it|this|use|printing|print|avatars?|ci|problems?|errors?|issues?|mistakes|faults|flaws|holes)\b"
)
_SETS = re.compile(
    r"(?:take|load|open|import|here(?:'s| is| are)|i(?: have|'ve)(?: got)?|there(?:'s| is)|it(?:'s| is)|given|using"
    r"|with|from|start(?:ing)? (?:with|from))\b"
)
_KEPT = re.compile(
    r"(?:keep|preserve|leave|retain)\b.*\b(?:uvs?|textures?|materials?|weights|morphs?|colou?rs?|details?|names?)\b"
)
_TARGET = re.compile(r"\b(?:for|in|into|on) ((?:(?!with|and|at|of|from|using|under|below|\d)[\w-]+ ?){1,4})")


@attrs.frozen
class Step:
    """One call of a handler; ``$n`` in an argument is the result of step ``n``."""

    handler: str
    args: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen
class Plan:
    """What is to be done.

    Attributes
    ----------
    status : str
        ``planned``, or ``needs_input``: then ``question`` says what is missing and nothing may run.
    steps : tuple of Step
    question : str
    trace : tuple of str
        How each clause was read.
    """

    status: str
    steps: tuple[Step, ...] = ()
    question: str = ""
    trace: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "status": self.status,
            "plan": [{"handler": s.handler, "args": dict(s.args)} for s in self.steps],
            "question": self.question,
            "trace": list(self.trace),
        }


def plan_goal(goal: str, context: Mapping[str, Any] | None = None) -> Plan:
    """Return the plan for ``goal``.

    Parameters
    ----------
    goal : str
        Plain English.
    context : mapping, optional
        ``input``: what "this" and "it" mean; ``platform``, ``polygon_tier``: used where the goal names none.
    """
    read = read_goal(goal)
    state = _State(read, dict(context or {}))
    try:
        for n, clause in enumerate(read.clauses):
            state.take(clause, is_last=n == len(read.clauses) - 1)
        state.finish()
    except Question as question:
        return Plan("needs_input", (), str(question), tuple(state.trace))
    return Plan("planned", tuple(state.steps), "", tuple(state.trace))


class _State:
    """The plan so far."""

    def __init__(self, goal: Goal, context: dict[str, Any]) -> None:
        self.references = goal.references
        self.context = context
        self.steps: list[Step] = []
        self.trace: list[str] = []
        self.pending: list[Clause] = []
        self.current = ""
        self.refused_stages: list[str] = []

    def take(self, clause: Clause, *, is_last: bool) -> None:
        """Add the step of a clause, or what the clause says to the step before it."""
        verb = intent_of(clause, has_steps=bool(self.steps), follows_audit=self._last("audit"))
        self.trace.append(f"{clause.raw!r}: {verb or 'no verb of ours'}")
        if clause.refused and (not verb or self.steps):
            self._refuse(clause.refused)
        if not verb:
            self._details(clause, is_last=is_last)
            return
        if verb in ("generate", "search"):
            self._new(verb, clause)
            return
        if verb == "process" and self._is_about_the_same(clause):
            self._details(clause, is_last=is_last)
            return
        named = re.findall(r"@(\d+)", clause.text) or [""]
        for number in named:
            for platform in matches(PLATFORMS, clause.text) or ("",):
                self._add(verb, clause, platform, self.references[int(number)] if number else "")

    def finish(self) -> None:
        """Check that there is something to do.

        Raises
        ------
        Question
        """
        if not self.steps and all(is_target(c.text) or c.refused or limits_of(c.text) for c in self.pending):
            self._finish_targets()
        if self.pending:
            raise Question(f"I did not understand: {self.pending[0].raw!r}. What is to be done, and with which file?")
        if not self.steps:
            raise Question("What is to be done? For example: rig hero.glb for Unity.")

    def _finish_targets(self) -> None:
        """A goal that only names targets means the whole pipeline: ``unreal, but leave the triangle count alone``."""
        texts = " ".join(c.text for c in self.pending)
        verb = "process" if is_target(texts) else "decimate" if "target_polycount" in limits_of(texts) else ""
        if not verb:
            return
        clause = Clause(texts, texts, verb, tuple(name for c in self.pending for name in c.refused))
        self.pending.clear()
        for platform in matches(PLATFORMS, texts) or ("",):
            self._add(verb, clause, platform, "")

    def _is_about_the_same(self, clause: Clause) -> bool:
        """Whether a clause only says more of the step before: ``make it for Unity``, ``could you get it ready``."""
        if "@" in clause.text or not self._last("generate", "process"):
            return False
        if self._last("process") and re.search(r"\bready\b|^(?:prepare|process) (?:it|this|that|them)$", clause.text):
            return not first_match(PLATFORMS, clause.text)
        said = arguments_of("process", clause.text, "")
        made = matches(PLATFORMS, clause.text)
        return self._last("generate") and bool(made or said) and len(made) < 2 and set(said) <= {"polygon_tier"}

    # steps

    def _new(self, verb: str, clause: Clause) -> None:
        if verb == "search":
            self.steps.append(Step("search", {"query": query_of(clause)}))
            return
        args = arguments_of("generate", clause.text, self._early()[0])
        prompt = prompt_of(clause)
        if not prompt:
            raise Question("Who is to be made? For example: a tall old man with a grey beard.")
        for platform in matches(PLATFORMS, clause.text) or ("",):
            given = {"prompt": prompt, **args, **({"platform": platform} if platform else {})}
            self.steps.append(Step("generate", given | self._usual("generate", given)))

    def _usual(self, verb: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """The caller's platform and tier, where the goal names none and the handler takes them."""
        taken = {field.name for field in attrs.fields(find_handler(verb).parameters)}
        usual = ((key, self.context.get(key)) for key in ("platform", "polygon_tier") if key in taken)
        return {key: value for key, value in usual if value and key not in args}

    def _early(self) -> tuple[str, tuple[str, ...]]:
        """Texts and refusals of clauses that came before any step and only said how."""
        text = " ".join(c.text for c in self.pending)
        refused = tuple(name for c in self.pending for name in c.refused)
        self.pending.clear()
        return text, refused

    def _add(self, verb: str, clause: Clause, platform: str, named: str) -> None:
        early, refused = self._early()
        clause = attrs.evolve(clause, refused=(*refused, *clause.refused))
        args = arguments_of(verb, clause.text, early)
        platform = platform or first_match(PLATFORMS, early)
        source = named or self._source(verb)
        if platform and verb in ("process", "rig", "audit"):
            args["platform"] = platform
        if verb in ("process", "rig", "audit"):
            self._check_target(clause, args)
        if verb == "repair":
            args = self._repair_without(args, clause)
            last = self.steps[-1] if self.steps else None
            is_same = last is not None and source in (last.args.get("input"), f"${len(self.steps)}")
            if last and is_same and last.handler == "repair" and last.args.get("repairs") and args.get("repairs"):
                both = tuple(dict.fromkeys((*last.args["repairs"], *args["repairs"])))
                self.steps[-1] = attrs.evolve(last, args={**last.args, "repairs": list(both)})
                return
        if verb == "decimate" and not args.keys() & {"target_polycount", "ratio"}:
            raise Question("To how many triangles, or to which share of them?")
        if verb == "convert" and "format" not in args and (wanted := wanted_format(clause.text)):
            args["format"] = wanted
        if verb == "convert" and "format" not in args:
            raise Question("Into which format? Known: glb, gltf, obj, stl, and those of plugins.")
        self.refused_stages += [_STAGE_NAMES[v] for v in clause.refused if v in _STAGE_NAMES]
        if verb == "process" and self.refused_stages:
            args["skip"] = list(dict.fromkeys(self.refused_stages))
        for more in formats_of(clause.text)[1:] if verb in ("convert", "export") else ():
            self.steps.append(Step(verb, {"input": source, "format": args["format"]}))
            args["format"] = more
        self.steps.append(Step(verb, {"input": source, **args, **self._usual(verb, args)}))

    def _repair_without(self, args: dict[str, Any], clause: Clause) -> dict[str, Any]:
        without = [name for name in clause.refused if name not in _STAGE_NAMES]
        named = [name for name in args.get("repairs", ()) if name not in without]
        args = {k: v for k, v in args.items() if k != "repairs"}
        return args | ({"repairs": named} if named else {}) | ({"without": without} if without else {})

    def _source(self, verb: str) -> str:
        if self.steps and verb == "process" and self.steps[-1].handler == "process":
            return str(self.steps[-1].args["input"])  # another platform, from the same source
        made = [n for n, step in enumerate(self.steps, start=1) if find_handler(step.handler).makes_mesh]
        if made:
            return f"${made[-1]}"
        used = self.current or next((s.args["input"] for s in reversed(self.steps) if "input" in s.args), "")
        source = used or (self.references[0] if self.references else "") or str(self.context.get("input", ""))
        if not source:
            raise Question(f"Which file is to be used to {verb}? Name it, for example hero.glb.")
        return source

    def _check_target(self, clause: Clause, args: Mapping[str, Any]) -> None:
        if args.keys() & {"platform", "polygon_tier", "output_profile", "target_polycount"}:
            return
        if is_target(clause.text):
            return
        for match in _TARGET.finditer(clause.text):
            unknown = _FILLERS.sub("", match[1]).strip()
            if unknown and "@" not in unknown:
                known = ", ".join(name for name, _ in PLATFORMS)
                raise Question(f"I do not know the platform {unknown!r}. Known: {known}.")

    # clauses that only add to what was said

    def _last(self, *handlers: str) -> bool:
        return bool(self.steps) and self.steps[-1].handler in handlers

    def _refuse(self, refused: tuple[str, ...]) -> None:
        """Take what is not wanted out of the step before."""
        if not self.steps:
            return
        last = self.steps[-1]
        if last.handler == "process":
            skipped = [_STAGE_NAMES[v] for v in refused if v in _STAGE_NAMES]
            args = {**last.args, "skip": [*last.args.get("skip", ()), *skipped]} if skipped else last.args
        elif last.handler == "repair":
            without = [name for name in refused if name not in _STAGE_NAMES]
            args = {**last.args, "without": [*last.args.get("without", ()), *without]} if without else last.args
        else:
            return
        self.steps[-1] = attrs.evolve(last, args=args)

    def _details(self, clause: Clause, *, is_last: bool) -> None:
        if not clause.text:
            if clause.refused and not self.steps:
                self.pending.append(clause)
            return
        if _SETS.match(clause.text) and not is_target(clause.text):
            named = re.search(r"@(\d+)", clause.text)
            if named or self.context.get("input"):
                self.current = self.references[int(named[1])] if named else ""
                return
        if re.fullmatch(r"@\d+", clause.text):
            self.current = self.references[int(clause.text[1:])]
            return
        if self.steps:
            last = self.steps[-1]
            added = arguments_of(last.handler, clause.text, "")
            platform = first_match(PLATFORMS, clause.text)
            if platform and last.handler in ("process", "rig", "audit", "generate"):
                added["platform"] = platform
            if platform and not added.get("platform") and last.handler in ("repair", "decimate"):
                self._add("process", clause, platform, "")
                return
            if added:
                self.steps[-1] = attrs.evolve(last, args={**last.args, **added})
                return
            if re.match(
                r"(?:please|now|again)\b|.{0,30}\bready$|(?:prepare|process) (?:it|this|that|them)$", clause.text
            ) or _KEPT.match(clause.text):
                return
            if is_aside(clause.text):
                return
            raise Question(f"I did not understand: {clause.raw!r}.")
        if is_target(clause.text) or clause.refused or is_complaint(clause.text) or limits_of(clause.text):
            self.pending.append(clause)
            return
        if is_aside(clause.text) and not is_last:
            return
        raise Question(f"I did not understand: {clause.raw!r}. What is to be done, and with which file?")
