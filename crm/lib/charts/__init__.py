"""Charts as SVG drawn on the server: colours by CSS variable, text never stretched, no script needed.

Positions along the stretching axis are percentages of a drawing without viewBox, so a chart is as wide
as its place while its text stays 11 px. Bars start at zero.
"""

from crm.lib.charts.bars import columns, histogram, rows
from crm.lib.charts.data import Bar, Line, Mark, Number, Point
from crm.lib.charts.lines import lines
from crm.lib.charts.positions import positions

__all__ = ["Bar", "Line", "Mark", "Number", "Point", "columns", "histogram", "lines", "positions", "rows"]
