"""One JSON line an event, with the request's or job's id; tracebacks as plain text, without anybody's data in them."""

import re
from typing import Any

import structlog

# Whoever reads a log may not sign in with it, nor learn whom somebody looked for.
SECRETS = (
    (re.compile(r"(/password/reset/key/)[^/\s\"']+"), r"\1-"),
    (re.compile(r"(/forms/confirm/)[^/\s\"']+"), r"\1-"),
    (re.compile(r"(/shared/[\w-]+/)[^/\s\"']+"), r"\1-"),
    (re.compile(r"(\b(?:GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE) [^\s?]+)\?\S*"), r"\1"),
)
# A person's address is personal; the id of who is signed in is enough to follow what happened.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False


def hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take the keys of invitations and new passwords, and what addresses ask for, out of every line."""
    return {name: shown(value) if isinstance(value, str) else value for name, value in event.items()}


def shown(text: str) -> str:
    """Return a text as it may stand in a log."""
    for secret, kept in SECRETS:
        text = secret.sub(kept, text)
    return text


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    hide_secrets,
]

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Its own handlers would print every line twice.
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        # It tells of every table it drops while the typeface is built.
        "fontTools": {"level": "WARNING"},
    },
}
