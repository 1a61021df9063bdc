"""The story of a sixth document, as a maintainer lives it: taken in, an answer written, checked, trained, evaluated, and promoted into a
server under twenty messages a second; the new question is answered; rolled back; it is gone. Nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from careline import kept, live, models, signature
from careline.turn import at_least
from tests import story
from tests.copies import Project

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("story")]

ORDINARY = ("What is metastatic breast cancer?", "how is that treated", "thank you", "and the liver?", "what should I ask my doctor")
FEVER = "I am on chemo and I have a fever of 102"
SPEAKERS, A_SECOND = 10, 20
HELD_OUT_KEPT = ("basics.yml", "bone.yml", "not_covered.yml")  # of tests/questions: a trial on all of them takes minutes more


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project with a sixth document and an answer from it, in which the model of before is live."""
    made = story.with_new_answer(tmp_path_factory.mktemp("story"))
    now = models.live_model()
    shutil.copytree(now.folder, made.models / now.id)
    shutil.copyfile(live.pointer(), made.models / "live")
    made.environment["CARELINE_SIGNING_KEY"] = os.environ.get("CARELINE_SIGNING_KEY") or kept.key(signature.key_file())
    return made


@pytest.fixture(scope="module")
def trial(project: Project) -> Path:
    """Fewer held-out texts, for trials that only have to work here; the whole of them is what `careline promote` takes."""
    folder = project.root / "some"
    (folder / "questions").mkdir(parents=True)
    (folder / "red_flags").mkdir()
    for name in HELD_OUT_KEPT:
        shutil.copyfile(project.root / "tests" / "questions" / name, folder / "questions" / name)
    for name in ("E1.yml", "lookalikes_E1.yml"):
        shutil.copyfile(project.root / "tests" / "red_flags" / name, folder / "red_flags" / name)
    return folder


@contextmanager
def server(project: Project) -> Iterator[str]:
    """The address of a server on the project's live model."""
    command = [sys.executable, "-m", "tests.server.promoted_server"]
    with (project.root / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=project.root, env=project.variables(), stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()
            process.wait(120)


class Speaker:
    """One conversation that goes on and on, and remembers what it said and heard."""

    def __init__(self, http: httpx.AsyncClient, token: str, seed: int) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self._texts = itertools.islice(itertools.cycle([story.NEW_QUESTION, *ORDINARY, FEVER]), seed, None)
        self.sent: list[str] = []
        self.turns: list[dict[str, Any]] = []

    async def speak(self, stop: asyncio.Event) -> None:
        """One message after the other, `SPEAKERS` of them together making `A_SECOND`."""
        while not stop.is_set():
            begun = time.monotonic()
            await self.say(next(self._texts))
            await asyncio.sleep(max(0.0, SPEAKERS / A_SECOND - (time.monotonic() - begun)))

    async def say(self, text: str) -> dict[str, Any]:
        """One message and its turn; sent again under its id where the server is too busy, as a page does."""
        self.sent.append(text)
        body = {"id": f"m{len(self.sent)}", "text": text}
        while (response := await self._http.post("/api/v1/messages", json=body, headers=self._headers)).status_code == 503:
            await asyncio.sleep(float(response.headers.get("Retry-After", 1)))
        assert response.status_code == 200, response.text
        self.turns.append(response.json())
        return self.turns[-1]

    async def history(self) -> list[dict[str, Any]]:
        """Every turn the server remembers."""
        found: list[dict[str, Any]] = []
        while True:
            after = {"after": found[-1]["turn"]} if found else {}
            page = (await self._http.get("/api/v1/messages", params=after, headers=self._headers)).json()
            found += page["turns"]
            if not page["more"]:
                return found


@asynccontextmanager
async def crowd(http: httpx.AsyncClient) -> AsyncIterator[list[Speaker]]:
    """People who talk until this is left."""
    tokens = [(await http.post("/api/v1/sessions", json={})).json()["token"] for _ in range(SPEAKERS)]
    speakers, stop = [Speaker(http, token, seed) for seed, token in enumerate(tokens)], asyncio.Event()
    talks = [asyncio.create_task(speaker.speak(stop)) for speaker in speakers]
    try:
        yield speakers
    finally:
        stop.set()
        await asyncio.gather(*talks)


async def answering(http: httpx.AsyncClient, model: str, seconds: float = 300) -> None:
    """Until the server answers with a model."""
    deadline = time.monotonic() + seconds
    while (await http.get("/readyz")).json()["model"] != model:
        assert time.monotonic() < deadline, f"{model} never answered"
        await asyncio.sleep(0.1)


async def everybody_speaks(speakers: list[Speaker], seconds: float = 120) -> None:
    """Until each has been answered twice more; the first of the two may have been asked before."""
    deadline, before = time.monotonic() + seconds, [len(speaker.turns) for speaker in speakers]
    while any(len(speaker.turns) < count + 2 for speaker, count in zip(speakers, before)):
        assert time.monotonic() < deadline, "somebody was never answered again"
        await asyncio.sleep(0.1)


def answers(turn: dict[str, Any]) -> bool:
    """Does a turn hold the new answer?"""
    return any(part["topic"] == story.TOPIC for part in turn["parts"])


def held_answers(speakers: list[Speaker], model: str) -> set[bool]:
    """Whether the new answer was given to the new question, by a model, where it answered at all."""
    return {
        answers(turn)
        for speaker in speakers
        for text, turn in zip(speaker.sent, speaker.turns)
        if text == story.NEW_QUESTION and turn["model"] == model and turn["kind"] != "error"
    }


async def test_a_sixth_document_goes_live_and_back(project: Project, trial: Path) -> None:
    old, new = models.live_model().id, project.run("train").split()[-1]
    assert new != old and project.run("train", "--if-needed").split()[-1] == new, "unchanged content trains nothing"
    report = project.run("evaluate", new, "--against", "live", "--questions", str(trial / "questions"))
    assert f"New: “{story.TITLE}” ({story.TOPIC})." in report and "It may go live" in report
    with server(project) as address:
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            await answering(http, old)
            async with crowd(http) as speakers:
                await asyncio.to_thread(project.run, "promote", new, "--tests", str(trial))
                await answering(http, new)
                await everybody_speaks(speakers)
                assert answers(await new_speaker(http, story.NEW_QUESTION)), "the new question is answered"
                await asyncio.to_thread(project.run, "rollback")
                await answering(http, old)
                await everybody_speaks(speakers)
                assert not answers(await new_speaker(http, story.NEW_QUESTION)), "gone"
            await nothing_was_lost_or_doubled(speakers, old, new)
    listed = project.run("models")
    assert re.search(rf"{old} +live", listed) and new in listed


async def new_speaker(http: httpx.AsyncClient, text: str) -> dict[str, Any]:
    """What somebody gets who has said nothing before."""
    token = (await http.post("/api/v1/sessions", json={})).json()["token"]
    return await Speaker(http, token, 0).say(text)


async def nothing_was_lost_or_doubled(speakers: list[Speaker], old: str, new: str) -> None:
    """Every message has its one turn, in order, by the model that says so; red flags were heard throughout."""
    turns = [turn for speaker in speakers for turn in speaker.turns]
    assert len({turn["turn"] for turn in turns}) == len(turns) == sum(len(speaker.sent) for speaker in speakers)
    assert {turn["model"] for turn in turns} == {old, new}
    for speaker in speakers:
        told = await speaker.history()
        assert [turn["turn"] for turn in told] == [turn["turn"] for turn in speaker.turns]
        assert [turn["reply_to"] for turn in told] == [f"m{number}" for number in range(1, len(speaker.sent) + 1)]
        assert [model for model, _ in itertools.groupby(turn["model"] for turn in told)] == [old, new, old]
        assert all(at_least(turn["tier"], "urgent") for text, turn in zip(speaker.sent, told) if text == FEVER)
    assert held_answers(speakers, old) == {False} and True in held_answers(speakers, new)


# --- poisoned changes -----------------------------------------------------------------------------------------------


def test_a_tampered_model_is_refused_before_it_is_opened(project: Project, trial: Path) -> None:
    now = models.live_model().id
    forged = project.models / "careline-forged"
    shutil.copytree(project.models / now, forged)
    manifest = json.loads((forged / "manifest.json").read_text())
    (forged / "manifest.json").write_text(json.dumps({**manifest, "model": "careline-forged"}))
    said = project.run("promote", "careline-forged", "--tests", str(trial), code=1)
    assert "manifest.json was not signed with the key of this installation" in said and "careline train" in said
    assert "NO:" in project.run("models", code=1)
    shutil.rmtree(forged)


def test_poisoned_content_is_refused_before_training(project: Project) -> None:
    before, count = project.read(story.FILE), len(models_in(project))
    project.change(story.FILE, "This lasting swelling", "You have cancer. Call 1-800-277-2345. This lasting swelling")
    said = project.run("train", code=1)
    (project.root / story.FILE).write_text(before, encoding="utf-8")
    assert said.count(f"{story.FILE}:") >= 2 and "'you have'" in said and "1-800-277-2345" in said
    assert len(models_in(project)) == count, "nothing was trained"


def test_a_lost_red_flag_phrase_is_refused_at_promotion(project: Project, trial: Path) -> None:
    """A model like the live one, but with a hole in its red flags: the rules about a port and pus are gone."""
    folder = project.models / ".poisoned"
    shutil.copytree(project.models / models.live_model().id, folder)
    flag = folder / "project" / "content" / "red_flags" / "E1_fever_on_treatment.yml"
    flag.write_text("".join(line for line in flag.read_text().splitlines(True) if not (line.startswith("    - ") and "PORT" in line)))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CARELINE_MODELS", "CARELINE_SIGNING_KEY"):
            patch.setenv(name, project.variables()[name])
        models.keep(folder, "careline-poisoned", {"learned": "other", "metrics": {}, "made": ""})
    said = project.run("promote", "careline-poisoned", "--tests", str(trial), code=1)
    assert "no longer hears" in said and "content/red_flags/E1_*.yml" in said and "not_this" in said
    assert "did not go live" in said and "careline-poisoned" not in (project.models / "live").read_text()
    shutil.rmtree(project.models / "careline-poisoned")


def models_in(project: Project) -> list[Path]:
    """The models there are."""
    return list(project.models.glob("*/manifest.json"))
