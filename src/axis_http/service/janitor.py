"""What is done now and then: what no worker can end is ended, what has expired is removed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from axis_http.store import accounts, mailed, replies, throttles
from axis_http.store.webhooks import forget_deliveries


if TYPE_CHECKING:
    from axis_http.service.state import Service


__all__ = ["tidy"]

DELIVERY_LOG_S = 30 * 86400.0


def tidy(service: Service) -> None:
    """Make one round: leases, reviews, sessions, tokens, counters, deliveries, jobs, uploads, exports and blobs.

    Raises
    ------
    StoreError, OSError
    """
    moment = time.time()
    service.queue.reap()
    service.gate.expire()
    service.credentials.flush()
    replies.forget(service.db)
    mailed.forget(service.db)
    accounts.forget_sessions(service.db)
    throttles.forget(service.db)
    forget_deliveries(service.db, moment - DELIVERY_LOG_S)
    if service.settings.job_days > 0:
        service.queue.forget(moment - service.settings.job_days * 86400.0)
    service.uploads.sweep()
