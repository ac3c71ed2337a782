"""Everything that changes rows: one function per verb, one file per part of a grant's life."""
