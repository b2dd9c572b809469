"""Deals and their history in bulk, with the events the single commands make."""

from pipeline.commands.imports.assessments import AssessmentRow, import_assessments
from pipeline.commands.imports.attestations import AttestationRow, import_attestations
from pipeline.commands.imports.deals import DealRow, import_deals
from pipeline.commands.imports.history import HistoryRow, import_history
from pipeline.commands.imports.moving import Barred, Unmet
from pipeline.commands.imports.targets import import_targets

__all__ = [
    "AssessmentRow",
    "AttestationRow",
    "Barred",
    "DealRow",
    "HistoryRow",
    "Unmet",
    "import_assessments",
    "import_attestations",
    "import_deals",
    "import_history",
    "import_targets",
]
