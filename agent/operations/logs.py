"""The log of ``heedful serve``: for people, or one JSON object a line for programs.

What a server says of itself (``listening on``) goes to stdout, everything else to stderr. An
object has ``time`` (UTC), ``level``, ``event``, ``world``, ``npc``, ``message`` and ``logger``,
null where there is none (lines of libraries have no event), ``peer`` of a player, and ``error``
where something went wrong.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

FORMATS = ("text", "json")

server_log = logging.getLogger("heedful")
"""What the server says of itself."""


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": _field(record, "event"),
            "world": _field(record, "world"),
            "npc": _field(record, "npc"),
            "message": record.getMessage(),
            "logger": record.name,
        }
        peer = _field(record, "peer")
        if peer is not None:
            told["peer"] = peer
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class _SteadyHandler(logging.StreamHandler):
    """A server goes on when nobody reads what it says."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing can be done about it."""


def set_up_logs(form: str = "text") -> None:
    """Let all logs of this process be written in one of ``FORMATS``."""
    errors, said = _SteadyHandler(sys.stderr), _SteadyHandler(sys.stdout)
    if form == "json":
        sys.excepthook = _log_mistake
        errors.setFormatter(JsonFormatter())
        said.setFormatter(JsonFormatter())
    else:
        errors.setFormatter(logging.Formatter("heedful: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[errors])
    logging.captureWarnings(form == "json")
    server_log.handlers = [said]
    server_log.propagate = False
    server_log.setLevel(logging.INFO)


def complain(sentence: str) -> None:
    """Tell why the program ends, in the form that was set up."""
    if _is_json():
        logging.getLogger("agent.cli").error("%s", sentence, extra={"event": "failed"})
    else:
        print(f"heedful: {sentence}", file=sys.stderr)


def say(event: str, sentence: str) -> None:
    """Tell what the server does itself."""
    server_log.info("%s", sentence, extra={"event": event})


def _is_json() -> bool:
    handlers = logging.getLogger().handlers
    return any(isinstance(handler.formatter, JsonFormatter) for handler in handlers)


def _log_mistake(kind: type[BaseException], error: BaseException, where: object) -> None:
    """A mistake that ends the program is one line too."""
    sentence = "this is a mistake of the server, please report it"
    logging.getLogger("agent.cli").error(sentence, exc_info=error, extra={"event": "failed"})


def _field(record: logging.LogRecord, name: str) -> str | None:
    """What a record carries beside its sentence, None for nothing."""
    return getattr(record, name, None) or None
