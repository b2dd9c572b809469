"""My day, figures and quarter reviews."""

ROWS = {
    # reports: my day, figures and quarter reviews.
    "GET reports:my_day": "302 200 200 200 200 200 200 200 200",
    "GET reports:step_done_form": "302 200 200 404 200 404 200 200 404",
    "POST reports:step_done": "302 302 302 404 302 404 403 302 404",
    "POST reports:step_later": "302 302 302 404 302 404 403 302 404",
    "POST reports:lead_accept": "302 302 403 404 302 404 403 302 404",
    "GET reports:figure_list": "302 200 200 200 200 200 200 200 404",
    "GET reports:feedback": "302 200 200 200 200 200 200 200 404",
    "GET reports:lead_board": "302 200 200 200 200 200 200 200 404",
    "GET reports:weekly": "302 200 200 200 200 200 200 200 404",
    "GET reports:weekly_of": "302 404 404 404 404 404 404 404 404",
    "GET reports:figure_records": "302 200 200 200 200 200 200 200 404",
    "GET reports:qbr_list": "302 200 200 200 200 200 200 200 404",
    "POST reports:qbr_ask": "302 403 403 403 302 302 403 302 404",
    "GET reports:qbr_detail": "302 200 200 404 200 404 200 200 404",
    "GET reports:qbr_progress": "302 200 200 404 200 404 200 200 404",
    "GET reports:qbr_leads": "302 200 200 404 200 404 200 200 404",
    "POST reports:qbr_stop": "302 403 403 404 302 404 403 302 404",
    "POST reports:qbr_retry": "302 403 403 404 302 404 403 302 404",
    "POST reports:qbr_rebuild": "302 403 403 404 302 404 403 302 404",
    "POST reports:action_add": "302 403 403 404 422 404 403 422 404",
    "POST reports:action_edit": "302 403 403 404 422 404 403 422 404",
    "POST reports:action_mark": "302 302 403 404 302 404 403 302 404",
    "POST reports:action_remove": "302 403 403 404 302 404 403 302 404",
}
