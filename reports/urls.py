"""Pages of this app."""

from django.urls import URLPattern, path

from crm.lib.http import feature
from reports.views import actions, day_answers, days, feedback, figures, qbrs, records, together, weekly

QBR: list[URLPattern] = [
    path("reports/qbr/", qbrs.qbr_list, name="qbr_list"),
    path("reports/qbr/ask/", qbrs.qbr_ask, name="qbr_ask"),
    path("reports/qbr/<int:pk>/", qbrs.qbr_detail, name="qbr_detail"),
    path("reports/qbr/<int:pk>/progress/", qbrs.qbr_progress, name="qbr_progress"),
    path("reports/qbr/<int:pk>/leads/", records.qbr_leads, name="qbr_leads"),
    path("reports/qbr/<int:pk>/stop/", qbrs.qbr_stop, name="qbr_stop"),
    path("reports/qbr/<int:pk>/retry/", qbrs.qbr_retry, name="qbr_retry"),
    path("reports/qbr/<int:pk>/rebuild/", qbrs.qbr_rebuild, name="qbr_rebuild"),
    path("reports/qbr/<int:pk>/actions/", actions.action_add, name="action_add"),
    path("reports/actions/<int:pk>/edit/<slug:field>/", actions.action_edit, name="action_edit"),
    path("reports/actions/<int:pk>/done/", actions.action_mark, name="action_mark"),
    path("reports/actions/<int:pk>/remove/", actions.action_remove, name="action_remove"),
]
for route in QBR:
    feature("qbr")(route.callback)

urlpatterns: list[URLPattern] = [
    path("", days.my_day, name="my_day"),
    path("day/steps/<int:pk>/", day_answers.step_done_form, name="step_done_form"),
    path("day/steps/<int:pk>/done/", day_answers.step_done, name="step_done"),
    path("day/steps/<int:pk>/later/", day_answers.step_later, name="step_later"),
    path("day/leads/<int:pk>/accept/", day_answers.lead_accept, name="lead_accept"),
    path("reports/", figures.figure_list, name="figure_list"),
    path("reports/leads/", feedback.feedback, name="feedback"),
    path("reports/leads/board/", together.lead_board, name="lead_board"),
    path("reports/leads/week/", weekly.weekly, name="weekly"),
    path("reports/leads/week/<int:pk>/", weekly.weekly, name="weekly_of"),
    path("reports/figures/<slug:slug>/records/", records.figure_records, name="figure_records"),
    *QBR,
]
