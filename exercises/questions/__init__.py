"""The questions of the course, declared: one file for each group of them."""
