"""The one place where settings are read, objects are built and wired, and closed in reverse."""
