"""What Prometheus is told: questions, how long they took, requests, and the archive's generation."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

KIND = "text/plain; version=0.0.4; charset=utf-8"
# When each series began is of no use, and would be half of the text.
disable_created_metrics()  # type: ignore[no-untyped-call]
_SECONDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60)


class Metrics:
    """The numbers of one server; each has its own.

    Attributes:
        questions: by interface and outcome: answered, not_found, checked, refused, invalid, unreadable or error.
        seconds: from a question's arrival to its answer, waiting included, by interface.
        working: questions in work or waiting.
        requests: by status.
        generation: number of the archive's generation that answers.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.questions = Counter(
            "virgolettato_questions", "Questions and drafts by outcome", ["interface", "outcome"], registry=registry
        )
        self.seconds = Histogram(
            "virgolettato_question_seconds",
            "Seconds until an answer, waiting included",
            ["interface"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.working = Gauge("virgolettato_questions_working", "Questions in work or waiting", registry=registry)
        self.requests = Counter("virgolettato_requests", "HTTP requests by status", ["status"], registry=registry)
        self.generation = Gauge(
            "virgolettato_archive_generation", "Number of the archive's generation", registry=registry
        )

    def text(self) -> bytes:
        """All of them in Prometheus's text form."""
        return generate_latest(self._registry)
