"""Long trials of what must never happen: a wrong slice, a lost article, an archive that nobody can mend."""
