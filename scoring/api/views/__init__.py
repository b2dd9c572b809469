"""Resources of this app."""
