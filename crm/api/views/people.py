"""People and teams, to read; an administrator changes them on the settings pages."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet

from crm.api.filters import FlagFilter, IdFilter, TextFilter
from crm.api.resources import Records
from crm.api.serializers import TeamShape, UserShape
from crm.lib.sql import Fold
from crm.models import Team, User
from crm.queries.people import teams_visible_to, users_visible_to, with_roles_and_team


class TeamFilters(django_filters.FilterSet):
    """Filters of teams."""

    parent = IdFilter("parent_id")
    name = TextFilter("name")
    external_id = TextFilter("external_id")


class Teams(Records):
    """The team tree."""

    model = Team
    record_url = "api_team"
    serializer_class = TeamShape
    filterset_class = TeamFilters
    orderings: ClassVar = {"id": "id", "name": Fold("name")}
    default_ordering = "name"

    def visible_to(self, user: User) -> QuerySet[Team]:
        """Return the teams in use."""
        return teams_visible_to(user)


class UserFilters(django_filters.FilterSet):
    """Filters of people."""

    email = TextFilter("email", lookup_expr="iexact")
    external_id = TextFilter("external_id")
    team = IdFilter("team_id_now")
    is_active = FlagFilter("by_is_active")

    def by_is_active(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return who can sign in, or who left."""
        return queryset.filter(is_active=value == "true")


class Users(Records):
    """People who sign in. Team and roles change without the version, so there is no 304."""

    model = User
    record_url = "api_user"
    serializer_class = UserShape
    filterset_class = UserFilters
    derives = True
    orderings: ClassVar = {"id": "id", "name": Fold("name"), "created_at": "created_at"}
    default_ordering = "name"

    def visible_to(self, user: User) -> QuerySet[User]:
        """Return everybody, people who left included."""
        return with_roles_and_team(users_visible_to(user))
