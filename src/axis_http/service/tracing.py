"""Traces of requests and jobs by OpenTelemetry (extra ``otel``), where the operator has asked for them.

Where nobody has set a tracer provider before, spans go by OTLP to where the standard ``OTEL_`` variables say.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from axis_core.errors import BackendUnavailable
from axis_core.version import VERSION
from axis_http.settings import Settings


__all__ = ["Tracing", "tracing_of"]


class Tracing:
    """Spans that go nowhere."""

    is_on = False

    def span(
        self, name: str, attributes: Mapping[str, Any], carrier: Mapping[str, str] | None = None
    ) -> AbstractContextManager[dict[str, Any]]:
        """Return a context that is one span; what is put into its value are further attributes.

        Parameters
        ----------
        carrier : mapping, optional
            Headers (``traceparent``) of who has asked for it.
        """
        del name, attributes, carrier
        return nullcontext({})


class _Telemetry(Tracing):
    """Spans by OpenTelemetry."""

    is_on = True

    def __init__(self) -> None:
        try:
            self._trace = importlib.import_module("opentelemetry.trace")
            self._propagate = importlib.import_module("opentelemetry.propagate")
            sdk = importlib.import_module("opentelemetry.sdk.trace")
        except ImportError as exc:
            raise BackendUnavailable(
                f"AXIS_TELEMETRY needs {exc.name}", hint="pip install 'axis-avatars[otel]'"
            ) from exc
        if not isinstance(self._trace.get_tracer_provider(), sdk.TracerProvider):
            self._trace.set_tracer_provider(_provider(sdk))
        self._tracer = self._trace.get_tracer("axis_http", VERSION)

    @contextmanager
    def _spanned(self, name: str, attributes: Mapping[str, Any], carrier: Mapping[str, str] | None) -> Iterator[Any]:
        parent = self._propagate.extract(carrier) if carrier else None
        with self._tracer.start_as_current_span(name, context=parent, attributes=dict(attributes)) as span:
            further: dict[str, Any] = {}
            try:
                yield further
            finally:
                span.set_attributes(further)

    def span(
        self, name: str, attributes: Mapping[str, Any], carrier: Mapping[str, str] | None = None
    ) -> AbstractContextManager[dict[str, Any]]:
        """Return a context that is one span."""
        return self._spanned(name, attributes, carrier)


def _provider(sdk: Any) -> Any:
    """Return a provider that sends spans by OTLP over HTTP."""
    try:
        export = importlib.import_module("opentelemetry.sdk.trace.export")
        otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        resources = importlib.import_module("opentelemetry.sdk.resources")
    except ImportError as exc:
        raise BackendUnavailable(f"AXIS_TELEMETRY needs {exc.name}", hint="pip install 'axis-avatars[otel]'") from exc
    provider = sdk.TracerProvider(resource=resources.Resource.create({"service.name": "axis"}))
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    return provider


def tracing_of(settings: Settings) -> Tracing:
    """Return the tracing that the settings ask for.

    Raises
    ------
    BackendUnavailable
        If it is asked for and not installed.
    """
    return _Telemetry() if settings.telemetry else Tracing()
