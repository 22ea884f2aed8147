"""Words to parameters: a sentence in, a recipe out, with what each word gave and what no one understood."""

from axis_core.body.words.answer import read_answer, recipe_from_model, recipe_schema
from axis_core.body.words.prompt import MAX_PROMPT, Parsed, parse_prompt
from axis_core.body.words.wishes import Match


__all__ = ["MAX_PROMPT", "Match", "Parsed", "parse_prompt", "read_answer", "recipe_from_model", "recipe_schema"]
