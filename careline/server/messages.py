"""From a message to a stored turn: one at a time in each conversation, within three seconds, whatever else fails."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from careline import privacy
from careline.catalog import Catalog
from careline.server.bodies import MessageBody, tidy
from careline.server.choices import Choices
from careline.server.clock import Clock
from careline.server.guard import Guard
from careline.server.journal import Journal
from careline.server.metrics import Metrics
from careline.server.ports import Reply
from careline.server.recollection import PAGE, Recollection
from careline.server.refusals import Refusal
from careline.server.sessions import Session, Sessions
from careline.server.settings import Settings
from careline.server.tally import Tally
from careline.store.base import Exchange, Recall, Store, StoreError
from careline.turn import Turn, at_least, new_id
from careline.withdrawals import Withdrawals, withheld

SAVE_LEAST_SECONDS = 0.15  # even after an engine that took all the time there was
OTHER_SECONDS = 2.4  # for what is no message: nobody waits for help meanwhile
LEAST_SECONDS = 0.25  # less than this is no fair chance for the engine
LIST_KEY = "doctor_list"  # in state["slots"]; the dialogue adds to the same list


@dataclass(frozen=True)
class Parts:
    """What the conversations are made of."""

    settings: Settings
    clock: Clock
    store: Store
    journal: Journal
    guard: Guard
    sessions: Sessions
    choices: Choices
    metrics: Metrics
    withdrawn: Callable[[], Withdrawals]
    catalog: Catalog  # whose words and numbers stand in for what was withdrawn
    tally: Tally


class Conversations:
    """Everything the API does with a conversation."""

    def __init__(self, parts: Parts) -> None:
        self._ = parts
        self._recollection = Recollection(parts.store, parts.journal, parts.settings.recall_seconds)

    async def answer(self, session: Session, body: MessageBody, arrived: float) -> dict[str, Any]:
        """The turn that answers a message; the stored one where the message was answered before.

        Raises:
            Refusal: the text is empty or too long, the choice does not belong here, the queue before it is too slow, or the
                model is still being loaded and there is no red flag in it.
        """
        text = tidy(body.text or "")
        self._check(body, text)
        async with self._turn_of(session, arrived):
            recall = await self._recollection.recall(session, body.id)
            self._.sessions.check_idle(session, recall.touched)
            if recall.exchange is not None:
                return self._again(session, recall, text)
            return await self._new(session, body.id, text, body.choice, recall, arrived)

    async def history(self, session: Session, after: str | None) -> dict[str, Any]:
        """The turns after one, oldest first. `complete` is false while the store is away: then only what is in memory."""
        recall = await self._entered(session)
        exchanges, complete = await self._recollection.exchanges(session, after)
        last = recall.last.turn_id if recall.last else ""
        turns = [self._shown(session, exchange, live=exchange.turn_id == last) for exchange in exchanges]
        return {"turns": turns, "complete": complete, "more": len(exchanges) >= PAGE}

    async def doctor_list(self, session: Session) -> list[str]:
        """The person's questions for the doctor."""
        recall = await self._entered(session)
        slots = (recall.state or {}).get("slots") or {}
        return [str(item) for item in slots.get(LIST_KEY) or []]

    async def set_doctor_list(self, session: Session, items: Sequence[str], arrived: float) -> list[str]:
        """Replace the questions for the doctor, scrubbed like everything else that is kept.

        Raises:
            Refusal: 503 when it could not be stored; the list is then as it was.
        """
        scrubbed = [privacy.scrub(tidy(item)) for item in items]
        async with self._turn_of(session, arrived):
            recall = await self._recollection.recall(session)
            self._.sessions.check_idle(session, recall.touched)
            state = dict(recall.state or {})
            state["slots"] = {**(state.get("slots") or {}), LIST_KEY: scrubbed}
            await self._stored(self._.store.set_state(session.conversation, state, self._.clock.now()))
            session.state = state
        self._.sessions.touch(session)
        return scrubbed

    async def set_keep(self, session: Session, keep: bool) -> None:
        """Let scrubbed rows be kept for review, or take that back."""
        await self._entered(session)
        await self._stored(self._.store.set_keep(session.conversation, keep, self._.clock.now()))
        session.keep = keep

    async def feedback(self, session: Session, turn: str, helpful: bool, why: str) -> None:
        """Note what the person thought of a turn of this conversation."""
        await self._entered(session)
        scrubbed = privacy.scrub(tidy(why))
        known = await self._stored(
            self._.store.feedback(session.conversation, turn, helpful, scrubbed, self._.clock.now())
        )
        if not known:
            raise Refusal(404, "unknown_turn", "This conversation has no such turn.")
        self._.metrics.feedback(helpful)

    async def erase(self, session: Session, arrived: float) -> None:
        """Erase the conversation everywhere.

        Raises:
            Refusal: 503 when the store is away; it is erased as soon as the store returns.
        """
        async with self._turn_of(session, arrived, erased=True):
            session.erased = True
            session.recent.clear()
            session.state = None
            if not await self._.journal.erase(session.conversation, self._.clock.now(), OTHER_SECONDS):
                raise Refusal(503, "not_erased_yet", "It will be erased as soon as the store is back.")

    def _check(self, body: MessageBody, text: str) -> None:
        if body.text is None:
            return
        if len(text) > self._.settings.text_limit:
            raise Refusal(413, "text_too_long", f"At most {self._.settings.text_limit} characters.")
        if not text.strip():
            raise Refusal(422, "empty_text", "The text is empty.")

    @asynccontextmanager
    async def _turn_of(self, session: Session, arrived: float, *, erased: bool = False) -> AsyncIterator[None]:
        """Wait for the conversation's messages before this one."""
        try:
            await asyncio.wait_for(session.lock.acquire(), max(self._left(arrived) - LEAST_SECONDS, 0.01))
        except asyncio.TimeoutError:
            self._.metrics.trouble("conversation_busy")
            raise Refusal(
                503, "busy", "Earlier messages are still being answered.", headers={"Retry-After": "1"}
            ) from None
        try:
            if session.erased and not erased:  # while this one waited
                raise Refusal(401, "session_erased", "This conversation was erased. Start a new session.")
            yield
        finally:
            session.lock.release()

    async def _entered(self, session: Session) -> Recall:
        recall = await self._recollection.recall(session)
        self._.sessions.check_idle(session, recall.touched)
        return recall

    def _again(self, session: Session, recall: Recall, text: str) -> dict[str, Any]:
        """A message that was answered before gets the same turn, unless its id now comes with more alarming words."""
        assert recall.exchange is not None
        turn = recall.exchange.turn
        safe = self._.guard.safe(text).turn
        if text and safe.tier != "information" and not at_least(turn["tier"], safe.tier):
            raise Refusal(409, "id_reused", "This id was used for another message.")
        last = recall.last.turn_id if recall.last else recall.exchange.turn_id
        return self._shown(session, recall.exchange, live=recall.exchange.turn_id == last, said=False)

    def _left(self, arrived: float) -> float:
        return arrived + self._.settings.turn_seconds - time.monotonic()

    async def _new(
        self, session: Session, message: str, text: str, choice: str | None, recall: Recall, arrived: float
    ) -> dict[str, Any]:
        action = None
        if choice is not None:
            text, action = self._.choices.pressed(session.conversation, choice, recall.last)
        self._check_started(text)
        if recall.touched is None and session.keep:
            await self._note_keep(session)
        left = self._left(arrived)
        if left < LEAST_SECONDS:
            raise Refusal(503, "busy", "Earlier messages are still being answered.", headers={"Retry-After": "1"})
        answer = await self._.guard.respond(text, action=action, state=recall.state, timeout=left)
        exchange = self._exchange(session, message, answer.reply, recall)
        session.remember(exchange)
        self._.sessions.touch(session)
        left = self._left(arrived)
        stored = await self._.journal.save(exchange, min(max(left, SAVE_LEAST_SECONDS), self._.settings.save_seconds))
        self._.metrics.turn(answer.reply.turn.kind, answer.reply.turn.tier, time.monotonic() - arrived)
        self._.tally.add(answer.reply.turn)
        return {**self._public(session, exchange.turn, live=True), "stored": stored}

    def _check_started(self, text: str) -> None:
        """While the first model loads, only alarms are answered: an apology would stay as the answer to a question that can be answered in a moment."""
        if self._.guard.starting and self._.guard.safe(text).turn.tier == "information":
            raise Refusal(503, "starting", "The model is being loaded. Send it again.", headers={"Retry-After": "2"})

    async def _note_keep(self, session: Session) -> None:
        # The person agreed when the session began; without the store there is nothing to review either.
        try:
            keep = self._.store.set_keep(session.conversation, True, self._.clock.now())
            await self._.journal.attempt(lambda: keep, self._.settings.recall_seconds)
        except StoreError:
            pass

    def _exchange(self, session: Session, message: str, reply: Reply, recall: Recall) -> Exchange:
        turn = replace(reply.turn, turn=new_id(), reply_to=message).to_json()
        state = self._state(reply.state, recall.state)
        return Exchange(
            conversation=session.conversation,
            message=message,
            text=privacy.storable(reply.text),  # scrubbed already; a second time costs little and a leak costs a lot
            turn=turn,
            topics=tuple(reply.topics),
            state=state,
            at=self._.clock.now(),
        )

    def _state(self, new: Mapping[str, Any], old: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        try:
            return json.loads(json.dumps(new))  # a copy: nobody changes it under us
        except (TypeError, ValueError, RecursionError):
            self._.metrics.trouble("state_not_json")
            return old

    def _shown(self, session: Session, exchange: Exchange, *, live: bool, said: bool = True) -> dict[str, Any]:
        shown = self._public(session, exchange.turn, live=live)
        shown["stored"] = not self._.journal.holds(exchange)
        return {**shown, "text": exchange.text} if said else shown

    def _public(self, session: Session, turn: Mapping[str, Any], *, live: bool) -> dict[str, Any]:
        """A turn as a page sees it. What was withdrawn since it was said is not said again."""
        withdrawals = self._.withdrawn()
        if withdrawals:
            turn = withheld(Turn.from_json(turn), withdrawals, self._.catalog).to_json()
        return self._.choices.public(session.conversation, turn, live=live)

    async def _stored(self, work: Any) -> Any:
        try:
            return await self._.journal.attempt(lambda: work, OTHER_SECONDS)
        except StoreError:
            raise Refusal(
                503, "not_stored", "It could not be stored. Try again.", headers={"Retry-After": "2"}
            ) from None
