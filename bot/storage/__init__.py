"""Storage: the archive of files, articles, summaries, digests and spending, and the search over it.

Start at `archive.open_archive`; everything else in this room stands behind it.
"""
