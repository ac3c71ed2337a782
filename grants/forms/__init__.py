"""Reads and checks input; never saves."""
