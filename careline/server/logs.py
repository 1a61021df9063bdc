"""Logs of events and codes. Nothing a person typed can get into them: no message, no exception text, no frame locals."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import time
from types import TracebackType
from typing import Any

import structlog

LOGGER = "careline"
_CODE = re.compile(r"[A-Za-z0-9_.:/-]{1,64}\Z")
_EVENT = "careline_event"


def event(name: str, level: int = logging.INFO, **codes: str | int | float | bool) -> None:
    """Log one event of our own, with codes. A value that is not a number or a plain code is replaced by `?`."""
    logging.getLogger(LOGGER).log(level, name, extra={_EVENT: {key: _safe(value) for key, value in codes.items()}})


def install_logging(level: int = logging.INFO, stream: Any = None) -> None:
    """Make every logger of this process, Rasa's and structlog's too, write only events and codes, one JSON object a line.

    Call it before and after loading Rasa: whatever handlers others have set are taken away.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Codes())
    _replace_handlers(handler, level)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a broken log call would print its arguments to stderr
    _replace_structlog()
    _replace_hooks()


class _Codes(logging.Formatter):
    """A record as JSON: of our own events their name and codes, of anybody else's only where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _stamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name[:64],
        }
        codes = getattr(record, _EVENT, None)
        if record.name == LOGGER and isinstance(codes, dict):
            line |= {"event": _safe(record.msg), **codes}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line)


def _stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _safe(value: Any) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    return value if isinstance(value, str) and _CODE.match(value) else "?"


def _replace_handlers(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for logger in list(logging.Logger.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    logging.getLogger(LOGGER).setLevel(level)


def _replace_structlog() -> None:
    # structlog prints whole events by itself; here it only says that something happened, through the handler above.
    structlog.configure(
        processors=[_only_level],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _only_level(_logger: Any, _method: str, _event: Any) -> tuple[tuple[str], dict[str, Any]]:
    return ("",), {}


def _replace_hooks() -> None:
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, None, None)
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, None, None)


def _uncaught(kind: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None) -> None:
    event("uncaught", logging.ERROR, exception=kind.__name__ if kind else "unknown")
