"""The worker's way in: thin, by key, harmless twice."""
