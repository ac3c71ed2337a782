"""Data that several benchmarks stand on, written straight to the tables: how it came there is not what is measured."""
