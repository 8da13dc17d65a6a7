"""Measuring retrieval, evidence and abstention on data sets, so that others can repeat it."""
