"""The grant regulations: pure functions on frozen dataclasses."""
