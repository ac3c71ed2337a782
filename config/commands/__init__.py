"""What ./run does once the packages are there: serve, check, bench."""
