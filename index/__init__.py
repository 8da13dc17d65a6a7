"""Builds and keeps an archive of articles: texts, spans, vectors and terms. Nothing heavy is loaded on import."""
