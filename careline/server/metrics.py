"""What the server counts: turns by kind and tier, how long they took, what went wrong. Never a text, never a person."""

from __future__ import annotations

import logging

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from careline.server import logs

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 2.5, 3.0, 5.0)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter("careline_turns", "Turns answered", ["kind", "tier"], registry=self.registry)
        self._seconds = Histogram(
            "careline_turn_seconds", "From request to turn", buckets=_BUCKETS, registry=self.registry
        )
        self._trouble = Counter(
            "careline_trouble", "Things that went wrong, by reason", ["reason"], registry=self.registry
        )
        self._refused = Counter("careline_refused", "Requests refused, by code", ["code"], registry=self.registry)
        self._feedback = Counter("careline_feedback", "Feedback given", ["helpful"], registry=self.registry)
        self._sessions = Counter("careline_sessions", "Sessions issued", registry=self.registry)
        self._model = Gauge("careline_model", "1 for the model that answers", ["model"], registry=self.registry)
        self.unstored = Gauge("careline_unstored_exchanges", "Exchanges waiting for the store", registry=self.registry)
        self.ready = Gauge("careline_ready", "1 when the last canary was answered right", registry=self.registry)

    def turn(self, kind: str, tier: str, seconds: float) -> None:
        """Count a turn and how long it took."""
        self._turns.labels(kind, tier).inc()
        self._seconds.observe(seconds)

    def trouble(self, reason: str) -> None:
        """Count and log something that went wrong."""
        self._trouble.labels(reason).inc()
        logs.event("trouble", logging.WARNING, reason=reason)

    def answering(self, model: str) -> None:
        """Note which model answers from now on."""
        self._model.clear()
        self._model.labels(model).set(1)

    def refused(self, code: str) -> None:
        """Count a refused request."""
        self._refused.labels(code).inc()

    def feedback(self, helpful: bool) -> None:
        """Count a voice."""
        self._feedback.labels("yes" if helpful else "no").inc()

    def session(self) -> None:
        """Count a new session."""
        self._sessions.inc()

    def render(self) -> bytes:
        """The text Prometheus reads."""
        return generate_latest(self.registry)
