"""One company for the permission matrix: who asks, and the records of one rep they ask for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.lib.sharing import sign_key
from crm.models import (
    Absence,
    Account,
    AccountInsight,
    Activity,
    ApiToken,
    Campaign,
    Contact,
    Holiday,
    Persona,
    Source,
    Team,
    User,
)
from pipeline.models import (
    Approval,
    Attestation,
    BulkEdit,
    BusinessCase,
    DeliveryQuestion,
    Document,
    Handover,
    MessageGuide,
    NegotiationPoint,
    NextStep,
    Opportunity,
    OpportunityActivity,
    OpportunityEvent,
    OpportunityFile,
    Product,
    Promise,
    Proposal,
    ResourceRequest,
    Stage,
    Stakeholder,
    StrategicValue,
)
from reports.models import QbrAction, QbrRun
from scoring.commands.agreements import propose_definition
from scoring.commands.simulations import ask_simulation
from scoring.models import (
    AgreedDefinition,
    Challenge,
    Lead,
    LeadComment,
    LeadGoal,
    ScoringModel,
    Simulation,
    Territory,
    Trial,
    WebForm,
    Website,
)
from tests.crm.permission_records import AT, attach, count_on, hand_over, note_days, try_rules
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    InsightFactory,
    PersonaFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.documents import DocumentFactory, NegotiationPointFactory, ProposalFactory
from tests.factories.pipeline import (
    AttestationFactory,
    NextStepFactory,
    OpportunityActivityFactory,
    OpportunityFactory,
    ProductFactory,
    get_version,
)
from tests.factories.promises import ApprovalFactory, PromiseFactory
from tests.factories.resources import QuestionFactory, RequestFactory, ResourceFactory
from tests.factories.scoring import LeadFactory

ROLES = ("anonymous", "owner", "mate", "stranger", "manager", "other_manager", "marketing", "admin", "contributor")


@dataclass
class World:
    """The records, all of `owner`, who is in `team`; `stranger` and `other_manager` belong to another one."""

    people: dict[str, User | None]
    team: Team
    account: Account
    contact: Contact
    insight: AccountInsight
    persona: Persona
    held: OpportunityActivity
    guide: MessageGuide
    meeting: Activity
    deal: Opportunity
    event: OpportunityEvent
    step: NextStep
    attestation: Attestation
    lead: Lead
    token: ApiToken
    qbr: QbrRun
    qbr_action: QbrAction
    colleague: User
    approval: Approval
    promise: Promise
    handover: Handover
    document: Document
    file: OpportunityFile
    proposal: Proposal
    point: NegotiationPoint
    hours: ResourceRequest
    question: DeliveryQuestion
    bulk_edit: BulkEdit
    stage: Stage
    strategic: StrategicValue
    economics: dict[str, int]
    product: Product
    web_form: WebForm


def make_world() -> World:
    """Make the company."""
    team, other = TeamFactory(), TeamFactory()
    people: dict[str, User | None] = {
        "anonymous": None,
        "owner": UserFactory(rep=True, team=team),
        "mate": UserFactory(rep=True, team=team),
        "stranger": UserFactory(rep=True, team=other),
        "manager": UserFactory(manages=team),
        "other_manager": UserFactory(manages=other),
        "marketing": UserFactory(marketing=True),
        "admin": UserFactory(admin=True),
        "contributor": UserFactory(contributor=True),
    }
    owner = people["owner"]
    account = AccountFactory(owner=owner)
    deal = OpportunityFactory(owner=owner, account=account)
    lead = LeadFactory(owner=owner, status="mql")
    hand_over(lead, owner)
    note_days(owner)
    qbr = QbrRun.objects.create(
        team=team, quarter="2026Q3", number=1, as_of=AT, known_at=AT, asked_by=people["manager"], asked_at=AT
    )
    contact = ContactFactory(owner=owner, account=account)
    Stakeholder.objects.create(opportunity=deal, contact=contact)
    BusinessCase.objects.create(opportunity=deal, currency="EUR", share_key="key", shared_until=date(2199, 1, 1))
    rules = ScoringModel.objects.get(number=1)
    ask_simulation(model_id=rules.pk, by=people["marketing"], at=AT, in_process=True)
    try_rules(rules, people["marketing"])
    propose_definition(term="accepted", text="We called", by=people["marketing"], at=AT)
    LeadComment.objects.create(text="Fewer webinars", by=owner, at=AT)
    LeadGoal.objects.create(measure="mql-to-sql", share="0.35", by=owner, at=AT)
    return World(
        people=people,
        team=team,
        account=account,
        contact=contact,
        insight=InsightFactory(account=account),
        persona=PersonaFactory(),
        held=OpportunityActivityFactory(opportunity=deal, activity=ActivityFactory(held=True, account=account)),
        guide=MessageGuide.objects.create(seniority="manager", message="Fewer stops", created_at=AT, recorded_at=AT),
        meeting=ActivityFactory(meeting=True, owner=owner, account=account),
        deal=deal,
        event=OpportunityEvent.objects.create(
            opportunity=deal, seq=1, kind="created", new={}, occurred_at=AT, recorded_at=AT, via="page"
        ),
        step=NextStepFactory(opportunity=deal, due_on=date(2026, 11, 1)),
        attestation=AttestationFactory(opportunity=deal),
        lead=lead,
        token=ApiToken.objects.create(user=owner, name="Script", digest="0" * 64, scopes=["read"], created_at=AT),
        qbr=qbr,
        qbr_action=QbrAction.objects.create(run=qbr, text="Book 2 a week", owner=owner),
        colleague=UserFactory(rep=True),
        approval=ApprovalFactory(opportunity=deal),
        promise=PromiseFactory(opportunity=deal),
        hours=RequestFactory(opportunity=deal, resource=ResourceFactory(), due_on=date(2099, 1, 1)),
        question=QuestionFactory(opportunity=deal),
        strategic=StrategicValue.objects.create(
            opportunity=deal, kind="reference", weight=1, justification="A reference", by=owner, at=AT
        ),
        economics=count_on(deal, owner),
        product=ProductFactory(),
        web_form=WebForm.objects.create(
            code="demo", name="Demo", asked=["email"], thanks="Thanks", created_at=AT, recorded_at=AT
        ),
        document=DocumentFactory(opportunity=deal),
        file=attach(deal),
        proposal=ProposalFactory(opportunity=deal),
        point=NegotiationPointFactory(opportunity=deal),
        handover=Handover.objects.create(opportunity=OpportunityFactory(owner=owner, won=True), made_at=AT),
        bulk_edit=BulkEdit.objects.create(kind="deal_type", value={"deal_type": "expansion"}, by=owner, at=AT),
        stage=Stage.objects.create(setpoint=deal.setpoint, name="Proposal"),
    )


def arguments(name: str, world: World) -> dict[str, Any]:
    """Return what an address needs, by its name."""
    for prefixes, values in _by_prefix(world):
        if name.startswith(prefixes):
            return values
    return {"pk": 1}


def _by_prefix(world: World) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    deal = {"deal_id": world.deal.pk}
    return [
        (("crm:account_field",), {"pk": world.account.pk, "field": "city"}),
        (("crm:contact_field",), {"pk": world.contact.pk, "field": "first_name"}),
        (("crm:timeline",), {"subject": "opportunity", "pk": world.deal.pk}),
        (("crm:insight_new",), {"pk": world.account.pk}),
        (("crm:insight",), {"pk": world.account.pk, "insight_id": world.insight.pk}),
        (("crm:persona",), {"pk": world.persona.pk}),
        (("crm:account_", "scoring:account_panel", "api_account"), {"pk": world.account.pk}),
        (("pipeline:account_panel", "pipeline:account_steps", "pipeline:call_sheet"), {"account_id": world.account.pk}),
        (("pipeline:contact_panel", "pipeline:contact_guides"), {"contact_id": world.contact.pk}),
        (("pipeline:meeting_record",), {**deal, "activity_id": world.held.activity_id}),
        (("pipeline:guides", "pipeline:guide_new", "pipeline:onboarding"), {}),
        (("pipeline:guide",), {"pk": world.guide.pk}),
        (("crm:contact_", "scoring:contact_panel", "api_contact"), {"pk": world.contact.pk}),
        (("crm:activity_", "api_activity"), {"pk": world.meeting.pk}),
        (("crm:token_revoke", "api_token"), {"pk": world.token.pk}),
        (("crm:team_set", "crm:person", "crm:role_", "api_user", "api_rep_share"), {"pk": world.colleague.pk}),
        (("crm:team_", "api_team"), {"pk": world.team.pk}),
        (("pipeline:move_undo", "pipeline:change_reverted"), {**deal, "seq": world.event.seq}),
        (("pipeline:deal_step_ended",), {**deal, "step_id": world.step.pk}),
        (("pipeline:deal_fact_revoked",), {**deal, "attestation_id": world.attestation.pk}),
        (("pipeline:deal_fact",), {**deal, "criterion_id": get_version("interest_confirmed").criterion_id}),
        (("pipeline:deal_assessment",), {**deal, "element": "budget"}),
        (("pipeline:deal_snooze", "pipeline:deal_woken"), {**deal, "code": "quiet"}),
        (("pipeline:deal_person_new", "api_stakeholders", "api_progress", "api_business_case"), deal),
        (("pipeline:deal_person",), {**deal, "contact_id": world.contact.pk}),
        (("pipeline:approval_ask", "pipeline:question_ask", "pipeline:hours_ask"), deal),
        (("pipeline:hours_withdrawn",), {**deal, "request_id": world.hours.pk}),
        (("pipeline:hours_", "api_resource_request"), {"pk": world.hours.pk}),
        (("pipeline:question",), {"pk": world.question.pk}),
        (("pipeline:resource_weeks", "pipeline:resource_retired"), {"pk": world.hours.resource_id}),
        (("pipeline:approval_withdrawn",), {**deal, "approval_id": world.approval.pk}),
        (("pipeline:promise_end",), {**deal, "promise_id": world.promise.pk}),
        (
            ("pipeline:economics_row", "pipeline:economics_removed"),
            {**deal, "kind": "strategic", "row_id": world.strategic.pk},
        ),
        (("pipeline:economics_new",), {**deal, "kind": "strategic"}),
        (("pipeline:strategic_approve",), {**deal, "row_id": world.strategic.pk}),
        (("pipeline:deals_compare", "pipeline:product_new", "pipeline:products"), {}),
        (("pipeline:product",), {"pk": world.product.pk}),
        (("api_lines", "api_costs", "api_efforts", "api_expansions", "api_deal_economics"), deal),
        (("api_strategic_values",), deal),
        (("api_strategic_value",), {**deal, "pk": world.strategic.pk}),
        *[((name,), {**deal, "pk": pk}) for name, pk in world.economics.items()],
        (("pipeline:approvals",), {}),
        (("pipeline:approval",), {"pk": world.approval.pk}),
        (("pipeline:bulk_edit",), {"pk": world.bulk_edit.pk}),
        (("pipeline:shared_case",), {"token": sign_key("key", what="business-case")}),
        (("api_question",), {"pk": world.question.pk}),
        (("api_promise",), {"pk": world.promise.pk}),
        (("api_handover",), {"pk": world.handover.pk}),
        (("pipeline:handovers",), {}),
        (("pipeline:document_template_new", "pipeline:document_templates"), {}),
        (("pipeline:document_template",), {"pk": world.document.version.template_id}),
        (("pipeline:document_given",), {**deal, "document_id": world.document.pk, "form": "docx"}),
        (("pipeline:file_",), {**deal, "file_id": world.file.pk}),
        (("pipeline:proposal_new",), deal),
        (("pipeline:proposal",), {**deal, "proposal_id": world.proposal.pk}),
        (("pipeline:negotiation_settle",), {**deal, "point_id": world.point.pk}),
        (("api_proposals", "api_documents", "api_files"), deal),
        (("api_document_templates", "api_bulk_edits"), {}),
        (("api_document_template",), {"pk": world.document.version.template_id}),
        (("api_document_",), {**deal, "pk": world.document.pk}),
        (("api_file",), {**deal, "pk": world.file.pk}),
        (("api_bulk_edit",), {"edit_id": world.bulk_edit.pk}),
        (("api_proposal",), {**deal, "pk": world.proposal.pk}),
        (("api_negotiation_settle",), {**deal, "pk": world.point.pk}),
        (("api_negotiation",), deal),
        (("pipeline:handover",), {"deal_id": world.handover.opportunity_id}),
        (("pipeline:policy_area",), {"area": "discount"}),
        (("pipeline:deal_field",), {**deal, "field": "name"}),
        (("pipeline:signal_limits_save",), {"pk": world.deal.pipeline_id}),
        (("pipeline:signal_limits",), {}),
        (
            (
                "pipeline:pipeline",
                "pipeline:setpoint_new",
                "pipeline:setpoint_add",
                "pipeline:stage_new",
                "pipeline:stages_",
            ),
            {"pk": world.deal.pipeline_id},
        ),
        (("pipeline:stage",), {"pk": world.stage.pk}),
        (("pipeline:setpoint", "pipeline:criterion_new", "pipeline:criterion_add"), {"pk": world.deal.setpoint_id}),
        (("pipeline:criterion",), {"pk": get_version("interest_confirmed").criterion_id}),
        (("pipeline:",), deal),
        (("crm:origins",), {}),
        (("crm:origin_new",), {"kind": "source"}),
        (("crm:origin",), {"kind": "source", "pk": Source.objects.get().pk}),
        (("api_source",), {"pk": Source.objects.get().pk}),
        (("api_campaign",), {"pk": Campaign.objects.get().pk}),
        (("scoring:wording_agreed", "api_agreed_definition"), {"pk": AgreedDefinition.objects.get().pk}),
        (("scoring:wording",), {"term": "accepted"}),
        (("scoring:goal",), {"measure": "sla"}),
        (("scoring:comment_removed", "api_lead_comment"), {"pk": LeadComment.objects.get().pk}),
        (("api_lead_goal",), {"pk": LeadGoal.objects.get().pk}),
        (("crm:absence_removed", "api_absence"), {"pk": Absence.objects.get().pk}),
        (("crm:holiday_removed", "api_holiday"), {"pk": Holiday.objects.get().pk}),
        (("scoring:territory", "api_territory"), {"pk": Territory.objects.get().pk}),
        (("scoring:share",), {"pk": Territory.objects.get().rep_id}),
        (("scoring:trial_",), {"pk": Trial.objects.get().lead_id}),
        (("scoring:lead_field",), {"pk": world.lead.pk, "field": "company"}),
        (("scoring:rules_version", "scoring:rules_restore"), {"number": 1}),
        (("scoring:rule_new", "scoring:rule_add", "scoring:group_new", "scoring:group_add"), {}),
        (("scoring:rule_", "scoring:group_"), {"code": "webinar"}),
        (("scoring:challenges", "api_scoring_challenges"), {}),
        (("scoring:challenge", "api_scoring_challenge"), {"pk": Challenge.objects.get().pk}),
        (("scoring:simulation",), {"pk": Simulation.objects.get().pk}),
        (("api_scoring_model",), {"pk": ScoringModel.objects.get(number=1).pk}),
        (("scoring:event_type_put", "api_event_type_"), {"code": "email_opened"}),
        (("scoring:web_forms", "scoring:web_form_new"), {}),
        (("scoring:website_put", "api_website"), {"pk": Website.objects.get().pk}),
        (("scoring:web_form_", "api_web_form"), {"pk": world.web_form.pk}),
        (("scoring:web_form",), {"code": world.web_form.code}),
        (("scoring:form_confirm",), {"token": sign_key("key", what="form-submission")}),
        (("scoring:lead_", "reports:lead_", "api_lead"), {"pk": world.lead.pk}),
        (("reports:step_",), {"pk": world.step.pk}),
        (("reports:action_add",), {"pk": world.qbr.pk}),
        (("reports:action_edit",), {"pk": world.qbr_action.pk, "field": "text"}),
        (("reports:action_",), {"pk": world.qbr_action.pk}),
        (("reports:figure_records",), {"slug": "win-rate"}),
        (("reports:qbr", "api_qbr"), {"pk": world.qbr.pk}),
        (("api_approval",), {"pk": world.approval.pk}),
        (("api_persona",), {"pk": world.persona.pk}),
        (("api_insight",), {"pk": world.insight.pk}),
        (("api_guide",), {"pk": world.guide.pk}),
        (("api_meeting_records",), deal),
        (("api_assessments", "api_deal_criteria", "api_next_steps"), deal),
        (("api_attestation_revoke",), {**deal, "attestation_id": world.attestation.pk}),
        (("api_next_step",), {**deal, "pk": world.step.pk}),
        (("api_signal_",), {"pk": world.deal.pk, "code": "quiet"}),
        (("api_opportunity",), {"pk": world.deal.pk}),
        (("api_figure",), {"name": "win-rate"}),
    ]
