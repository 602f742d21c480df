"""The commands, in files by who calls them. What takes time to import is imported by the command that needs it."""
