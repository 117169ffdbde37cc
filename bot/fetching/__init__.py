"""Feeds into the watched folder: what the operator's feeds link to is fetched and written as files, nothing else is."""
