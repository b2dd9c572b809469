"""What is made of several queries at once."""
