"""Reading: which sentence of what was found answers the question, and whether any does."""
