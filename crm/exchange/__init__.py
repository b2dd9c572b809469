"""Import: files are read, mapped and matched here; commands write."""
