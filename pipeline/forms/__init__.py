"""What pages take from people: forms validate shape, commands decide."""
