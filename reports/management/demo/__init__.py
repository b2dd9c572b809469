"""The demo company: rows for the importer, made from a seed. Every name and text here is invented."""
