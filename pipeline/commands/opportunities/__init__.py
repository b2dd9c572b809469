"""The only writers of deals; pages, API, import and jobs all come through here."""

from pipeline.commands.opportunities.activities import link_logged_activity, log_deal_activity
from pipeline.commands.opportunities.attesting import attest_criterion, revoke_attestation
from pipeline.commands.opportunities.closing import close_opportunity
from pipeline.commands.opportunities.creating import create_opportunity
from pipeline.commands.opportunities.editing import (
    archive_opportunity,
    edit_opportunity,
    give_away_deals,
    revert_change,
)
from pipeline.commands.opportunities.moving import Move, move_opportunity, undo_move
from pipeline.commands.opportunities.refused import (
    AttestationRefused,
    CloseRefused,
    EditRefused,
    MoveRefused,
    ReopenRefused,
    StepRefused,
    UndoRefused,
)
from pipeline.commands.opportunities.reopening import Reopening, reopen_opportunity
from pipeline.commands.opportunities.steps import (
    StepPlan,
    complete_next_step,
    drop_next_step,
    reschedule_next_step,
    set_next_step,
)

__all__ = [
    "AttestationRefused",
    "CloseRefused",
    "EditRefused",
    "Move",
    "MoveRefused",
    "ReopenRefused",
    "Reopening",
    "StepPlan",
    "StepRefused",
    "UndoRefused",
    "archive_opportunity",
    "attest_criterion",
    "close_opportunity",
    "complete_next_step",
    "create_opportunity",
    "drop_next_step",
    "edit_opportunity",
    "give_away_deals",
    "link_logged_activity",
    "log_deal_activity",
    "move_opportunity",
    "reopen_opportunity",
    "reschedule_next_step",
    "revert_change",
    "revoke_attestation",
    "set_next_step",
    "undo_move",
]
