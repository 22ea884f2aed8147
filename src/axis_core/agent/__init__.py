"""Plain words to runs: the table of verbs, the planner, search."""

from axis_core.agent.handlers import HANDLERS, Handler, find_handler
from axis_core.agent.planner import Plan, Step, plan_goal


__all__ = ["HANDLERS", "Handler", "Plan", "Step", "find_handler", "plan_goal"]
