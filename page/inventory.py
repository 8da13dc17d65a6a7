"""The archive's articles as a table."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Holding
from page.cards import language_name
from page.markup import button, escaped
from qa.messages import message
from qa.records import Language
from qa.reference import written_date

_COLUMNS = ("title", "outlet", "published", "written_in", "passages", "quotations")


def inventory_html(holdings: Sequence[Holding], shown: int, interface: Language) -> str:
    """The first `shown` articles, each with a button that opens it, and a button for more."""
    head = "".join(f'<th scope="col">{escaped(message(f"page_{name}", interface))}</th>' for name in _COLUMNS)
    rows = "".join(_row_html(holding, interface) for holding in holdings[:shown])
    more = button(message("page_more", interface), "more", data_more=1) if len(holdings) > shown else ""
    return (
        f'<div class="wide" tabindex="0" lang="{interface.value}"><table class="holdings">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}"
    )


def _row_html(holding: Holding, interface: Language) -> str:
    title = button(
        holding.title or holding.source_file, "open", data_article=holding.id, dir="auto", lang=holding.language
    )
    cells = [
        escaped(holding.outlet or "–"),
        escaped(written_date(holding.published, interface) if holding.published else "–"),
        escaped(language_name(holding.language, interface) if holding.language else "–"),
    ]
    counts = "".join(f'<td class="number">{count}</td>' for count in (holding.passages, holding.quotations))
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{title}</th>{told}{counts}</tr>'
