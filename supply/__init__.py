"""What the program is made of: every package in its lock, its licence, and the list that goes with a release."""
