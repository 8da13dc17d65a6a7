"""Headers on every answer: what the browser may load and run, and who may frame the page."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Gradio makes what components do from text and sets styles by attribute: without these two the page does not start.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'{hashes} 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'self'; frame-ancestors 'none'"
)
_SCRIPT = re.compile(rb"<script\b")


class SecureHeaders:
    """Outside everything that answers: adds the headers, and lets the page's own scripts run, but no others.

    Those that stand in the page get a number that is new with each answer. Text never gets there as a tag: what Gradio
    writes into its page is JSON without ``<``.

    Args:
        app: what answers.
        scripts: the text of scripts that Gradio puts into the page by script, where they have no number.
    """

    def __init__(self, app: ASGIApp, scripts: Iterable[str]) -> None:
        self._app = app
        digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
        self._hashes = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        policy = _POLICY.format(nonce=nonce, hashes=self._hashes)
        page: Message = {}
        parts: list[bytes] = []

        async def sending(message: Message) -> None:
            nonlocal page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**_ALWAYS, "content-security-policy": policy})
                kind = headers.get("content-type", "")
                if kind.startswith(("text/html", "application/json")):
                    headers.setdefault("cache-control", "no-store")
                if scope["path"] == "/" and kind.startswith("text/html"):
                    page = message
                    return
            elif page:
                parts.append(message.get("body", b""))
                if message.get("more_body", False):
                    return
                body = _SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), b"".join(parts))
                if "content-length" in MutableHeaders(scope=page) and scope["method"] != "HEAD":
                    MutableHeaders(scope=page)["content-length"] = str(len(body))
                await send(page)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self._app(scope, receive, sending)
