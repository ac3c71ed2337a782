"""One module for each area of `./run bench AREA`: a function `measure(bench)` that builds its data and returns its figures."""
