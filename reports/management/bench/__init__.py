"""Benchmarks of our own: each fills a scratch database, measures on this machine, and cleans up behind itself."""
