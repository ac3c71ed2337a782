"""Which class goes to which performance: the problem, the plan, how it is found, why not, and the check of it."""
