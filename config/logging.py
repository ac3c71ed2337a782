"""What is logged: one line of JSON for each request and each fault, with ids, never with personal data or what people sent."""

import re
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import EventDict, Processor

_DROPPED = {"user_agent", "ip"}
_SCRUBBED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^DETAIL:.*$", re.MULTILINE), "DETAIL: …"),  # PostgreSQL repeats the values of a refused row
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
    (re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+ ]?\d{4}(?!\d)"), "…"),  # personal and co-ordination numbers
    (re.compile(r"(?<=/)[\w:=.-]{24,}(?=/|\s|$)"), "…"),  # tokens in addresses
)


class RequestLog(RequestMiddleware):
    """django-structlog's line per request, with the route of the page instead of the address with its keys and questions."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        route = request.resolver_match.route if request.resolver_match else "(no such page)"
        return f"{request.method} /{route}"


def without_personal_data(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """The last look at a line: who it was is an id, and what looks like a person or a token is masked."""
    return {name: _masked(value) for name, value in event.items() if name not in _DROPPED}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, instead in _SCRUBBED:
            value = pattern.sub(instead, value)
    return value


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    without_personal_data,
]


def configured(*, for_people: bool) -> dict[str, Any]:
    """Django's LOGGING. for_people: readable lines (development) instead of JSON."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer(ensure_ascii=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django_structlog": {"level": "INFO"},
            "django.request": {"level": "CRITICAL"},  # says again, with the address, what RequestLog has said
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            **{room: {"level": "INFO"} for room in ("grants", "culture", "facilities", "associations", "accounts", "records")},
        },
    }
