"""The same change of many deals at once, each answered by itself, and its undoing as a whole (D-22)."""

from pipeline.commands.bulk.changes import MOST, BulkChange, BulkRefused, SeenDeal
from pipeline.commands.bulk.editing import edit_deals
from pipeline.commands.bulk.undoing import undo_bulk_edit

__all__ = ["MOST", "BulkChange", "BulkRefused", "SeenDeal", "edit_deals", "undo_bulk_edit"]
