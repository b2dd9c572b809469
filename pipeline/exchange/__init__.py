"""What of a file becomes deals, their history, products and targets."""
