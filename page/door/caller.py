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
    """

    interface: str = "page"
    client: str = "here"
    name: str | None = None
    request_id: str | None = None

    @classmethod
    def of(cls, request: Any, interface: str) -> Caller:
        """Who made `request`, FastAPI's or Gradio's, as the door found out; somebody here where there is no door."""
        # Gradio wraps the request of the web framework, and gives none to a function called without one.
        scope: Scope = getattr(getattr(request, "request", request), "scope", None) or {}
        state = scope.get("state", {})
        return cls(interface, state.get("client", "here"), state.get("name"), state.get("request_id"))
