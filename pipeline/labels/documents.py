"""The words for proposals, negotiation, documents and files, and why not (requirements M14)."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend, label, register
from pipeline.enums import DocumentKind, NegotiationState, NegotiationTopic, Package
from pipeline.models import Document
from pipeline.policies.files import clean_name
from pipeline.policies.templates import Placeholder

DOCUMENT_KINDS = register("document_kind", {DocumentKind.PROPOSAL: _("Proposal"), DocumentKind.CONTRACT: _("Contract")})
PACKAGES = register("package", {Package.STANDARD: _("Standard package"), Package.CUSTOM: _("Made for this customer")})
TOPICS = register(
    "negotiation_topic",
    {
        NegotiationTopic.PRICE: _("Price"),
        NegotiationTopic.TERMS: _("Terms"),
        NegotiationTopic.IMPLEMENTATION: _("Implementation"),
    },
)
NEGOTIATION_STATES = register(
    "negotiation_state",
    {
        NegotiationState.OPEN: _("Open"),
        NegotiationState.AGREED: _("Agreed"),
        NegotiationState.DECLINED: _("Declined"),
    },
)
PLACEHOLDERS = register(
    "placeholder",
    {
        Placeholder.CUSTOMER: _("Name of the customer"),
        Placeholder.CUSTOMER_CITY: _("City of the customer"),
        Placeholder.CUSTOMER_COUNTRY: _("Country of the customer"),
        Placeholder.REGISTRATION_NUMBER: _("Registration number of the customer"),
        Placeholder.CONTACT: _("Main contact"),
        Placeholder.CONTACT_TITLE: _("Job title of the main contact"),
        Placeholder.CONTACT_EMAIL: _("E-mail of the main contact"),
        Placeholder.DEAL: _("Name of the deal"),
        Placeholder.DEAL_NUMBER: _("Number of the deal"),
        Placeholder.AMOUNT: _("Amount"),
        Placeholder.REQUIRED_RESULTS: _("Result they need"),
        Placeholder.GO_LIVE: _("Day they go live"),
        Placeholder.DECISION_DATE: _("Decision date"),
        Placeholder.PACKAGE: _("Whether it is a standard package or made for this customer"),
        Placeholder.OUR_COMPANY: _("Name of our company"),
        Placeholder.SELLER: _("Owner of the deal"),
        Placeholder.SELLER_EMAIL: _("E-mail of the deal’s owner"),
        Placeholder.TODAY: _("Today"),
        Placeholder.VALID_UNTIL: _("The day 30 days from today"),
        Placeholder.SOLUTIONS: _("What the proposal solves, and how: a list on a line of its own"),
        Placeholder.LINES: _("Products with quantity and price: a table on a line of its own"),
        Placeholder.PROMISES: _("Open promises with their days: a list on a line of its own"),
        Placeholder.TERMS: _("What was agreed in the negotiation: a list on a line of its own"),
        Placeholder.SIGNATURES: _("Where both sides sign: on a line of its own"),
    },
)
register("refusal_placeholder", PLACEHOLDERS)  # in the sentences for refusals
extend(
    "refusal",
    {
        "file_kind": _(
            "%(ending)s files are not kept here. Attach a PDF, an office document, a picture, a text or a ZIP file."
        ),
        "file_empty": _("This file is empty."),
        "file_too_large": _("This file is too large. %(limit)s MB is the most."),
        "file_not_that": _("This is not what its name says: its content is none of a %(ending)s file."),
        "file_unpacks_too_large": _("This archive holds far more than it seems to. Attach what is in it instead."),
        "file_archive_within": _("This archive holds another archive. Attach what is in it instead."),
        "file_has_macros": _("This document holds macros. Save it without them."),
        "files_away": _("Files cannot be kept just now. Nothing was attached. Try again later."),
        "too_many_files": _("A deal has %(limit)s files at most. Take one away first."),
        "unknown_placeholder": _("%(name)s is no placeholder. Choose one of the list."),
        "no_code": _(
            "“%(name)s” looks like code. A template holds text and the placeholders of the list, nothing else."
        ),
        "placeholder_not_alone": _("%(name)s becomes a list or a table: give it a line of its own in the text."),
        "placeholder_empty": _("Not known yet: %(placeholder)s. The template asks for it."),
        "template_retired": _("This template is no longer in use. Choose another one."),
        "proposal_sent": _("This proposal was sent. Make a new one."),
        "proposal_removed": _("This proposal was taken back."),
        "proposal_empty": _("Say at least one challenge of theirs and how we solve it."),
        "line_half": _("Say both what they struggle with and how we solve it."),
        "too_many_lines": _("%(limit)s lines at most."),
        "sent_when": _("Choose a day from when the deal began until today."),
        "asked_when": _("Choose a day until today."),
        "negotiation_settled": _("This is settled already."),
        "settled_how": _("Say whether it was agreed or declined."),
        "not_of_this_deal": _("Choose one that belongs to this deal."),
    },
)


def document_name(kind: str, number: int) -> str:
    """Return what a document, or a proposal, is called on the deal."""
    return f"{label('document_kind', kind)} {number}"


def file_name(document: Document, form: str) -> str:
    """Return the name of a document as a file: what it is, and whose; `form` is its ending."""
    name = f"{document_name(document.kind, document.number)} {document.opportunity.account}.{form}"
    return clean_name(name.replace("/", "-"))
