"""The regulations about associations: pure functions on frozen dataclasses."""
