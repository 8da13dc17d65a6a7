"""The tables of a shared archive.

What an archive was once *built* as has a schema of its own, and what changes it later is told apart by generations: a
row counts from the generation ``since`` on, and before ``until``. Views of the names that :mod:`index.schema` gives
show what counts in the generation that a connection is set to.
"""

from __future__ import annotations

OPEN = 2**31 - 1
"""``until`` of what still counts."""
POINTERS = "virgolettato"
"""The schema of what is one for all that was built."""
SETTING = "virgolettato.generation"
"""The setting of a connection that says which generation it reads."""

SHARED = f"""
CREATE SCHEMA IF NOT EXISTS {POINTERS};
CREATE TABLE IF NOT EXISTS {POINTERS}.archive (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS {POINTERS}.generations (
    number INTEGER PRIMARY KEY, built INTEGER NOT NULL, ranked BOOLEAN NOT NULL, manifest TEXT NOT NULL,
    published TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS {POINTERS}.files (
    sha256 TEXT NOT NULL, part INTEGER NOT NULL, content BYTEA NOT NULL, PRIMARY KEY (sha256, part)
);
"""
"""``name`` begins the names of the archive's collections; ``ranked``: the engine ranks passages by their words."""

_TEXT, _REQUIRED = 'TEXT COLLATE "C"', 'TEXT COLLATE "C" NOT NULL'
COLUMNS: dict[str, dict[str, str]] = {
    "articles": {
        "number": "INTEGER PRIMARY KEY",
        "id": _REQUIRED,
        "text": _REQUIRED,
        **dict.fromkeys(("title", "outlet", "author", "published", "language", "url"), _TEXT),
        **dict.fromkeys(
            ("source_file", "source_path", "sha256", "source_sha256", "exclusions", "claims", "pages"), _REQUIRED
        ),
        **dict.fromkeys(("superseded_by", "story"), _TEXT),
        "included": _REQUIRED,
        "characters": "INTEGER NOT NULL",
        "excluded": "INTEGER NOT NULL",
    },
    "passages": {
        "id": "BIGINT PRIMARY KEY",
        "article_id": _REQUIRED,
        **dict.fromkeys(("ordinal", '"start"', '"end"'), "INTEGER NOT NULL"),
        "language": _TEXT,
    },
    "sentences": {
        "id": "BIGINT PRIMARY KEY",
        "passage_id": "BIGINT NOT NULL",
        **dict.fromkeys(("ordinal", '"start"', '"end"'), "INTEGER NOT NULL"),
    },
    "direct_quotes": {
        "article_id": _REQUIRED,
        **dict.fromkeys(('"start"', '"end"'), "INTEGER NOT NULL"),
        "segments": _REQUIRED,
        "partial": "INTEGER NOT NULL",
        **dict.fromkeys(("speaker", "speaker_span", "verb_span", "reported_by", "reported_by_span"), _TEXT),
    },
    "termed": {"passage_id": "BIGINT PRIMARY KEY", "lines": _REQUIRED},
    "frequencies": {"term": _REQUIRED, "holders": "BIGINT NOT NULL"},
}
"""The columns of each table; those of the first four are the ones that a segment's database has."""

_INDEXED = {
    "articles": ("id", "source_file, id", "outlet, published, language", "story"),
    "passages": ("article_id, ordinal",),
    "sentences": ("passage_id, ordinal",),
    "direct_quotes": ('article_id, "start"', "speaker"),
    "termed": (),
    "frequencies": ("term",),
}


def schema_of(built: int) -> str:
    """The schema of what was built as the `built`-th."""
    return f"{POINTERS}_{built}"


def statements(built: int) -> list[str]:
    """What makes the schema of the `built`-th, empty."""
    schema = schema_of(built)
    made = [f"CREATE SCHEMA {schema}"]
    for table, columns in COLUMNS.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        made.append(f"CREATE TABLE {schema}.all_{table} ({listed}, since INTEGER NOT NULL, until INTEGER NOT NULL)")
        made += [f"CREATE INDEX ON {schema}.all_{table} ({columns})" for columns in _INDEXED[table]]
        made.append(f"CREATE INDEX ON {schema}.all_{table} (until) WHERE until < {OPEN}")
        now = f"current_setting('{SETTING}')::INTEGER"
        made.append(
            f"CREATE VIEW {schema}.{table} AS SELECT {', '.join(columns)} FROM {schema}.all_{table} "
            f"WHERE since <= {now} AND until > {now}"
        )
    return made
