"""What people look at: the description of a map, and the page that draws it."""
