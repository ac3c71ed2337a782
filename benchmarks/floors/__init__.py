"""What the database alone needs for the same work: the floors that figures are told against."""
