"""What a token reaches; what its person may do is asked where the page asks it, in commands and querysets."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from crm.api.problems import Problem
from crm.models import ApiToken
from crm.policies.tokens import grants_one_of
from crm.queries.access import get_access


class HasScope(BasePermission):
    """Asks for a person, for one of the scopes the view names, and hides the company from contributors (D-49)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the request may reach the view.

        :raises Problem: the token lacks the scope
        :raises Http404: nothing here is addressed to the person
        """
        if request.user is None:
            return False
        access = get_access(request.user)
        needed = view.scopes_for(request.method)
        if isinstance(request.auth, ApiToken) and not grants_one_of(request.auth.scopes, needed, access):
            raise Problem(
                403,
                "insufficient_scope",
                _("The token needs one of these scopes: %(scopes)s.") % {"scopes": ", ".join(sorted(needed))},
            )
        if not access.reads_company:
            raise Http404
        return True


class SignedIn(BasePermission):
    """Asks for a person only: the description of the API is theirs, whatever their scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether somebody is signed in."""
        return request.user is not None
