"""Platform-neutral messages: making their blocks, and rendering them as plain text and as Markdown."""
