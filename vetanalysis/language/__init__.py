"""Every word the package says, in both languages: `<family>.yaml`, and what makes sentences of it."""
