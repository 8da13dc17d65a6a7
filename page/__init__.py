"""The web page: an answer and an article as HTML, and what happens when one asks."""
