"""Log records as lines of JSON, each with the id of the request that it belongs to."""

from __future__ import annotations

import contextvars
import json
import logging
import sys
import time
from typing import Any

from axis_http.settings import Settings


__all__ = ["ACCESS_LOG", "REQUEST_ID", "JsonLines", "set_up_logs"]

REQUEST_ID: contextvars.ContextVar[str] = contextvars.ContextVar("axis_request_id", default="")
"""The request that is answered here; threads that work for it see it, too."""

ACCESS_LOG = logging.getLogger("axis_http.access")
"""A record for each request: route, status, time, who; neither its query nor its body."""

FIELDS = "fields"
"""Attribute of a record that holds further fields."""


class JsonLines(logging.Formatter):
    """One JSON object a record: ``time, level, logger, message``, ``request_id`` and further fields where there are."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        out: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        request_id = REQUEST_ID.get()
        out |= {"request_id": request_id} if request_id else {}
        out |= getattr(record, FIELDS, {})
        if record.exc_info:
            out["exception"] = self.formatException(record.exc_info)
        return json.dumps(out, default=str, ensure_ascii=False)


def set_up_logs(settings: Settings) -> None:
    """Send this service's records to standard error as the settings say; for the command, not for an embedded app."""
    handler = logging.StreamHandler(sys.stderr)
    logger = logging.getLogger("axis_http")
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
        logger.setLevel(logging.INFO)
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger.handlers = [handler]
    logger.propagate = False
