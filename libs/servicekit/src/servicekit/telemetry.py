"""Logs, metrics and traces. Ids, codes and numbers only: no personal data goes through here."""

import logging
import sys
from dataclasses import dataclass
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract, inject
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, ProxyTracerProvider, Tracer
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()


@dataclass(frozen=True, slots=True)
class Metric:
    """A declared metric: what the documentation and the alerts refer to."""

    name: str
    kind: str
    meaning: str
    labels: tuple[str, ...]


METRICS: list[Metric] = []
"""Every metric of the process, with its meaning."""


def counter(name: str, meaning: str, *labels: str) -> Counter:
    """Declare a number that only grows."""
    METRICS.append(Metric(name, "counter", meaning, labels))
    return Counter(name, meaning, labels, registry=REGISTRY)


def gauge(name: str, meaning: str, *labels: str) -> Gauge:
    """Declare a number that goes up and down."""
    METRICS.append(Metric(name, "gauge", meaning, labels))
    return Gauge(name, meaning, labels, registry=REGISTRY)


def histogram(name: str, meaning: str, *labels: str) -> Histogram:
    """Declare a distribution, in seconds."""
    METRICS.append(Metric(name, "histogram", meaning, labels))
    buckets = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
    return Histogram(name, meaning, labels, registry=REGISTRY, buckets=buckets)


RELAY_UNSENT = gauge("songjiao_relay_unsent", "Facts committed and not yet acknowledged by Kafka.")
RELAY_LAG = gauge("songjiao_relay_lag_seconds", "Age of the oldest unsent fact; over 5 s: Kafka is away.")
RELAY_SENT = counter("songjiao_relay_sent_total", "Facts sent and acknowledged, repeats included.")
LAG = gauge("songjiao_consumer_lag", "Facts on the topics not yet taken by the consumer.", "consumer")
FACTS = counter(
    "songjiao_consumer_facts_total",
    "Facts taken: applied, duplicate (seen before), passed_over (no reaction here), parked.",
    "consumer",
    "outcome",
)
CHUNK_SECONDS = histogram("songjiao_consumer_chunk_seconds", "Time for one chunk of facts.", "consumer")
RETRIES = counter(
    "songjiao_consumer_retries_total", "Chunks taken again after a passing failure.", "consumer"
)
PARKED = gauge("songjiao_parked", "Facts that wait for a person, or behind one that does.", "consumer")
PAUSED = gauge(
    "songjiao_consumer_paused", "1 while the consumer waits for a person to resume it.", "consumer"
)
DEADLINES_LATE = gauge("songjiao_deadlines_late", "Deadlines that are due and have not fired.")
JOBS_WAITING = gauge("songjiao_jobs_waiting", "Jobs asked for and not yet done, failing ones included.")
JOBS_FAILING = gauge("songjiao_jobs_failing", "Deadlines and jobs that failed at least once and try again.")
KEY_LEFT = gauge(
    "songjiao_token_key_seconds_left", "To the end of the key that this service signs tokens with.", "key"
)
REFUSALS = counter("songjiao_refusals_total", "Requests refused, by the rule that said no.", "code")
HTTP_SECONDS = histogram(
    "songjiao_http_seconds", "Time to answer a request, by route and status.", "route", "status"
)
HTTP_RETRIES = counter("songjiao_http_retries_total", "Commands done again after a passing failure.")


def set_up_logging(service: str, *, level: str, form: str) -> None:
    """One line per event, JSON or for eyes; the libraries' own logs take the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    renderer = (
        structlog.processors.JSONRenderer(default=str)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "uvicorn.error", "alembic", "faststream"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    # a lost broker is told by our own lag, not by the client's hundred lines a second
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.contextvars.bind_contextvars(service=service)


def set_up_traces(service: str, endpoint: str) -> None:
    """Send spans to a collector; without one, traces are only passed on from request to fact to fact."""
    if not endpoint:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


_tracer = trace.get_tracer("servicekit")


def tracer() -> Tracer:
    """The tracer of the process; it takes up a collector that is set later."""
    return _tracer


def collected() -> bool:
    """Whether somebody collects the spans of this process; else one is made only to pass a sender's trace on."""
    return not isinstance(trace.get_tracer_provider(), ProxyTracerProvider)


def current_traceparent() -> str | None:
    """The trace this work belongs to, as W3C `traceparent`, when somebody records it."""
    if not trace.get_current_span().get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent")


def link_to(traceparent: str | None) -> list[Link]:
    """A link from an effect to what caused it."""
    if not traceparent:
        return []
    context = trace.get_current_span(extract({"traceparent": traceparent})).get_span_context()
    return [Link(context)] if context.is_valid else []
