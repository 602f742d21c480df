"""The quiz: a bank of questions, asked in a terminal, a page or a notebook, and the marking of answers."""
