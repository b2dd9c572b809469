"""People at companies."""

from typing import ClassVar

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter, RecordFilters, TextFilter
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.api.serializers import ContactShape, ErasureShape
from crm.commands.contacts import create_contact, edit_contact
from crm.commands.erasure import erase_person
from crm.enums import Seniority
from crm.lib.sql import Fold
from crm.models import Contact, User
from crm.permissions import can_erase, refuse_unless
from crm.queries.access import get_access
from crm.queries.contacts import contacts_visible_to


class ContactFilters(RecordFilters):
    """Filters of people at companies."""

    account = IdFilter("account_id")
    owner = IdFilter("owner_id")
    email = TextFilter("email", lookup_expr="iexact")
    seniority = ChoiceFilter("seniority", Seniority)
    country = TextFilter("country")


class Contacts(Records):
    """People at companies."""

    model = Contact
    record_url = "api_contact"
    serializer_class = ContactShape
    filterset_class = ContactFilters
    orderings: ClassVar = {"id": "id", "last_name": Fold("last_name"), "created_at": "created_at"}
    default_ordering = "last_name"
    words = Fold(Concat("first_name", Value(" "), "last_name"))
    beginnings = ("email",)

    def visible_to(self, user: User) -> QuerySet[Contact]:
        """Return the company's contacts, or none."""
        return contacts_visible_to(user)

    @extend_schema(request=ContactShape, responses={201: ContactShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a person."""
        return self.made(create_contact(**self.read(ContactShape), by=request.user, at=self.at))

    @extend_schema(request=ContactShape, responses=ContactShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change fields of a person."""
        contact = self.get_record(pk)
        seen = self.seen(contact)
        changes = self.read(ContactShape, partial=True)
        return self.see(
            edit_contact(contact_id=contact.pk, changes=changes, seen_version=seen, by=request.user, at=self.at)
        )

    @extend_schema(request=ErasureShape, responses=ContactShape)
    @idempotent
    @needs_tag
    def erase(self, request: Request, pk: int) -> Response:
        """Erase a person on request: what they did stays, who they were goes from everywhere, for good."""
        contact = self.get_record(pk)
        refuse_unless(can_erase(get_access(request.user)))
        seen = self.seen(contact)
        given = self.read(ErasureShape)
        return self.see(erase_person(contact_id=pk, **given, seen_version=seen, by=request.user, at=self.at))
