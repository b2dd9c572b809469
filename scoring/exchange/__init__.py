"""What of a file becomes leads and their events."""
