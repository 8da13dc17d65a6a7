"""Checking quotations: does somebody's exact wording stand in the archive, and if not, what was changed?"""
