"""Findings about avatars: rules, and ways to print them. A bad avatar gives issues, never an exception."""

from axis_core.audit.printing import AUDIT_FORMATS
from axis_core.audit.rules import RULES


__all__ = ["AUDIT_FORMATS", "RULES"]
