"""Pages of this app."""

from django.urls import URLPattern, path

from crm.lib.http import by_method
from pipeline.views import (
    attention,
    board,
    closing,
    deals,
    evidence,
    moves,
    progress,
    qualification,
    stakeholders,
    steps,
)

app_name = "pipeline"
urlpatterns: list[URLPattern] = [
    path("pipeline/", board.board, name="board"),
    path("pipeline/cards/", board.board_cards, name="board_cards"),
    path("pipeline/filters/", board.board_filters, name="board_filters"),
    path("deals/new/", deals.deal_new, name="deal_new"),
    path("deals/create/", deals.deal_create, name="deal_create"),
    path("deals/<int:deal_id>/", deals.deal_detail, name="deal_detail"),
    path("deals/<int:deal_id>/card/", moves.deal_card, name="deal_card"),
    path("deals/<int:deal_id>/move/", by_method(get=moves.deal_move, post=moves.deal_moved), name="deal_move"),
    path("deals/<int:deal_id>/undo/<int:seq>/", moves.move_undo, name="move_undo"),
    path("deals/<int:deal_id>/revert/<int:seq>/", closing.change_reverted, name="change_reverted"),
    path("deals/<int:deal_id>/close/", by_method(get=closing.deal_close, post=closing.deal_closed), name="deal_close"),
    path(
        "deals/<int:deal_id>/reopen/",
        by_method(get=closing.deal_reopen, post=closing.deal_reopened),
        name="deal_reopened",
    ),
    path("deals/<int:deal_id>/archive/", deals.deal_archive, name="deal_archive"),
    path("deals/<int:deal_id>/step/", by_method(get=steps.deal_step, post=steps.deal_step_saved), name="deal_step"),
    path("deals/<int:deal_id>/step/words/", steps.step_words, name="step_words"),
    path("deals/<int:deal_id>/criteria/", moves.deal_criteria, name="deal_criteria"),
    path("deals/<int:deal_id>/steps/<int:step_id>/end/", steps.deal_step_ended, name="deal_step_ended"),
    path(
        "deals/<int:deal_id>/assess/<slug:element>/",
        by_method(get=qualification.deal_assessment, post=qualification.deal_assessed),
        name="deal_assessment",
    ),
    path(
        "deals/<int:deal_id>/signals/<slug:code>/rest/",
        by_method(get=attention.deal_snooze, post=attention.deal_snoozed),
        name="deal_snooze",
    ),
    path("deals/<int:deal_id>/signals/<slug:code>/wake/", attention.deal_woken, name="deal_woken"),
    path(
        "deals/<int:deal_id>/pause/",
        by_method(get=attention.deal_pause, post=attention.deal_paused),
        name="deal_pause",
    ),
    path("deals/<int:deal_id>/resume/", attention.deal_resumed, name="deal_resumed"),
    path(
        "deals/<int:deal_id>/restart/",
        by_method(get=attention.deal_restart, post=attention.deal_restarted),
        name="deal_restart",
    ),
    path("deals/<int:deal_id>/progress/", progress.deal_progress, name="deal_progress"),
    path(
        "deals/<int:deal_id>/people/add/",
        by_method(get=stakeholders.deal_person_new, post=stakeholders.deal_person_added),
        name="deal_person_new",
    ),
    path(
        "deals/<int:deal_id>/people/<int:contact_id>/",
        by_method(get=stakeholders.deal_person, post=stakeholders.deal_person_saved),
        name="deal_person",
    ),
    path(
        "deals/<int:deal_id>/people/<int:contact_id>/left/",
        stakeholders.deal_person_removed,
        name="deal_person_removed",
    ),
    path("deals/<int:deal_id>/facts/<int:version_id>/", evidence.deal_fact, name="deal_fact"),
    path("deals/<int:deal_id>/facts/<int:version_id>/attest/", evidence.deal_fact_attested, name="deal_fact_attested"),
    path(
        "deals/<int:deal_id>/attestations/<int:attestation_id>/revoke/",
        evidence.deal_fact_revoked,
        name="deal_fact_revoked",
    ),
    path("deals/<int:deal_id>/fields/<slug:field>/", deals.deal_field, name="deal_field"),
    path("deals/<int:deal_id>/fields/<slug:field>/save/", deals.deal_field_save, name="deal_field_save"),
    path("accounts/<int:account_id>/deals/", deals.account_panel, name="account_panel"),
    path("contacts/<int:contact_id>/deals/", deals.contact_panel, name="contact_panel"),
]
