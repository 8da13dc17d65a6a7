"""What assistants are told over MCP: Gradio's own server, but with JSON where it would print Python."""

from __future__ import annotations

from typing import Any

from index.terminal import json_line

ADDRESS = "/gradio_api/mcp/"
"""Where Gradio offers MCP (streamable HTTP)."""


def tell_json(page: Any) -> None:
    """Have the MCP server of the launched `page` give results as the JSON that the command line prints."""
    from mcp.types import TextContent

    def told(data: list[Any], _: str) -> list[TextContent]:
        return [TextContent(type="text", text=json_line(output)) for output in data]

    page.mcp_server_obj.postprocess_output_data = told
