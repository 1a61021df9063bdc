"""`careline train`: a model of today's content. It goes live by `careline promote`; only the very first does so at once."""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

import careline
from careline import content_rules, contents, cores, digests, live, models, paths
from careline.errors import ContentError, Untrusted
from careline.maintain import progress
from careline.maintain.quiet import hush
from careline.models import ARCHIVE, PROJECT, Model, Opened

_SAMPLED = 4  # every so many held-out questions is asked at the end of a training
BUILT_WITH = ("rasa", "spacy", "scikit-learn", "onnx", "onnxruntime", "tokenizers", "numpy")


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the one in C is ten times as fast
    """Writes lists of examples as blocks, which Rasa reads faster than quotes."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--if-needed", action="store_true", help="say nothing but the model's id where there is one of this content")
    parser.add_argument("--force", action="store_true", help="train even when there is one")
    parser.add_argument("--live", action="store_true", help="make it live without the tests of careline promote (for your own machine)")


def run(options: argparse.Namespace) -> int:
    """Train; prints the model's id. Returns the exit code."""
    now = live.read()
    model, new = train(options.force)
    is_live = now is not None and now.model == model.id
    if not is_live and (options.live or now is None):
        live.switch(model.id)
        is_live = True
    if not options.if_needed:
        progress.say(_advice(model, new, is_live))
    print(model.id)
    return 0


def train(force: bool = False) -> tuple[Model, bool]:
    """The model of today's content, and whether it had to be made.

    Where only words of answers changed, the trained pipeline of an earlier model is taken over: it cannot know the difference.

    Raises:
        ContentError: the content breaks a house rule; nothing is trained.
    """
    known = _trusted(f"careline-{digests.of_model()}")
    if known and not force:
        return known, False
    _check(paths.home())
    with _folder() as folder:
        _copy_content(folder / PROJECT)
        model_id = f"careline-{digests.of_model(folder / PROJECT)}"
        about = _taken_over(folder) if not force else None
        return models.keep(folder, model_id, about or _trained(folder)), True


def _advice(model: Model, new: bool, is_live: bool) -> str:
    made = "Ready." if new else "There is a model of this content already; nothing to train."
    if is_live:
        return f"{made} It is live."
    return f"{made} What people get has not changed. Next: careline evaluate {model.id} --against live, then careline promote {model.id}"


def _check(root: Path) -> None:
    """The house rules first: a training of content that must not go live is a waste, and its model a danger."""
    with progress.step("Checking the content"):
        found = content_rules.problems(contents.read(root))
    if found:
        raise ContentError(list(found))


def _trusted(model_id: str) -> Model | None:
    """A model of that id that is what was signed; one that is not is told about and made anew."""
    model = Model(paths.models() / model_id)
    if not (model.folder / models.MANIFEST).exists():
        return None
    try:
        model.check()
    except Untrusted as error:
        progress.say(f"careline: {error}")
        return None
    return model


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Where a model is put together; nobody sees half of one."""
    paths.models().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=paths.models()) as folder:
        inner = Path(folder) / "model"
        inner.mkdir()
        yield inner


def _copy_content(project: Path) -> None:
    for path in digests.content_files(paths.home()):
        target = project / path.relative_to(paths.home())
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _taken_over(folder: Path) -> dict[str, Any] | None:
    """The pipeline of a model that learned the same, with what is known of it; None where there is none to be trusted."""
    learned = digests.of_training(folder / PROJECT)
    for model in models.every():
        with contextlib.suppress(Untrusted):
            if model.manifest.get("learned") == learned:
                opened = model.opened()
                shutil.copyfile(opened.archive, folder / ARCHIVE)
                progress.say(f"Only words changed: the trained pipeline of {model.id} is taken over.")
                kept = {name: model.manifest[name] for name in ("versions", "python", "code", "training", "metrics")}
                return {"learned": learned, "made": _now(), "taken_over_from": model.id, **kept}
    return None


def _trained(folder: Path) -> dict[str, Any]:
    """Train on the content in a folder, and measure what came of it."""
    project, started = folder / PROJECT, (time.time(), _cpu_seconds())
    with paths.using(project), tempfile.TemporaryDirectory() as read, _uncollected():
        _write_learned(project, Path(read))
        _rasa_train(Path(read), folder)
    spent = {"wall_seconds": round(time.time() - started[0], 1), "cpu_seconds": round(_cpu_seconds() - started[1], 1)}
    return {
        "learned": digests.of_training(project),
        "made": _now(),
        "code": f"{careline.__version__}+{digests.of_code()}",
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in BUILT_WITH},
        "training": spent,
        "metrics": _metrics(folder),
    }


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage: Rasa copies all examples a dozen times, and the collector would look at each over and over."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _write_learned(project: Path, folder: Path) -> None:
    """What is trained on, which leaves out the words of the answers: Rasa would read them again with every start.

    In two files, for what is said and for the rules: Rasa checks and merges files one after the other, which takes it longer than to
    read them.
    """
    for name in ("config.yml", "domain.yml"):
        shutil.copyfile(project / name, folder / name)
    together: dict[str, dict[str, Any]] = {"said.yml": {}, "rules.yml": {}}
    for path in sorted((project / "data").rglob("*.yml")):
        learned = digests.learned(path)
        into = together["said.yml" if "nlu" in learned else "rules.yml"]
        for key, value in learned.items():
            into[key] = _joined(into.get(key), value)
    for name, value in together.items():
        text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")


def _joined(before: Any, value: Any) -> Any:
    """What two files say under one key: lists and mappings are put together, the version of the format is the same in all."""
    if before is None or isinstance(value, str):
        return value
    return [*before, *value] if isinstance(value, list) else {**before, **value}


def _rasa_train(project: Path, folder: Path) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # otherwise Rasa draws bars over the progress
    hush()
    import rasa.api

    hush()
    sys.path.insert(0, str(paths.home()))
    said = io.StringIO()  # of what Rasa prints only a failure is of interest: where the archive lies is for the moment
    with contextlib.redirect_stdout(said), progress.of_training():
        result = rasa.api.train(
            domain=str(project / "domain.yml"),
            config=str(project / "config.yml"),
            training_files=[str(project / "said.yml"), str(project / "rules.yml")],
            output=str(folder),
            fixed_model_name=ARCHIVE.removesuffix(".tar.gz"),
            force_training=True,
        )
    if result.code != 0 or not result.model:
        raise RuntimeError(f"rasa train did not make a model: {said.getvalue().strip()}")


def _metrics(folder: Path) -> dict[str, Any]:
    """How many of a sample of the held-out questions it understands, and its thresholds; nothing where there are no such questions.

    `evaluate` and `promote` ask all of them.
    """
    from careline.maintain.evaluation import cases, questions
    from careline.maintain.evaluation.ours import Ours, engine
    from careline.staff import model_parts

    asked = [each for each in cases.questions(paths.home() / "tests" / "questions") if each.group in questions.TOPICS][::_SAMPLED]
    if not asked:
        return {}
    calibration = model_parts.load(folder / ARCHIVE).topics.calibration
    with progress.step(f"Asking {len(asked)} held-out questions"):
        ours = Ours(engine(Opened("new", folder / ARCHIVE, folder / PROJECT)))
        judged = cores.spread(ours.judge, [each.text for each in asked])
        found = questions.accuracy([questions.Judged(*both) for both in zip(asked, judged)])
    return {**found, "calibration": asdict(calibration)}


def _cpu_seconds() -> float:
    """What this process and those it started have used so far."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
