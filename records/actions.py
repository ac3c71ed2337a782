"""What the records room does to its own rows after commit: rendering, sending, scanning, disposal."""
