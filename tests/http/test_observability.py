"""What an operator sees: lines of JSON with request ids, traces, figures, readiness."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from tests.http.people import Person
from tests.http.running import Running

from axis_http import Settings
from axis_http.service.logs import JsonLines, set_up_logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the service logs, as `axis serve` would with AXIS_LOG_FORMAT=json."""
    logger = logging.getLogger("axis_http")
    before = (logger.handlers, logger.level, logger.propagate)
    set_up_logs(Settings(log_format="json"))
    out = io.StringIO()
    logger.handlers[0].setStream(out)  # type: ignore[attr-defined]
    yield out
    logger.handlers, logger.level, logger.propagate = before[0], before[1], before[2]


def test_each_request_is_one_line_with_its_id_and_without_what_was_sent(
    serve: Callable[..., Running], lines: io.StringIO
) -> None:
    axis = serve(auth="required")
    ann = Person(axis)
    answer = ann.request("GET", "/api/jobs/secret-in-path/events?token=secret-in-query")
    records = [json.loads(line) for line in lines.getvalue().splitlines()]
    mine = [r for r in records if r.get("request_id") == answer.headers["x-request-id"]]
    assert len(mine) == 1
    told = {k: mine[0][k] for k in ("level", "logger", "method", "route", "status", "user_id")}
    assert told == {
        "level": "info",
        "logger": "axis_http.access",
        "method": "GET",
        "route": "/api/jobs/{job_id}/events",
        "status": 404,
        "user_id": ann.user_id,
    }
    assert mine[0]["ms"] >= 0
    assert "secret" not in lines.getvalue()
    assert ann.token not in lines.getvalue()


def test_a_crash_is_logged_with_the_id_that_the_caller_has(
    serve: Callable[..., Running], lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    axis = serve()

    def broken(*_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(axis.app._service.billing, "options", broken)
    answer = axis.request("GET", "/portal/api/billing/options")
    assert answer.status_code == 500
    assert "the inside" not in answer.text
    records = [json.loads(line) for line in lines.getvalue().splitlines()]
    crash = next(r for r in records if r["level"] == "error")
    assert crash["request_id"] == answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "the inside" in crash["exception"]


def test_a_record_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord("axis_http", logging.INFO, "", 0, "two\nlines %s", ("\u2028",), None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines \u2028"


def test_requests_and_jobs_are_spans_below_the_callers_trace(serve: Callable[..., Running]) -> None:
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    export = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    simple = pytest.importorskip("opentelemetry.sdk.trace.export").SimpleSpanProcessor
    trace = pytest.importorskip("opentelemetry.trace")
    if not isinstance(trace.get_tracer_provider(), sdk.TracerProvider):
        trace.set_tracer_provider(sdk.TracerProvider())
    kept = export.InMemorySpanExporter()
    trace.get_tracer_provider().add_span_processor(simple(kept))
    axis = serve(telemetry=True)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = axis.request("GET", "/api/formats", headers={"traceparent": parent})
    axis.request("GET", "/nothing")
    made = axis.request("POST", "/api/rig", content=b"no mesh", headers={"content-type": "model/obj"})
    assert made.status_code == 400
    spans = {s.attributes.get("http.route") or s.name: s for s in kept.get_finished_spans()}
    span = spans["/api/formats"]
    assert span.attributes["axis.request_id"] == answer.headers["x-request-id"]
    assert span.attributes["http.response.status_code"] == 200
    assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert spans["GET"].attributes["http.response.status_code"] == 404
    assert "job rig" in spans


def test_readiness_falls_when_the_server_drains_or_the_database_is_gone(serve: Callable[..., Running]) -> None:
    axis = serve()
    service = axis.app._service
    assert axis.request("GET", "/readyz").status_code == 200
    service.stopping.set()
    drained = axis.request("GET", "/readyz")
    service.stopping.clear()
    assert (drained.status_code, drained.json()["code"]) == (503, "draining")
    assert axis.request("GET", "/health").json()["status"] == "ok"


def test_figures_are_those_of_the_database_in_prometheus_format(serve: Callable[..., Running]) -> None:
    axis = serve(auth="required", operator_key_sha256="")
    ann = Person(axis)
    service = axis.app._service
    service.db.write("UPDATE account SET role = 'admin' WHERE user_id = ?", (ann.user_id,))
    text = ann.request("GET", "/metrics").text
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert samples["axis_ledger_mismatches"] == "0"
    assert samples['axis_tokens_total{type="grant"}'] == "50"
    assert float(samples["axis_uptime_seconds"]) >= 0
    assert samples['axis_requests_total{status="200"}'] == "1"  # the sign-up
    service.db.write("UPDATE account SET balance = balance + 1")
    broken = ann.request("GET", "/metrics").text
    assert "axis_ledger_mismatches 1\n" in broken
