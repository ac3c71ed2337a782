"""Who gets which time in a season: the principles as data, the problem, the plan, how it is found, why not, and its check."""
