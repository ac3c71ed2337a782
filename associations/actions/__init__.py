"""Everything that changes rows: one function per verb."""
