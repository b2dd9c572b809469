"""A person's own tokens. Only the signed-in browser makes them: a token must not beget tokens."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.problems import Problem
from crm.api.resources import Records
from crm.api.serializers import IssuedTokenShape, TokenShape
from crm.api.throttling import RequestRate, TokenRate
from crm.commands.tokens import create_token, revoke_token
from crm.models import ApiToken, User
from crm.queries.tokens import tokens_visible_to


class Tokens(Records):
    """Your tokens in force. A token's secret is in the answer that makes it and nowhere else."""

    model = ApiToken
    derives = True
    record_url = "api_token"
    serializer_class = TokenShape
    orderings: ClassVar = {"id": "id", "created_at": "created_at"}
    default_ordering = "id"

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the person's own tokens."""
        return tokens_visible_to(user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a token that asks for tokens."""
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, ApiToken):
            raise Problem(403, "session_required", _("Sign in in a browser to see, make or revoke tokens."))

    def get_throttles(self) -> list[Any]:
        """Bound how many are made."""
        return [RequestRate(), TokenRate()] if self.action == "create" else [RequestRate()]

    @extend_schema(request=TokenShape, responses={201: IssuedTokenShape})
    def create(self, request: Request) -> Response:
        """Make a token of your own; its scopes reach no further than you do. The secret is shown this once."""
        token, secret = create_token(**self.read(TokenShape), by=request.user, at=self.at)
        response = self.made(token)
        response.data["token"] = secret
        return response

    @extend_schema(responses={204: OpenApiResponse(description="Revoked; the token is refused from now on.")})
    def destroy(self, request: Request, pk: int) -> Response:
        """Revoke a token of yours, at once."""
        revoke_token(token_id=self.get_record(pk).pk, by=request.user, at=self.at)
        return Response(status=204)
