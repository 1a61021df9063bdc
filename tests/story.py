"""The story of a new document, up to the point where a model is trained: ingested, an answer started, written, checked.

The rest of it (train, evaluate, promote, roll back) takes the project from here: `with_new_answer`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from careline import paths
from tests.copies import Project, copy_of_project

SOURCE = "arm_lymphedema_2026"
TOPIC = "what_is_lymphedema"
FILE = f"data/answers/basics/{TOPIC}.yml"
QUESTIONS = "tests/questions/basics.yml"
# Asked of the model before and after: nobody's example, and no held-out question either.
NEW_QUESTION = "could you explain the word lymphedema to me"
LEAFLET = paths.home() / "tests" / "documents" / "arm_lymphedema.html"

TITLE = "What lymphedema is"
TEXT = (
    "Lymph is a clear fluid that drains from the body through small vessels and nodes. When nodes in the armpit were removed or treated with rays, "
    "the fluid may gather in the arm or hand. This lasting swelling is called lymphedema. It can begin months or years later, and new swelling "
    "should always be looked at."
)
SIMPLE = (
    "Lymphedema is swelling that stays. Fluid gathers because it cannot drain well. Let a doctor look at new swelling."
)
EXAMPLES = """
what is lymphedema
what does lymphedema mean
lymphedema meaning
lymphedema explained
define lymphedema
wats lymphedema
what exactly is lymphodema
explain lymphoedema in simple words
why do people get lymphedema
what causes lymphedema after breast cancer
why does taking out nodes lead to lymphedema
how does radiation cause lymphedema
can lymphedema start years after the operation
when does lymphedema begin
is lymphedema a sign the cancer is back
does lymphedema mean that it has spread
My sister says she has lymphedema, what is that?
a nurse said the word lymphedema and I didn't dare ask what it is
my mother was told about lymphedema, how would you explain it
What is meant by lymphedema, if I may ask?
the leaflet says lymphedema, what is it
how do doctors define lymphedema
lymphedema, what kind of illness is it
I'd like to understand what lymphedema is and where it comes from, nobody has told me more than the name
tell me about lymphedema, why it happens
""".strip().splitlines()
HELD_OUT = """
whats this lymphedema thing people mention
can you say what lymphedema is in plain words
how come lymph fluid collects after the armpit nodes are gone
Lymphedema was in my discharge letter. What is it?
is lymphedema the cancer returning or something else
""".strip().splitlines()


def with_new_answer(folder: Path) -> Project:
    """A copy of the project in which a sixth document was ingested and an answer from it written; `careline check` finds nothing.

    Its models folder is its own; the embeddings of the examples are taken along where they are known.
    """
    project = copy_of_project(folder)
    project.models.mkdir()
    known = paths.models() / ".embeddings.npz"
    if known.exists():
        shutil.copy(known, project.models)
    ingest(project)
    start(project)
    write(project)
    project.run("check")
    return project


def ingest(project: Project) -> str:
    """Take the document in and put it into the manifest; the report."""
    return project.run(
        "ingest", str(LEAFLET), "--id", SOURCE, "--publisher", "Riverside Patient Library", "--year", "2026", "--write"
    )


def start(project: Project) -> str:
    """Start the answer; what the command says to do next."""
    return project.run(
        "new",
        "answer",
        TOPIC,
        "--from",
        f"{SOURCE}#What is lymphedema?",
        "--theme",
        "basics",
        "--documents",
        str(LEAFLET.parent),
    )


def write(project: Project) -> None:
    """Write it, as a person does: in every place that says TODO."""
    project.change(FILE, _todo(project, FILE, "    - "), "\n".join(f"    - {example}" for example in EXAMPLES))
    project.change(FILE, _todo(project, FILE, "      TODO two"), f"      {TEXT}")
    project.change(FILE, _todo(project, FILE, "      title: "), f"      title: {TITLE}")
    project.change(FILE, _todo(project, FILE, "        TODO the same"), f"        {SIMPLE}")
    project.change(
        QUESTIONS, _todo(project, QUESTIONS, "    - "), "\n".join(f"    - {question}" for question in HELD_OUT)
    )


def _todo(project: Project, name: str, start: str) -> str:
    """The line that is still to be written."""
    return next(line for line in project.read(name).splitlines() if line.startswith(start) and "TODO" in line)
