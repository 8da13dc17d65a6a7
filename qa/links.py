"""Links that lead to a quotation itself: into the outlet's page, and into this program's."""

from __future__ import annotations

import re
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from qa.records import Quote

_LONG = 200
"""Characters from which on a text fragment names the beginning and the end only."""
_ENDS = 6
"""Words of each of these."""
_AROUND = 4
"""Words before and after that tell a text from the same one elsewhere in the article."""


def source_link(quote: Quote) -> str | None:
    """The article's address with a text fragment that browsers scroll to and highlight; None without a web address.

    After the WICG's *URL Fragment Text Directives*: ``#:~:text=[prefix-,]start[,end][,-suffix]``, where ``-``, ``,``
    and ``&`` of the words are percent-encoded. A fragment of the address itself is kept.
    """
    address = quote.article.url
    if not is_web_address(address):
        return None
    assert address is not None
    span, text = quote.span, quote.article.text
    words = quote.text.split()
    if not words:
        return address
    lines = quote.text.strip().splitlines()
    if len(quote.text) > _LONG or len(lines) > 1:
        ends = min(_ENDS, len(words) // 2) or 1
        first, last = lines[0].split()[:ends], lines[-1].split()[-ends:]
        directive = ",".join([_encoded(first), _encoded(last)]) if len(words) > 1 else _encoded(words)
    else:
        directive = _encoded(words)
        if text.count(quote.text) > 1:
            before = text[: span.start].rsplit("\n", 1)[-1].split()[-_AROUND:]
            after = text[span.end :].split("\n", 1)[0].split()[:_AROUND]
            directive = f"{_encoded(before)}-,{directive}" if before else directive
            directive = f"{directive},-{_encoded(after)}" if after else directive
    return f"{address}{'' if '#' in address else '#'}:~:text={directive}"


def page_link(quote: Quote) -> str:
    """The query that opens the article in this program's page with the quotation highlighted."""
    return "?" + urlencode({"article": quote.article.id, "start": quote.span.start, "end": quote.span.end})


def is_web_address(address: str | None) -> bool:
    """Whether `address` leads to the web and nowhere else; of any other scheme no link is made."""
    return address is not None and re.fullmatch(r"https?://[^\s\"'<>\\`{}|^]+", address, re.IGNORECASE) is not None


def _encoded(words: list[str]) -> str:
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
