"""Who asks, from where and how: told to the desk with each question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        interface: page, api, client (gradio_client) or mcp.
        client: whose questions are counted together: a user's name, or an address.
        name: of the user; None where nobody logs in.
        request_id: of the request the question came with.
        session: of the page, where there is one.
    """

    interface: str = "page"
    client: str = "here"
    name: str | None = None
    request_id: str | None = None
    session: str | None = None

    @property
    def party(self) -> str:
        """Who waits for his turn once: a user, else a page that is open, else an address.

        Visitors behind one proxy may have the same address.
        """
        return self.client if self.name or self.session is None else f"{self.client} {self.session}"

    @classmethod
    def of(cls, request: Any, interface: str) -> Caller:
        """Who made `request`, FastAPI's or Gradio's, as the door found out; somebody here where there is no door."""
        # Gradio wraps the request of the web framework, and gives none to a function called without one.
        scope: Scope = getattr(getattr(request, "request", request), "scope", None) or {}
        state = scope.get("state", {})
        session = getattr(request, "session_hash", None) if interface == "page" else None
        return cls(interface, state.get("client", "here"), state.get("name"), state.get("request_id"), session)
