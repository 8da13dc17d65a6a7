"""The page at ``/api/``: what there is, made from the OpenAPI description."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from page.markup import escaped
from page.problems import MOUNTED

_STYLE = Path(__file__).with_name("api_contents.css")


def contents_html(schema: dict[str, Any]) -> str:
    """The endpoints with what each takes, made from the OpenAPI description, in which the details stand."""
    rows = []
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            taken = "".join(
                f"<li><code>{escaped(given['name'])}</code>{' (required)' if given.get('required') else ''} "
                f"{escaped(given['schema'].get('description') or given.get('description') or '')}</li>"
                for given in told.get("parameters", [])
            )
            if "requestBody" in told:
                taken += '<li>a body of JSON: <code>&#123;"text": "…"&#125;</code></li>'
            rows.append(
                f"<h2><code>{method.upper()} {MOUNTED}{escaped(path)}</code></h2>"
                f"<p>{escaped(told['summary'])}.</p><ul>{taken}</ul>"
            )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Virgolettato: HTTP API</title><style>{_STYLE.read_text(encoding='utf-8')}</style>"
        f"<h1>Virgolettato: HTTP API</h1><p>{escaped(schema['info']['description'])} Answers are JSON, as the command "
        'line prints it; an error is <code>&#123;"error", "hint"&#125;</code>. '
        f'The whole description: <a href="{MOUNTED}/openapi.json">openapi.json</a>.</p>'
        f"<pre>curl -G {MOUNTED}/ask --data-urlencode 'q=Cosa ha detto Putin?'</pre>{''.join(rows)}</html>"
    )
