"""The command line: one verb, one module."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Sequence

from careline.errors import ContentError, Untrusted
from careline.store.base import StoreError

# verb -> module with HELP, arguments(parser) and run(options); imported only when asked for, so that --help is quick
VERBS = {
    "ask": "careline.maintain.ask",
    "chat": "careline.maintain.chat",
    "serve": "careline.maintain.serve",
    "staff": "careline.maintain.staff",
    "check": "careline.maintain.check",
    "ingest": "careline.maintain.ingest",
    "new": "careline.maintain.new",
    "suggest": "careline.maintain.suggest",
    "review": "careline.maintain.review",
    "tune": "careline.maintain.tune",
    "train": "careline.maintain.train",
    "models": "careline.maintain.models",
    "evaluate": "careline.maintain.evaluate",
    "promote": "careline.maintain.promote",
    "rollback": "careline.maintain.rollback",
}
_HELP = {
    "ask": "answer one message per line, in this process",
    "chat": "talk to it in the terminal",
    "serve": "serve the chat and the staff console over HTTP",
    "staff": "accounts of the staff console, and its log",
    "check": "hold the house rules against all content",
    "ingest": "read a document: sections, conflicts, what no topic covers",
    "new": "start a new answer",
    "suggest": "how people asked for a topic, from the review queue",
    "review": "what went unanswered: sort it into examples, tests, new topics",
    "tune": "teach the encoder to hear alarms (minutes; after many new sentences)",
    "train": "train a model of today's content",
    "models": "list the models, and which one is live",
    "evaluate": "measure how good a model is, alone or against another",
    "promote": "make a model live, if it loses nothing",
    "rollback": "go back to the model before",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns the exit code."""
    _quiet()
    parser = argparse.ArgumentParser(prog="careline", description="Careline, a triage chatbot about metastatic and recurrent breast cancer.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    asked = (list(arguments) if arguments is not None else sys.argv[1:])[:1]
    for verb, module in VERBS.items():
        sub = verbs.add_parser(verb, help=_HELP[verb])
        if asked == [verb]:
            importlib.import_module(module).arguments(sub)
    options = parser.parse_args(arguments)
    try:
        return int(importlib.import_module(VERBS[options.verb]).run(options))
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    except Untrusted as error:
        print(f"careline: {error}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"careline: {error}", file=sys.stderr)
        return 2
    except StoreError as error:
        print(f"careline: the conversation store cannot be used ({error.code}); see that its disk is there and not full, and try again", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0


def _quiet() -> None:
    # Rasa and TensorFlow print pages of warnings about their own pins; what matters to a person must not drown in them.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # or Rasa draws bars; careline.maintain.progress says what a person needs
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    if not os.environ.get("CARELINE_DEBUG"):
        warnings.simplefilter("ignore")
        warnings.showwarning = lambda *_, **__: None  # some of them set filters of their own
        os.environ.setdefault("PYTHONWARNINGS", "ignore")


if __name__ == "__main__":
    sys.exit(main())
