"""`careline review`: what went unanswered, cluster by cluster, sorted with the keyboard."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from careline import contents, paths
from careline.maintain import reviewing, waiting
from careline.maintain.edits import Refused
from careline.maintain.meaning import Topics
from careline.maintain.reviewing import Cluster

HELP = "what went unanswered: sort it into examples, tests, new topics"
_KEYS = "e example · t held-out question · n new topic · d dismiss · Enter next · q quit"
_SHOWN = 8


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--list", action="store_true", help="only print the clusters")


def run(options: argparse.Namespace) -> int:
    """Go through the queue; returns the exit code."""
    topics = Topics(contents.read(paths.home()).catalog)
    found = reviewing.clusters(waiting.rows(), topics)
    if not found:
        print("nothing waits for review")
    for number, cluster in enumerate(found, 1):
        print("\n".join(shown(cluster, f"{number}/{len(found)}")))
        if not options.list and not _decide(cluster, topics):
            break  # what is left waits until the next time
    return 0


def shown(cluster: Cluster, number: str) -> list[str]:
    """A cluster as lines for a terminal."""
    nearest = ", ".join(f"{index} {near.topic} {near.similarity:.2f}" for index, near in enumerate(cluster.nearest, 1))
    texts = [
        f"    {row.text}  ({reviewing.reason(row)}{': ' + row.why if row.why else ''})" for row in cluster.rows[:_SHOWN]
    ]
    more = [f"    … and {len(cluster.rows) - _SHOWN} more"] if len(cluster.rows) > _SHOWN else []
    return ["", f"[{number}] {len(cluster.rows)} messages: {cluster.reasons()}", *texts, *more, f"  nearest: {nearest}"]


def _decide(cluster: Cluster, topics: Topics) -> bool:
    """Ask until the person goes on; False where they quit. What was used or dismissed leaves the queue."""
    used, key = False, "?"
    while key not in ("", "d", "q"):
        try:
            key = _ask(f"  {_KEYS} > ").lower()
            used = (key in _ACTIONS and _act(key, cluster, topics)) or used
        except EOFError:
            key = "q"
    if used or key == "d":
        waiting.settle(cluster.ids)
    return key != "q"


def _act(key: str, cluster: Cluster, topics: Topics) -> bool:
    """One edit; whether it was made."""
    topic = _topic(cluster, key)
    phrase = _ask("  in your own words (Enter: back) > ") if topic else ""
    if not phrase:
        return False
    try:
        print(f"  {_ACTIONS[key](topics, topic, phrase, [row.text for row in cluster.rows])}")
    except Refused as error:
        print(f"  not done: {error}")
        return False
    return True


def _topic(cluster: Cluster, key: str) -> str:
    if key == "n":
        return _ask("  id of the new topic (Enter: back) > ")
    said = _ask(f"  topic, by number or id (Enter: {cluster.nearest[0].topic}) > ") or "1"
    return cluster.nearest[int(said) - 1].topic if said.isdigit() and 0 < int(said) <= len(cluster.nearest) else said


def _example(topics: Topics, topic: str, phrase: str, messages: Sequence[str]) -> str:
    return f"{reviewing.add_example(contents.read(paths.home()), topic, phrase, messages)}: an example more; train before it has an effect"


def _question(topics: Topics, topic: str, phrase: str, messages: Sequence[str]) -> str:
    return f"{reviewing.add_question(contents.read(paths.home()), topic, phrase, messages)}: a held-out question more"


def _new_topic(topics: Topics, topic: str, phrase: str, messages: Sequence[str]) -> str:
    return f"{reviewing.add_topic(contents.read(paths.home()), topics, topic, phrase, messages)}: a draft; write it"


_ACTIONS: dict[str, Callable[[Topics, str, str, Sequence[str]], str]] = {"e": _example, "t": _question, "n": _new_topic}


def _ask(question: str) -> str:
    return input(question).strip()
