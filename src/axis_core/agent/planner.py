"""From a goal in plain words to a plan of handlers, by rules: no language model, nothing is guessed.

What is missing is asked for; what no handler does is said. See ``tests/agent/goals.py`` for what it must get right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from axis_core.agent.arguments import arguments_of, prompt_of, query_of
from axis_core.agent.clauses import Clause, Goal, read_goal
from axis_core.agent.handlers import find_handler
from axis_core.agent.lexicon import (
    BODY_NOUNS,
    CATALOGUE,
    OUTPUT_PROFILES,
    PLATFORMS,
    STAGES_OF_VERBS,
    TIERS,
    UNSUPPORTED,
    first_match,
    matches,
)


__all__ = ["Plan", "Step", "plan_goal"]

_FILLERS = re.compile(
    r"\b(?:game|games|my|the|a|an|me|us|our|free|example|now|good|it|this|use|printing|print|avatars?)\b"
)
_SETS = re.compile(
    r"(?:take|load|open|import|here(?:'s| is| are)|i(?: have|'ve)(?: got)?|there(?:'s| is)|given|using|with|from"
    r"|start(?:ing)? (?:with|from))\b"
)
_KEPT = re.compile(
    r"(?:keep|preserve|leave|retain)\b.*\b(?:uvs?|textures?|materials?|weights|morphs?|colou?rs?|details?|names?)\b"
)
_MAKES = re.compile(
    r"(?:make|turn|get|give|put|use|build|want|i(?:'d| would)? (?:want|need|like)|let(?:'s)? (?:make|have))\b"
)
_AVATAR = re.compile(r"\b(?:avatars?|characters?|version|model)\b|^@\d+ (?:to|for|in)\b")
_PHOTO = re.compile(r"\b(?:photos?|selfies?|photographs?|portraits?|@\d+ photo)\b")
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


class _Question(Exception):
    """Something is missing: the text asks for it."""


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
    except _Question as question:
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

    def take(self, clause: Clause, *, is_last: bool) -> None:
        """Add the step of a clause, or what the clause says to the step before it."""
        verb = self._verb(clause)
        self.trace.append(f"{clause.raw!r}: {verb or 'no verb of ours'}")
        if clause.refused and (not verb or self.steps):
            self._refuse(clause.refused)
        if not verb:
            self._details(clause, is_last=is_last)
            return
        if verb in ("generate", "search"):
            self._new(verb, clause)
            return
        named = re.findall(r"@(\d+)", clause.text) or [""]
        for number in named:
            for platform in matches(PLATFORMS, clause.text) or ("",):
                self._add(verb, clause, platform, self.references[int(number)] if number else "")

    def finish(self) -> None:
        """Check that there is something to do.

        Raises
        ------
        _Question
        """
        if self.pending:
            raise _Question(f"I did not understand: {self.pending[0].raw!r}. What is to be done, and with which file?")
        if not self.steps:
            raise _Question("What is to be done? For example: rig hero.glb for Unity.")

    # what a clause asks for

    def _verb(self, clause: Clause) -> str:
        text, verb = clause.text, clause.verb
        if UNSUPPORTED.match(text) and verb != "repair":
            raise _Question(f"Nothing here can do that: {clause.raw!r}. See `axis search` for what can be done.")
        names_mesh = bool(re.search(r"@\d|\b(?:this|it|that|my (?:mesh|scan|model|file))\b", text))
        if _PHOTO.search(text) and verb in ("", "process", "generate", "rig"):
            raise _Question("Photos cannot be read in this version: give a mesh, or say in words who it is.")
        if re.match(r"(?:what can you do|help)\b", text):
            return "search"
        if verb == "preview" and CATALOGUE.search(text) and not names_mesh:
            return "search"
        if re.match(r"(?:give|write|print|save|send) (?:me )?(?:the |a )?(?:report|findings|results?)\b", text):
            return "" if self._last("audit") else "audit"
        if verb == "export" and not self.steps and first_match(PLATFORMS, text):
            return "process"
        if verb == "convert" and first_match(PLATFORMS, text):
            return "process"
        if verb == "generate" and names_mesh and not BODY_NOUNS.search(text.split("@")[0]):
            return "process"
        return verb or self._verb_of_nothing(text) or self._verb_of_make(text, names_mesh=names_mesh)

    def _verb_of_nothing(self, text: str) -> str:
        """What a question or a noun phrase without a verb of ours asks for."""
        if re.match(r"how (?:many|big|tall|large|heavy)\b", text):
            return "audit"
        if re.search(r"\b(?:smaller|lighter|low[- ]?poly)\b", text) and re.search(r"@\d|\b(?:it|this|that)\b", text):
            return "decimate"
        if re.search(r"\b(?:versions?|builds?)\b", text) and matches(PLATFORMS, text):
            return "process"
        return ""

    def _verb_of_make(self, text: str, *, names_mesh: bool) -> str:
        makes = _MAKES.match(text)
        is_person = bool(BODY_NOUNS.search(text))
        if makes and names_mesh:
            return "process" if self._is_target(text) or re.search(r"\b(?:avatars?|characters?|ready)\b", text) else ""
        if makes:
            return "generate" if is_person else ""
        if re.match(r"(?:an? |two |three )?(?:[\w-]+ ){0,6}", text) and is_person and not names_mesh:
            return "" if self.steps else "generate" if re.match(r"(?:an?|the|one|some) ", text) else ""
        if names_mesh and self._is_target(text) and not self.steps and re.match(r"(?:an? )?(?:[\w-]+ ){0,4}", text):
            return "process" if _AVATAR.search(text) else ""
        return ""

    @staticmethod
    def _is_target(text: str) -> bool:
        return bool(first_match(PLATFORMS, text) or first_match(TIERS, text) or first_match(OUTPUT_PROFILES, text))

    # steps

    def _new(self, verb: str, clause: Clause) -> None:
        if verb == "search":
            self.steps.append(Step("search", {"query": query_of(clause)}))
            return
        args = arguments_of("generate", clause.text, self._early()[0])
        for platform in matches(PLATFORMS, clause.text) or ("",):
            given = {"prompt": prompt_of(clause), **args, **({"platform": platform} if platform else {})}
            self.steps.append(Step("generate", given))

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
            if last and last.handler == "repair" and last.args.get("repairs") and args.get("repairs"):
                both = tuple(dict.fromkeys((*last.args["repairs"], *args["repairs"])))
                self.steps[-1] = attrs.evolve(last, args={**last.args, "repairs": list(both)})
                return
        if verb == "decimate" and not args.keys() & {"target_polycount", "ratio"}:
            raise _Question("To how many triangles, or to which share of them?")
        if verb == "convert" and "format" not in args:
            raise _Question("Into which format? Known: glb, gltf, obj, stl, and those of plugins.")
        if verb == "process" and clause.refused:
            skipped = [STAGES_OF_VERBS[v] for v in clause.refused if v in STAGES_OF_VERBS]
            args |= {"skip": skipped} if skipped else {}
        self.steps.append(Step(verb, {"input": source, **args}))

    def _repair_without(self, args: dict[str, Any], clause: Clause) -> dict[str, Any]:
        without = [name for name in clause.refused if name not in STAGES_OF_VERBS]
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
            raise _Question(f"Which file is to be used to {verb}? Name it, for example hero.glb.")
        return source

    def _check_target(self, clause: Clause, args: Mapping[str, Any]) -> None:
        if args.keys() & {"platform", "polygon_tier", "output_profile", "target_polycount"}:
            return
        if self._is_target(clause.text):
            return
        for match in _TARGET.finditer(clause.text):
            unknown = _FILLERS.sub("", match[1]).strip()
            if unknown and "@" not in unknown:
                known = ", ".join(name for name, _ in PLATFORMS)
                raise _Question(f"I do not know the platform {unknown!r}. Known: {known}.")

    # clauses that only add to what was said

    def _last(self, *handlers: str) -> bool:
        return bool(self.steps) and self.steps[-1].handler in handlers

    def _refuse(self, refused: tuple[str, ...]) -> None:
        """Take what is not wanted out of the step before."""
        if not self.steps:
            return
        last = self.steps[-1]
        if last.handler == "process":
            skipped = [STAGES_OF_VERBS[v] for v in refused if v in STAGES_OF_VERBS]
            args = {**last.args, "skip": [*last.args.get("skip", ()), *skipped]} if skipped else last.args
        elif last.handler == "repair":
            without = [name for name in refused if name not in STAGES_OF_VERBS]
            args = {**last.args, "without": [*last.args.get("without", ()), *without]} if without else last.args
        else:
            return
        self.steps[-1] = attrs.evolve(last, args=args)

    def _details(self, clause: Clause, *, is_last: bool) -> None:
        if not clause.text:
            if clause.refused and not self.steps and not is_last:
                self.pending.append(clause)
            return
        if _SETS.match(clause.text) and not self._is_target(clause.text):
            named = re.search(r"@(\d+)", clause.text)
            if named or self.context.get("input"):
                self.current = self.references[int(named[1])] if named else ""
                return
        if self.steps:
            last = self.steps[-1]
            added = arguments_of(last.handler, clause.text, "")
            platform = first_match(PLATFORMS, clause.text)
            if platform and last.handler in ("process", "rig", "audit", "generate"):
                added["platform"] = platform
            if added:
                self.steps[-1] = attrs.evolve(last, args={**last.args, **added})
                return
            if re.match(r"(?:please|thanks|thank you|now|again|ok)\b", clause.text) or _KEPT.match(clause.text):
                return
            raise _Question(f"I did not understand: {clause.raw!r}.")
        if self._is_target(clause.text) or clause.refused:
            self.pending.append(clause)
            return
        raise _Question(f"I did not understand: {clause.raw!r}. What is to be done, and with which file?")
