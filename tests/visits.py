"""The page served by the real program, and visitors with a real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import httpx

from page.door.users import password_entry
from tests.conftest import OFFLINE, ROOT, SEEDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "no Chromium on this machine (Debian: apt-get install chromium)"
WAIT = 60_000
"""Milliseconds for anything to happen; a busy machine is slow."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Server:
    """``python app.py`` as a process, on a free port of this machine."""

    def __init__(self, archive: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "app.py", "--archive", str(archive), "--port", str(port), *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(OFFLINE)},
            stdout=subprocess.PIPE,
            # A pipe that nobody reads would fill with the log, and stop the program.
            stderr=self._errors,
            text=True,
        )
        assert self.process.stdout is not None
        assert re.fullmatch(rf"Virgolettato: http://[\d.]+:{port}\n", self.process.stdout.readline()), self.stop()

    def stop(self) -> str:
        """End the process; what it wrote to standard error."""
        self.process.terminate()
        self.process.communicate(timeout=60)
        said = self.log()
        self._errors.close()
        return said

    def logged(self, answer: httpx.Response) -> dict[str, Any]:
        """The line of the log about an answer; it is written after that has been sent."""
        number = answer.headers["x-request-id"]
        while True:
            for line in self.log().splitlines():
                if number in line and '"event": "request"' in line:
                    return dict(json.loads(line))
            time.sleep(0.05)

    def log(self) -> str:
        """What it wrote to standard error until now."""
        self._errors.seek(0)
        return self._errors.read()


PASSWORD = "una parola lunga"


def guarded_server(archive: Path, folder: Path) -> Iterator[Server]:
    """The page, at which anna logs in with :data:`PASSWORD`; a fixture's steps."""
    users = folder / "users"
    users.write_text(password_entry("anna", PASSWORD), encoding="utf-8")
    users.chmod(0o600)
    running = Server(archive, "--auth", str(users))
    yield running
    assert "Traceback" not in running.stop()


class Visit:
    """A visitor's page, with all that it asked for and complained of."""

    def __init__(
        self,
        browser: Browser,
        server: Server,
        locale: str,
        width: int = 1280,
        query: str = "",
        *,
        scheme: Literal["light", "dark"] = "light",
        motion: Literal["reduce", "no-preference"] = "no-preference",
    ) -> None:
        self.context = browser.new_context(
            locale=locale, viewport={"width": width, "height": 850}, color_scheme=scheme, reduced_motion=motion
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WAIT)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{server.url}/{query}")
        language = "it" if locale.startswith("it") else "en"
        self.page.wait_for_function(f"document.documentElement.lang === '{language}'")
        heading = {"it": "Risponde solo", "en": "Answers only"}[language]
        self.page.get_by_text(heading).wait_for()
        self.page.wait_for_selector("html[data-ready=yes]")

    def ask(self, question: str) -> None:
        """Type a question, press Enter and wait for its turn to be shown."""
        turns = self.page.locator(".turn").count()
        self.page.fill("#question textarea", question)
        self.page.keyboard.press("Enter")
        self.page.locator(".turn").nth(turns).wait_for()

    def first_quote(self) -> str:
        """The newest answer's first quote, as the page holds it."""
        text = self.page.locator(".turn").first.locator("mark.evidence").first.text_content()
        assert text is not None
        return text

    def leave(self) -> None:
        """Close the page; nothing was fetched from elsewhere and nothing was complained of."""
        origin = re.match(r"https?://[^/]+", self.page.url)
        assert origin is not None
        strangers = [url for url in self.requests if not url.startswith((origin.group(), "data:", "blob:"))]
        self.context.close()
        assert strangers == []
        # Not rewritten by pytest, which would tell them.
        assert not self.complaints, self.complaints


def source(name: str) -> str:
    """A seed's text as its bytes give it."""
    return (SEEDS / name).read_bytes().decode("utf-8")
