"""Figures that count nothing: dates, times, years, ages, ordinals, and numbers in names."""

from __future__ import annotations

import re

MONTHS = (
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|january|february"
    "|march|april|may|june|july|august|september|october|november|december|gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov"
    "|dic|jan|jun|jul|aug|sep|sept|oct|dec"
)
DAY = r"\d{1,2}(?:º|°|st|nd|rd|th)?"
NO_QUANTITY = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b\d{{1,2}}:\d{{2}}(?::\d{{2}})?\b"
    rf"|\b\d{{1,2}}(?:[.:]\d{{2}})?\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w)"
    rf"|\b(?:ore|at)\s\d{{1,2}}(?:[.:,]\d{{2}}\b|\b(?![.:,]\d|\s[^\W\d_]))|\balle\s\d{{1,2}}[.:]\d{{2}}\b"
    rf"|\b{DAY}(?:\s?[-–/]\s?{DAY})?\s(?:of\s)?(?:{MONTHS})\b\.?(?:,?\s(?:del\s|of\s)?\d{{4}}\b)?"
    rf"|\b(?:{MONTHS})\.?\s{DAY}\b(?![.,]\d|\s?[-–]?\s?(?:mila|mil|bn|thousand))(?:,?\s\d{{4}}\b)?"
    rf"|\b(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?(?:\d\d){{1,2}})?s?\b(?![.,]\d)"
    r"|['’‘]\d\ds?\b|\b\d+\s?(?:°|º|ª|st|nd|rd|th)(?!\w)|\b\d{1,3}(?:-|\s)?year(?:-|\s)olds?\b|\b\d{1,3}enn[ei]\b"
    r"|\b(?:art(?:icol[oi]|icles?|t)?|n(?:um(?:ber|ero))?|no|nos|comma|commi|capitolo|capitoli|chapters?|pages?|pag"
    r"|section|sezione|versetti?|verses?|group|gruppo|serie|size|channel|canale|room|stanza|route|interstate)\b\.?°?\s?\d+(?:[-–,]\d+)*"
    r"|(?<=[^\W\d_])-?\d+(?:[.,]\d+)*|(?<=[^\W\d_]-)\d+|\b\d+(?:-|–)\d+(?:-|–)\d+\b|#\d+",
    re.IGNORECASE,
)
MONTH_NUMBERS = {
    name: number
    for row in (
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(row.split(), start=1)
}
"""Names of months in both languages, in full."""
