"""How large a request may be, and how long it may take to come in and to be answered."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from page.door.addresses import is_upload, takes_a_draft
from page.door.refusals import refuse, retry_after
from page.uploads import MAX_REQUEST

MAX_BODY = 8_000_000
"""Bytes: what the longest draft takes as JSON."""
_SHORT = 100_000
"""Bytes of what holds no draft."""
_WHOLE = 30
"""So many times the limit may files take to come in, if none of their pieces takes longer than that."""
_LATER = 5.0
"""Seconds after which to try again where an answer took too long."""


class Bounds:
    """Refuses what is too large with 413, and what takes too long with 503.

    The answer's beginning is what is waited for: a stream of events may go on. Of files each piece has to come in
    time, and all of them in thirty times that; they may have more bytes, and drafts more than the rest.

    Args:
        app: what answers.
        seconds: for the whole request to come in and the answer to begin.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._seconds)
        if exchange.is_told_too_large():
            await exchange.refuse(413)
            return
        work = asyncio.ensure_future(self._app(scope, exchange.receive, exchange.send))
        begun = asyncio.create_task(exchange.begun.wait())
        loop = asyncio.get_running_loop()
        try:
            while not begun.done() and not work.done() and exchange.deadline > loop.time():
                left = exchange.deadline - loop.time()
                await asyncio.wait({work, begun}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if not begun.done() and not work.done():
                # What a thread works on cannot be stopped; its answer is dropped when it comes.
                await exchange.refuse(503)
                return
            try:
                await work
            except Exception:
                # What the application says of a request that ended halfway is of no interest: it was answered.
                if not exchange.refused:
                    raise
        finally:
            begun.cancel()
            work.cancel()


class _Exchange:
    """One request and its answer, which is dropped where another was given before."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._seconds = seconds
        self._upload = is_upload(scope["method"], scope["path"])
        self._most = MAX_REQUEST if self._upload else MAX_BODY if takes_a_draft(scope["path"]) else _SHORT
        self._size = 0
        self.refused = False
        self.begun = asyncio.Event()
        self.deadline = asyncio.get_running_loop().time() + seconds
        self._last = self.deadline + (_WHOLE - 1) * seconds

    def is_told_too_large(self) -> bool:
        """Whether the request says so before it comes."""
        length = Headers(scope=self._scope).get("content-length", "0")
        return not length.isdecimal() or int(length) > self._most

    async def refuse(self, status: int) -> None:
        """Answer with `status`, if nothing else has been."""
        self.refused = True
        if status == 413:
            await refuse(self._scope, self._receive, self._send, 413, "too_large", size=f"{self._most / 1_000_000:g}")
        else:
            await refuse(self._scope, self._receive, self._send, 503, "too_slow", retry_after(_LATER))

    async def receive(self) -> Message:
        """The next piece of the request; too many bytes end it."""
        if self.refused:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._most and not self.begun.is_set():
            await self.refuse(413)
            return {"type": "http.disconnect"}
        if self._upload:
            self.deadline = min(asyncio.get_running_loop().time() + self._seconds, self._last)
        return message

    async def send(self, message: Message) -> None:
        """A piece of the answer."""
        if self.refused:
            return
        self.begun.set()
        await self._send(message)
