"""What families and web editors see: the pages at /find-help, and everything of the widget."""
