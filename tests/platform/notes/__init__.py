"""An app only the kill tests install: a job slow enough to be killed in the middle."""
