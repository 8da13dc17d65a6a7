"""How much may be asked at once."""

DEFAULT_QUOTES = 5
MAX_QUOTES = 50
MAX_QUESTION = 2_000
"""Characters. The longest question an encoder reads to its end has about as many."""
