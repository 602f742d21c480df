"""The exercises of chapter 4, one file each, and the course that they make."""
