"""The archive's articles as a table."""

from __future__ import annotations

from collections.abc import Sequence

from index.analysis import fold
from index.manifest import Manifest
from index.records import Holding
from page.cards import language_name
from page.markup import attributes, button, escaped, reachable, shortened
from qa.messages import message
from qa.records import Language
from qa.reference import written_date, written_number

_COLUMNS = ("title", "outlet", "published", "written_in", "passages", "quotations")


def inventory_html(
    holdings: Sequence[Holding], shown: int, manifest: Manifest, interface: Language, *, removable: bool
) -> str:
    """How much there is, the first `shown` of the articles found, each with a button that opens it, and one for more.

    Where they are `removable`, each has a button for that as well.
    """
    contents = message(
        "page_contents",
        interface,
        articles=written_number(manifest.articles, interface),
        passages=written_number(manifest.passages, interface),
        quotations=written_number(manifest.direct_quotes, interface),
        index_id=manifest.index_id,
    )
    head = "".join(f'<th scope="col">{escaped(message(f"page_{name}", interface))}</th>' for name in _COLUMNS)
    head += "<td></td>" if removable else ""
    rows = "".join(_row_html(holding, interface, removable) for holding in holdings[:shown])
    more = button(message("page_more", interface), "more", data_more=1) if len(holdings) > shown else ""
    label = escaped(message("page_tab_archive", interface))
    found = message("page_found_articles", interface, count=written_number(len(holdings), interface))
    return (
        f'<p class="small">{escaped(contents)}</p><p class="small" role="status">{escaped(found)}</p>'
        f'<div class="wide" tabindex="0" role="region" aria-label="{label}" lang="{interface.value}">'
        f'<table class="holdings"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{more}'
    )


def holds(holding: Holding, sought: str) -> bool:
    """Whether title, outlet and file name together hold all the words of `sought`, whatever case and accents."""
    known = fold(" ".join(filter(None, (holding.title, holding.outlet, holding.source_file))))
    return all(word in known for word in fold(sought).split())


def _row_html(holding: Holding, interface: Language, removable: bool) -> str:
    name = holding.title or holding.source_file
    title = button(name, "open", data_article=holding.id, dir="auto", lang=holding.language)
    outlet = shortened(holding.outlet or "–")
    published = written_date(holding.published, interface) if holding.published else "–"
    tongue = language_name(holding.language, interface) if holding.language else "–"
    counts = [written_number(count, interface) for count in (holding.passages, holding.quotations)]
    # On a phone a row is no row any more, and each cell says what it is.
    told = "".join(
        f'<td dir="auto"{attributes(data_label=message(f"page_{name}", interface))}>'
        f'<span class="cell"{reachable(cell)}>{escaped(cell)}</span></td>'
        for name, cell in zip(_COLUMNS[1:], [outlet, published, tongue, *counts], strict=True)
    )
    remove = ""
    if removable:
        sure = message("page_remove_sure", interface, title=name[:200])
        label = message("page_remove", interface)
        taken = {"data_article": holding.id, "data_event": "delete", "data_sure": sure}
        remove = f"<td>{button(label, 'remove', aria_label=f'{label}: {name[:200]}', **taken)}</td>"
    return f'<tr><th scope="row">{title}</th>{told}{remove}</tr>'
