"""Companies."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter, RecordFilters, TextFilter, between_days
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.api.serializers import AccountShape
from crm.commands.accounts import create_account, edit_account
from crm.enums import AccountKind
from crm.lib.sql import Fold
from crm.models import Account, User
from crm.queries.accounts import accounts_visible_to


class AccountFilters(RecordFilters):
    """Filters of companies."""

    kind = ChoiceFilter("kind", AccountKind)
    owner = IdFilter("owner_id")
    parent = IdFilter("parent_id")
    domain = TextFilter("domain")
    industry = TextFilter("industry")
    country = TextFilter("country")
    source = TextFilter("source__code")
    customer_since__gte, customer_since__lt = between_days("customer_since")


class Accounts(Records):
    """Companies: prospects, customers, former customers and partners."""

    model = Account
    record_url = "api_account"
    serializer_class = AccountShape
    filterset_class = AccountFilters
    orderings: ClassVar = {"id": "id", "name": Fold("name"), "created_at": "created_at"}
    default_ordering = "name"
    words = Fold("name")
    beginnings = ("domain",)

    def visible_to(self, user: User) -> QuerySet[Account]:
        """Return the company's accounts, or none."""
        return accounts_visible_to(user).select_related("source")

    @extend_schema(request=AccountShape, responses={201: AccountShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a company."""
        return self.made(create_account(**self.read(AccountShape), by=request.user, at=self.at))

    @extend_schema(request=AccountShape, responses=AccountShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change fields of a company."""
        account = self.get_record(pk)
        seen = self.seen(account)
        changes = self.read(AccountShape, partial=True)
        return self.see(
            edit_account(account_id=account.pk, changes=changes, seen_version=seen, by=request.user, at=self.at)
        )
