"""The questions of the course: a file of YAML for each, and a file of Python for each that is made of a seed."""
