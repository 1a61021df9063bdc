"""A stand-in for the Careline server: the same API with canned turns of every kind, made to be killed, slowed and broken.

    python tests/browser/mock_server.py --port 8123 --state /tmp/mock.db

The turns are made with Careline's own classes and contacts, so their shape cannot drift from the real one. What was
acknowledged is in the state file before the answer leaves, so a killed server loses nothing. POST /mock/control sets
`delay` (seconds), `fail` (a status), `fail_turn` (with a safe turn in the error), `retry_after` (seconds), `times` (how
often), `expired`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sqlite3
import sys
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from careline import contacts as registry  # noqa: E402
from careline.turn import Choice, Part, Referral, Source, Turn, new_id  # noqa: E402

CONTACTS = registry.load(ROOT / "content" / "contacts.yml")
WIDGET = ROOT / "web" / "widget"
HEALTHWISE = Source("Metastatic and Recurrent Breast Cancer", "Symptoms", "2023")
DIRECTORY = Source("North Carolina Directory", "What are some of the symptoms?", "2006")


def contact(*ids: str, language: str = "en") -> tuple[Any, ...]:
    return tuple(shown for shown in (CONTACTS.shown(one, language) for one in ids) if shown)


CARE_TEAM = Referral(
    "Your own doctor or care team can tell you what this means for you. To talk with a person, call the American Cancer Society at 1-800-227-2345.",
    contact("acs"),
)
LINES = Referral(
    "You can call the American Cancer Society, or Susan G. Komen. For anything about your own health, call your doctor or care team.",
    contact("acs", "komen", "cancercare"),
)
EMERGENCY = Referral(
    "Call 911 now, or your local emergency number. Then let your cancer team's 24-hour number know.",
    contact("emergency"),
)
CRISIS = Referral(
    "Call or text 988 now. If there is danger right now, call 911 or your local emergency number.",
    contact("lifeline_988", "emergency"),
)
URGENT = Referral(
    "Call your cancer team's 24-hour number now, day or night. If you cannot reach them, go to an emergency department or call 911.",
    contact("emergency"),
)
TODAY = Referral(
    "Call your doctor or care team today, within 24 hours. If it gets worse before you reach them, go to an emergency department or call 911. "
    "To talk with a person, call the American Cancer Society at 1-800-227-2345.",
    contact("emergency", "acs"),
)

BONE = Part(
    "When breast cancer spreads to bone, people may notice pain that stays or grows, and bones can break more easily. "
    "Pain in the back, the hip or the upper leg is common. Many other things can cause such pain, too.",
    "bone_symptoms", "Signs in the bones", (HEALTHWISE, DIRECTORY), "2026-11-23",
)  # fmt: skip
LIVER = Part(
    "When it spreads to the liver, people may notice pain under the right ribs, less appetite, or yellow skin or eyes.",
    "liver_symptoms", "Signs in the liver", (HEALTHWISE,), "2026-11-20",
)  # fmt: skip
YES_NO = (Choice("Yes", "yes"), Choice("No", "no"), Choice("I am not sure", "unsure"))


def turn(kind: str, tier: str, text: str, referral: Referral = CARE_TEAM, **more: Any) -> Turn:
    return Turn(kind=kind, tier=tier, parts=(Part(text),), referral=referral, **more)


# What the person types (any of these words) -> what the mock says. The first row that matches wins.
CANNED: list[tuple[str, Turn]] = [
    ("español", turn("out_of_scope", "information", "Veo que escribe en español. Por ahora solo puedo responder preguntas en inglés, pero hay personas "
        "que hablan español y pueden ayudarle por teléfono.", Referral("Llame a la Sociedad Americana Contra El Cáncer.", contact("acs", language="es")), language="es")),
    ("breathe", turn("emergency", "emergency", "Trouble breathing that starts suddenly needs help right now. Do not drive yourself. If somebody is with you, "
        "ask them to call.", EMERGENCY)),
    ("want to die", turn("crisis", "crisis", "I am really glad you told me. You do not have to carry this alone. I am a computer program and nobody is reading "
        "along, so please let a real person help you now.", CRISIS)),
    ("fever", turn("urgent", "urgent", "A fever during cancer treatment needs a call now, also when you feel all right. Tell them the reading, when it started and "
        "which treatment you are on. Medicine for pain can hide a fever.", URGENT)),
    ("swollen", turn("today", "today", "Swelling that is new should be looked at soon. Write down when it began and whether it is growing.", TODAY)),
    ("symptom", replace(turn("symptom_question", "call_doctor", ""), parts=(Part("I can ask a few short questions, so that you know how soon to call."),
        Part("Is the pain new, or much worse than before?", role="question")), choices=YES_NO)),
    ("advice", replace(turn("symptom_advice", "call_doctor", ""), parts=(BONE, Part("What to say when you call: hip pain for three weeks, getting worse. I take Ibrance.", role="note")))),
    ("is it back", turn("no_diagnosis", "call_doctor", "Only your doctor can tell you that, with an exam and tests. I can tell you what the tests are for.")),
    ("unsure", turn("clarify", "information", "I want to be sure I give you the right answer. Is it one of these?",
        choices=(Choice("Signs in the bones", "bone"), Choice("Signs in the liver", "liver"), Choice("None of these", "none")))),
    ("weather", turn("out_of_scope", "information", "That is outside of what I can help with. I can help you find the right person to call.", LINES)),
    ("hello", turn("small_talk", "information", "Hello. What would you like to know?")),
    ("go wrong", turn("error", "information", "Something went wrong on my side, so I cannot answer this right now. Please do not wait for me if you need help.")),
    ("who can i call", turn("small_talk", "information", "Here is who you can call.", LINES)),
    ("both", replace(turn("answer", "information", ""), parts=(BONE, LIVER))),
    ("remind", replace(turn("answer", "information", ""), parts=(Part("First: what you told me before needs a call now, day or night. Please call your cancer team "
        "if you did not yet.", role="reminder"), LIVER))),
    ("bone", replace(turn("answer", "information", ""), parts=(BONE,))),
]  # fmt: skip

SAFE = turn(
    "error",
    "information",
    "Something went wrong on my side, so I cannot answer this right now. Please do not wait for me if you need help.",
)


def answer_to(text: str) -> Turn:
    for words, canned in CANNED:
        if words in text.lower():
            return canned
    return turn("answer", "information", f"Answer to: {text}")


class State:
    """What survives a kill: sessions, turns, lists, feedback."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            "CREATE TABLE IF NOT EXISTS sessions(token TEXT PRIMARY KEY, keep INTEGER, items TEXT DEFAULT '[]');"
            "CREATE TABLE IF NOT EXISTS turns(token TEXT, id TEXT, turn TEXT, text TEXT, payload TEXT, PRIMARY KEY(token, id));"
            "CREATE TABLE IF NOT EXISTS feedback(turn TEXT, helpful INTEGER, why TEXT);"
        )

    def rows(self, query: str, *values: Any) -> list[Any]:
        return self.db.execute(query, values).fetchall()


state: State
control: dict[str, Any] = {}


class Refused(Exception):
    def __init__(self, status: int, with_turn: bool = False) -> None:
        self.status, self.with_turn = status, with_turn


def token_of(request: Request) -> str:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not state.rows("SELECT 1 FROM sessions WHERE token = ?", token):
        raise Refused(401, with_turn=True)
    return token


async def trouble() -> None:
    """The delay and the failures asked for."""
    await asyncio.sleep(control.get("delay", 0))
    if control.get("fail") and control.get("times", 1) > 0:
        control["times"] = control.get("times", 1) - 1
        raise Refused(control["fail"], control.get("fail_turn", False))


async def create_session(request: Request) -> Response:
    await trouble()
    token = secrets.token_urlsafe(24)
    keep = (await request.json())["keep_for_review"]
    state.rows("INSERT INTO sessions(token, keep) VALUES (?, ?)", token, keep)
    return JSONResponse({"token": token, "expires": "2099-01-01T00:00:00Z"}, 201)


async def post_message(request: Request) -> Response:
    body = await request.json()
    token = token_of(request)
    await trouble()
    known = state.rows("SELECT payload FROM turns WHERE token = ? AND id = ?", token, body["id"])
    if not known:
        payload = json.dumps(made(token, body))
        turn_id = json.loads(payload)["turn"]
        state.rows(
            "INSERT INTO turns VALUES (?, ?, ?, ?, ?)", token, body["id"], turn_id, body.get("text") or "", payload
        )
        known = [(payload,)]
    await asyncio.sleep(control.get("after", 0))
    return Response(known[0][0], media_type="application/json")


def made(token: str, body: dict[str, Any]) -> dict[str, Any]:
    """The turn that answers a message, its choices as opaque tokens."""
    text = body.get("text") or f"choice {body['choice']}"
    if "my list" in text:
        items = json.loads(state.rows("SELECT items FROM sessions WHERE token = ?", token)[0][0]) + [
            "What are the side effects?"
        ]
        state.rows("UPDATE sessions SET items = ? WHERE token = ?", json.dumps(items), token)
    payload = replace(answer_to(text), turn=new_id(), reply_to=body["id"]).to_json()
    payload["choices"] = [
        {"label": choice["label"], "token": f"opaque-{choice['action']}"} for choice in payload["choices"]
    ]
    return payload


async def get_messages(request: Request) -> Response:
    token = token_of(request)
    await trouble()
    rows = state.rows(
        "SELECT payload, text FROM turns WHERE token = ? AND turn > ? ORDER BY turn",
        token,
        request.query_params.get("after", ""),
    )
    return JSONResponse(
        {"turns": [{**json.loads(payload), "text": text} for payload, text in rows[:200]], "more": len(rows) > 200}
    )


async def put_session(request: Request) -> Response:
    token = token_of(request)
    keep = (await request.json())["keep_for_review"]
    state.rows("UPDATE sessions SET keep = ? WHERE token = ?", keep, token)
    return JSONResponse({"keep_for_review": keep})


async def delete_session(request: Request) -> Response:
    token = token_of(request)
    await trouble()
    state.rows("DELETE FROM turns WHERE token = ?", token)
    state.rows("DELETE FROM sessions WHERE token = ?", token)
    return Response(status_code=204)


async def feedback(request: Request) -> Response:
    token_of(request)
    body = await request.json()
    state.rows("INSERT INTO feedback VALUES (?, ?, ?)", body["turn"], body["helpful"], body.get("why"))
    return Response(status_code=204)


async def get_list(request: Request) -> Response:
    items = state.rows("SELECT items FROM sessions WHERE token = ?", token_of(request))[0][0]
    return JSONResponse({"items": json.loads(items)})


async def put_list(request: Request) -> Response:
    token = token_of(request)
    items = (await request.json())["items"]
    state.rows("UPDATE sessions SET items = ? WHERE token = ?", json.dumps(items), token)
    return JSONResponse({"items": items})


async def refused(request: Request, error: Refused) -> Response:
    body: dict[str, Any] = {"error": {"code": str(error.status)}}
    if error.with_turn:
        body["turn"] = replace(control.get("safe", SAFE), turn=new_id()).to_json()
    headers = {"Retry-After": str(control["retry_after"])} if "retry_after" in control else {}
    return JSONResponse(body, status_code=error.status, headers=headers)


# --- the mock's own switches ---------------------------------------------------------------------------------------
async def set_control(request: Request) -> Response:
    control.clear()
    control.update(await request.json())
    if control.get("safe"):
        control["safe"] = answer_to(control["safe"])
    if control.get("expired"):
        state.rows("DELETE FROM sessions")
        state.rows("DELETE FROM turns")
    return Response(status_code=204)


async def seen(request: Request) -> Response:
    return JSONResponse({
        "messages": [list(row) for row in state.rows("SELECT id, text FROM turns ORDER BY turn")],
        "keep": [bool(row[0]) for row in state.rows("SELECT keep FROM sessions")],
        "lists": [json.loads(row[0]) for row in state.rows("SELECT items FROM sessions")],
        "feedback": [list(row) for row in state.rows("SELECT * FROM feedback")],
    })  # fmt: skip


# --- files and pages -----------------------------------------------------------------------------------------------
async def widget_file(request: Request) -> Response:
    name = request.path_params.get("name", "widget.js")
    path = (WIDGET / name).resolve()
    if WIDGET not in path.parents or not path.is_file():
        return PlainTextResponse("not found", 404)
    return FileResponse(path, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"})


async def config(request: Request) -> Response:
    def table(language: str) -> dict[str, Any]:
        roles = {"emergency": CONTACTS.emergency, "crisis": CONTACTS.crisis, "hotline": CONTACTS.default_hotline}
        return {role: vars(CONTACTS.shown(one, language)) for role, one in roles.items()}

    return JSONResponse(
        {"contacts": {"en": table("en"), "es": table("es")}}, headers={"Access-Control-Allow-Origin": "*"}
    )


PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>Riverside Hospital</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/mock/page.css"></head>
<body><header><h1>Riverside Hospital</h1></header><main><h2>Breast cancer care</h2><p>Our team sees people from Monday to Friday.
<a href="#visit">Plan your visit</a></p></main>{tags}</body></html>"""

CSS = "body{font:italic 30px cursive;color:#c0c;text-align:right;margin:0}main,header{padding:1rem}button,a,p,textarea{background:#ff0!important;letter-spacing:3px}"
PLAIN = "body{font:17px/1.5 Georgia,serif;margin:0;color:#222;background:#fff}main,header{padding:16px 24px;max-width:60em}header{background:#e8eef2}"


async def page(request: Request) -> Response:
    """A host page. `data-*` are the tag's attributes, `again-*` those of a second tag; `strict` sends a strict policy."""
    query = request.query_params
    host = query.get("host", str(request.base_url).rstrip("/"))
    tags = tag(host, "data-", query) + (tag(host, "again-", query) if "two" in query else "")
    if "written" in query:
        tags = f'<careline-chat data-host="{host}" {attributes("data-", query)}><p>Call 911</p></careline-chat>' + tag(
            host, "none-", query
        )
    html = PAGE.format(lang=query.get("lang", "en"), dir=query.get("dir", "ltr"), tags=tags)
    policy = f"default-src 'none'; script-src {host}; connect-src {host}; style-src 'self'; base-uri 'none'; require-trusted-types-for 'script'"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy} if "strict" in query else {})


def attributes(prefix: str, query: Any) -> str:
    return " ".join(
        f'data-{name[len(prefix) :]}="{escape(value)}"' for name, value in query.items() if name.startswith(prefix)
    )


def tag(host: str, prefix: str, query: Any) -> str:
    return f'<script type="module" src="{host}/widget.js" data-host="{host}" {attributes(prefix, query)}></script>'


async def page_css(request: Request) -> Response:
    hostile = "hostile" in request.headers.get("referer", "")
    return Response(CSS if hostile else PLAIN, media_type="text/css")


app = Starlette(
    routes=[
        Route("/api/v1/sessions", create_session, methods=["POST"]),
        Route("/api/v1/messages", post_message, methods=["POST"]),
        Route("/api/v1/messages", get_messages),
        Route("/api/v1/session", put_session, methods=["PUT"]),
        Route("/api/v1/session", delete_session, methods=["DELETE"]),
        Route("/api/v1/feedback", feedback, methods=["POST"]),
        Route("/api/v1/list", get_list),
        Route("/api/v1/list", put_list, methods=["PUT"]),
        Route("/widget.js", widget_file),
        Route("/widget/config.json", config),
        Route("/widget/{name:path}", widget_file),
        Route("/mock/control", set_control, methods=["POST"]),
        Route("/mock/seen", seen),
        Route("/mock/page.css", page_css),
        Route("/page", page),
    ],
    exception_handlers={Refused: refused},
    middleware=[
        Middleware(
            CORSMiddleware,
            allow_origin_regex=r"http://(127\.0\.0\.1|localhost):\d+",
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["authorization", "content-type"],
        )
    ],
)


def main() -> None:
    global state
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--state", default=":memory:")
    options = parser.parse_args()
    state = State(options.state)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", ws="none")


if __name__ == "__main__":
    main()
