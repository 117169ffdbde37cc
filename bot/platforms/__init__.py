"""The doors: where people meet newsbot."""
