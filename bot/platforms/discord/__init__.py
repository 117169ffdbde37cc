"""Discord: messages as Components V2, posts through REST, commands and buttons through the gateway."""
