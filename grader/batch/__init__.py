"""A whole class graded: by several processes, each grading only once what has not changed, and nothing lost."""
