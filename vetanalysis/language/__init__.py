"""Every word the package says, in both languages side by side: `<family>.yaml`, and what makes sentences of it."""
