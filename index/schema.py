"""The tables of a segment's database."""

DATABASE = "archive.sqlite"

TABLES = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL, title TEXT, outlet TEXT, author TEXT,
    published TEXT, language TEXT, url TEXT, source_file TEXT NOT NULL, source_path TEXT NOT NULL, sha256 TEXT NOT NULL,
    source_sha256 TEXT NOT NULL, exclusions TEXT NOT NULL, claims TEXT NOT NULL, pages TEXT NOT NULL,
    superseded_by TEXT, story TEXT, included TEXT NOT NULL, characters INTEGER NOT NULL, excluded INTEGER NOT NULL
) STRICT;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL, language TEXT
) STRICT;
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY, passage_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL
) STRICT;
CREATE TABLE direct_quotes (
    article_id TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, segments TEXT NOT NULL,
    partial INTEGER NOT NULL, speaker TEXT, speaker_span TEXT, verb_span TEXT, reported_by TEXT, reported_by_span TEXT
) STRICT;
CREATE TABLE sketches (article_id TEXT NOT NULL, news BLOB NOT NULL, sketch BLOB NOT NULL) STRICT;
CREATE TABLE bands (band INTEGER NOT NULL, article_id TEXT NOT NULL) STRICT;
CREATE TABLE lines (form INTEGER NOT NULL, article_id TEXT NOT NULL) STRICT;
CREATE TABLE repeats (grp TEXT NOT NULL, form INTEGER NOT NULL, stories INTEGER NOT NULL) STRICT;
"""

INDEXES = """
CREATE UNIQUE INDEX article_ids ON articles (id);
CREATE INDEX article_sources ON articles (source_file, source_path);
CREATE INDEX article_addresses ON articles (url) WHERE url NOTNULL;
CREATE INDEX article_stories ON articles (story, outlet) WHERE story NOTNULL;
CREATE INDEX article_totals ON articles (language, superseded_by, characters, excluded, id);
CREATE INDEX article_kinds ON articles (outlet, published, language, id);
CREATE UNIQUE INDEX passage_places ON passages (article_id, ordinal);
CREATE UNIQUE INDEX sentence_places ON sentences (passage_id, ordinal);
CREATE UNIQUE INDEX quote_places ON direct_quotes (article_id, "start");
CREATE INDEX quote_speakers ON direct_quotes (speaker);
CREATE UNIQUE INDEX sketch_owners ON sketches (article_id);
CREATE INDEX band_holders ON bands (band, article_id);
CREATE INDEX line_holders ON lines (form, article_id);
CREATE UNIQUE INDEX repeat_forms ON repeats (grp, form);
CREATE INDEX repeat_counts ON repeats (grp, stories);
"""
"""Made when all rows are there: sorting them at once is faster than placing each."""

OF_ARTICLES = {
    "articles": "id",
    "passages": "article_id",
    "direct_quotes": "article_id",
    "sketches": "article_id",
    "bands": "article_id",
    "lines": "article_id",
}
"""Tables whose rows go with their article, and the column that names it."""
OTHERS = ("sentences", "repeats")
VECTORS = ("passages", "sentences")
"""Tables whose rows have vectors, in files of that name."""
