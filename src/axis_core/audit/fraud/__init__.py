"""Signs that an avatar is a copy, a fake or a carrier. Each is an indicator with a score; none is a judgement."""

from axis_core.audit.fraud.indicator import SUSPICIOUS_SCORE, Indicator, verdict_of
from axis_core.audit.fraud.local import local_indicators
from axis_core.audit.fraud.matching import Known, Match, match_traces, matching_indicators
from axis_core.audit.fraud.traces import Traces, traces_of


__all__ = [
    "SUSPICIOUS_SCORE",
    "Indicator",
    "Known",
    "Match",
    "Traces",
    "local_indicators",
    "match_traces",
    "matching_indicators",
    "traces_of",
    "verdict_of",
]
