"""Readers: from the files a newsroom has to the articles in them. One module a format, behind one protocol."""
