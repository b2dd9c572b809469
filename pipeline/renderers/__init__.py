"""What is handed out as a file, made of words that are ready to be read."""
