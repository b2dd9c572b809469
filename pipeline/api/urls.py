"""API of this app, below /api/v1/."""

from django.urls import path

from pipeline.api.views.approvals import Approvals
from pipeline.api.views.assessments import Assessments
from pipeline.api.views.bulk import BulkEdits
from pipeline.api.views.business_cases import BusinessCases
from pipeline.api.views.criteria import DealCriteria
from pipeline.api.views.documents import Documents, Files, Negotiation, Proposals
from pipeline.api.views.economics import DealEconomics
from pipeline.api.views.economics_rows import Costs, Efforts, Expansions, Lines, StrategicValues
from pipeline.api.views.history import History
from pipeline.api.views.next_steps import NextSteps
from pipeline.api.views.opportunities import Opportunities
from pipeline.api.views.playbook import Guides, MeetingRecords
from pipeline.api.views.progress import Progress
from pipeline.api.views.promises import Handovers, Promises
from pipeline.api.views.resources import Questions, Requests, Resources
from pipeline.api.views.setpoints import Setpoints
from pipeline.api.views.stakeholders import Stakeholders
from pipeline.api.views.templates import Templates

urlpatterns = [
    path("opportunities/", Opportunities.as_view({"get": "list", "post": "create"}), name="api_opportunities"),
    path(
        "opportunities/<int:pk>/",
        Opportunities.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api_opportunity",
    ),
    path("opportunities/<int:pk>/move/", Opportunities.as_view({"post": "move"}), name="api_opportunity_move"),
    path("opportunities/<int:pk>/close/", Opportunities.as_view({"post": "close"}), name="api_opportunity_close"),
    path(
        "opportunities/<int:pk>/signals/<slug:code>/snooze/",
        Opportunities.as_view({"post": "snooze"}),
        name="api_signal_snooze",
    ),
    path(
        "opportunities/<int:pk>/signals/<slug:code>/wake/",
        Opportunities.as_view({"post": "wake"}),
        name="api_signal_wake",
    ),
    path("opportunities/<int:pk>/history/", History.as_view({"get": "list"}), name="api_opportunity_history"),
    path(
        "opportunities/<int:deal_id>/criteria/",
        DealCriteria.as_view({"get": "list", "post": "create"}),
        name="api_deal_criteria",
    ),
    path(
        "opportunities/<int:deal_id>/criteria/<int:attestation_id>/revoke/",
        DealCriteria.as_view({"post": "revoke"}),
        name="api_attestation_revoke",
    ),
    path(
        "opportunities/<int:deal_id>/next-steps/",
        NextSteps.as_view({"get": "list", "post": "create"}),
        name="api_next_steps",
    ),
    path(
        "opportunities/<int:deal_id>/next-steps/<int:pk>/",
        NextSteps.as_view({"get": "retrieve"}),
        name="api_next_step",
    ),
    path(
        "opportunities/<int:deal_id>/next-steps/<int:pk>/reschedule/",
        NextSteps.as_view({"post": "reschedule"}),
        name="api_next_step_reschedule",
    ),
    path(
        "opportunities/<int:deal_id>/next-steps/<int:pk>/end/",
        NextSteps.as_view({"post": "end"}),
        name="api_next_step_end",
    ),
    path(
        "opportunities/<int:deal_id>/assessments/",
        Assessments.as_view({"get": "list", "post": "create"}),
        name="api_assessments",
    ),
    path(
        "opportunities/<int:deal_id>/stakeholders/",
        Stakeholders.as_view({"get": "list", "post": "create"}),
        name="api_stakeholders",
    ),
    path(
        "opportunities/<int:deal_id>/proposals/",
        Proposals.as_view({"get": "list", "post": "create"}),
        name="api_proposals",
    ),
    path(
        "opportunities/<int:deal_id>/proposals/<int:pk>/",
        Proposals.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api_proposal",
    ),
    path(
        "opportunities/<int:deal_id>/proposals/<int:pk>/send/",
        Proposals.as_view({"post": "send"}),
        name="api_proposal_send",
    ),
    path(
        "opportunities/<int:deal_id>/negotiation/",
        Negotiation.as_view({"get": "list", "post": "create"}),
        name="api_negotiation",
    ),
    path(
        "opportunities/<int:deal_id>/negotiation/<int:pk>/settle/",
        Negotiation.as_view({"post": "settle"}),
        name="api_negotiation_settle",
    ),
    path(
        "opportunities/<int:deal_id>/documents/",
        Documents.as_view({"get": "list", "post": "create"}),
        name="api_documents",
    ),
    path(
        "opportunities/<int:deal_id>/documents/<int:pk>/pdf/",
        Documents.as_view({"get": "pdf"}),
        name="api_document_pdf",
    ),
    path(
        "opportunities/<int:deal_id>/documents/<int:pk>/docx/",
        Documents.as_view({"get": "docx"}),
        name="api_document_docx",
    ),
    path("opportunities/<int:deal_id>/files/", Files.as_view({"get": "list", "post": "create"}), name="api_files"),
    path("opportunities/<int:deal_id>/files/<int:pk>/", Files.as_view({"delete": "destroy"}), name="api_file"),
    path(
        "opportunities/<int:deal_id>/files/<int:pk>/content/",
        Files.as_view({"get": "content"}),
        name="api_file_content",
    ),
    path("bulk-edits/", BulkEdits.as_view({"post": "create"}), name="api_bulk_edits"),
    path("bulk-edits/<int:edit_id>/", BulkEdits.as_view({"get": "retrieve"}), name="api_bulk_edit"),
    path("bulk-edits/<int:edit_id>/undo/", BulkEdits.as_view({"post": "undo"}), name="api_bulk_edit_undo"),
    path(
        "document-templates/",
        Templates.as_view({"get": "list", "post": "create"}),
        name="api_document_templates",
    ),
    path(
        "document-templates/<int:pk>/",
        Templates.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api_document_template",
    ),
    path(
        "document-templates/<int:pk>/retire/",
        Templates.as_view({"post": "retire"}),
        name="api_document_template_retire",
    ),
    path("document-templates/<int:pk>/use/", Templates.as_view({"post": "use"}), name="api_document_template_use"),
    path("opportunities/<int:deal_id>/progress/", Progress.as_view({"get": "retrieve"}), name="api_progress"),
    path(
        "opportunities/<int:deal_id>/lines/",
        Lines.as_view({"get": "list", "post": "create"}),
        name="api_lines",
    ),
    path(
        "opportunities/<int:deal_id>/lines/<int:pk>/",
        Lines.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="api_line",
    ),
    path(
        "opportunities/<int:deal_id>/costs/",
        Costs.as_view({"get": "list", "post": "create"}),
        name="api_costs",
    ),
    path(
        "opportunities/<int:deal_id>/costs/<int:pk>/",
        Costs.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="api_cost",
    ),
    path(
        "opportunities/<int:deal_id>/efforts/",
        Efforts.as_view({"get": "list", "post": "create"}),
        name="api_efforts",
    ),
    path(
        "opportunities/<int:deal_id>/efforts/<int:pk>/",
        Efforts.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api_effort",
    ),
    path(
        "opportunities/<int:deal_id>/expansions/",
        Expansions.as_view({"get": "list", "post": "create"}),
        name="api_expansions",
    ),
    path(
        "opportunities/<int:deal_id>/expansions/<int:pk>/",
        Expansions.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="api_expansion",
    ),
    path(
        "opportunities/<int:deal_id>/strategic-values/",
        StrategicValues.as_view({"get": "list", "post": "create"}),
        name="api_strategic_values",
    ),
    path(
        "opportunities/<int:deal_id>/strategic-values/<int:pk>/",
        StrategicValues.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="api_strategic_value",
    ),
    path(
        "opportunities/<int:deal_id>/strategic-values/<int:pk>/approve/",
        StrategicValues.as_view({"post": "approve"}),
        name="api_strategic_value_approve",
    ),
    path(
        "opportunities/<int:deal_id>/economics/", DealEconomics.as_view({"get": "retrieve"}), name="api_deal_economics"
    ),
    path(
        "opportunities/<int:deal_id>/business-case/",
        BusinessCases.as_view({"get": "retrieve", "post": "create", "patch": "partial_update"}),
        name="api_business_case",
    ),
    path(
        "opportunities/<int:deal_id>/business-case/share/",
        BusinessCases.as_view({"post": "share"}),
        name="api_business_case_share",
    ),
    path(
        "opportunities/<int:deal_id>/business-case/withdraw/",
        BusinessCases.as_view({"post": "withdraw"}),
        name="api_business_case_withdraw",
    ),
    path("approvals/", Approvals.as_view({"get": "list", "post": "create"}), name="api_approvals"),
    path("approvals/<int:pk>/", Approvals.as_view({"get": "retrieve"}), name="api_approval"),
    path("approvals/<int:pk>/decide/", Approvals.as_view({"post": "decide"}), name="api_approval_decide"),
    path("approvals/<int:pk>/delegate/", Approvals.as_view({"post": "delegate"}), name="api_approval_delegate"),
    path("approvals/<int:pk>/withdraw/", Approvals.as_view({"post": "withdraw"}), name="api_approval_withdraw"),
    path("resources/", Resources.as_view({"get": "list"}), name="api_resources"),
    path("resource-requests/", Requests.as_view({"get": "list", "post": "create"}), name="api_resource_requests"),
    path("resource-requests/<int:pk>/", Requests.as_view({"get": "retrieve"}), name="api_resource_request"),
    path(
        "resource-requests/<int:pk>/accept/", Requests.as_view({"post": "accept"}), name="api_resource_request_accept"
    ),
    path(
        "resource-requests/<int:pk>/decline/",
        Requests.as_view({"post": "decline"}),
        name="api_resource_request_decline",
    ),
    path(
        "resource-requests/<int:pk>/finish/", Requests.as_view({"post": "finish"}), name="api_resource_request_finish"
    ),
    path(
        "resource-requests/<int:pk>/withdraw/",
        Requests.as_view({"post": "withdraw"}),
        name="api_resource_request_withdraw",
    ),
    path("delivery-questions/", Questions.as_view({"get": "list", "post": "create"}), name="api_questions"),
    path("delivery-questions/<int:pk>/", Questions.as_view({"get": "retrieve"}), name="api_question"),
    path("delivery-questions/<int:pk>/answer/", Questions.as_view({"post": "answer"}), name="api_question_answer"),
    path("promises/", Promises.as_view({"get": "list", "post": "create"}), name="api_promises"),
    path("promises/<int:pk>/", Promises.as_view({"get": "retrieve"}), name="api_promise"),
    path("promises/<int:pk>/end/", Promises.as_view({"post": "end"}), name="api_promise_end"),
    path("handovers/", Handovers.as_view({"get": "list"}), name="api_handovers"),
    path("handovers/<int:pk>/", Handovers.as_view({"get": "retrieve"}), name="api_handover"),
    path("handovers/<int:pk>/accept/", Handovers.as_view({"post": "accept"}), name="api_handover_accept"),
    path("handovers/<int:pk>/check/", Handovers.as_view({"post": "check"}), name="api_handover_check"),
    path("guides/", Guides.as_view({"get": "list", "post": "create"}), name="api_guides"),
    path("guides/<int:pk>/", Guides.as_view({"get": "retrieve", "patch": "partial_update"}), name="api_guide"),
    path(
        "opportunities/<int:deal_id>/meeting-records/",
        MeetingRecords.as_view({"get": "list", "post": "create"}),
        name="api_meeting_records",
    ),
    path("setpoints/", Setpoints.as_view({"get": "list"}), name="api_setpoints"),
]
