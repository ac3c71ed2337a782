"""Grants in the formats of others: open data out."""
