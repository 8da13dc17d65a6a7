"""Answers questions over an archive by quoting it, and only so. Nothing heavy is loaded on import."""
