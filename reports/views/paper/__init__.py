"""A frozen quarter review made readable: rows, bars and sentences for its template."""

from reports.views.paper.whole import Paper, make_paper

__all__ = ["Paper", "make_paper"]
