"""Signs that an avatar is a copy, a fake or a carrier. Each is an indicator with a score; none is a judgement."""

from axis_core.audit.fraud.indicator import SUSPICIOUS_SCORE, Indicator, score_of, verdict_of
from axis_core.audit.fraud.local import local_indicators
from axis_core.audit.fraud.matching import Known, KnownIndex, Match, match_traces, matching_indicators
from axis_core.audit.fraud.traces import ImageTrace, Traces, traces_of


__all__ = [
    "SUSPICIOUS_SCORE",
    "ImageTrace",
    "Indicator",
    "Known",
    "KnownIndex",
    "Match",
    "Traces",
    "local_indicators",
    "match_traces",
    "matching_indicators",
    "score_of",
    "traces_of",
    "verdict_of",
]
