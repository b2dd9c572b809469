"""Dull records of the crm app: required fields, variants as traits."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from crm.enums import Role
from crm.models import (
    Account,
    AccountInsight,
    Activity,
    Campaign,
    Contact,
    Persona,
    RoleGrant,
    Source,
    Team,
    TeamMembership,
    User,
)

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(DjangoModelFactory[User]):
    """A person without a role; `UserFactory(rep=True, team=team)` and so on give one, `team` a membership.

    `manages=team` makes a manager of that team.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        rep = factory.Trait(roles=[Role.REP])
        marketing = factory.Trait(roles=[Role.MARKETING])
        admin = factory.Trait(roles=[Role.ADMIN])
        contributor = factory.Trait(roles=[Role.CONTRIBUTOR])

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(
        cls, model_class: Any, *args: Any, roles: Any = (), team: Any = None, manages: Any = None, **kwargs: Any
    ) -> User:
        user: User = super()._create(model_class, *args, **kwargs)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        for role in roles:
            RoleGrantFactory(user=user, role=role)
        if manages is not None:
            RoleGrantFactory(user=user, role=Role.MANAGER, team=manages)
        if team is not None:
            TeamMembershipFactory(user=user, team=team)
        return user


class RoleGrantFactory(DjangoModelFactory[RoleGrant]):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.REP
    granted_at = LONG_AGO


class TeamMembershipFactory(DjangoModelFactory[TeamMembership]):
    class Meta:
        model = TeamMembership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    from_on = date(2026, 1, 1)


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source

    code = factory.Sequence(lambda n: f"source-{n}")
    name = factory.Sequence(lambda n: f"Source {n}")
    channel = "inbound"


class CampaignFactory(DjangoModelFactory[Campaign]):
    class Meta:
        model = Campaign

    code = factory.Sequence(lambda n: f"campaign-{n}")
    name = factory.Sequence(lambda n: f"Campaign {n}")


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    class Params:
        archived = factory.Trait(archived_at=LONG_AGO)

    name = factory.Sequence(lambda n: f"Account {n}")
    created_at = LONG_AGO
    recorded_at = LONG_AGO


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    class Params:
        archived = factory.Trait(archived_at=LONG_AGO)

    account = factory.SubFactory(AccountFactory)
    first_name = "Rasa"
    last_name = factory.Sequence(lambda n: f"Contact {n}")
    created_at = LONG_AGO
    recorded_at = LONG_AGO


class PersonaFactory(DjangoModelFactory[Persona]):
    """A kind of buyer."""

    class Meta:
        model = Persona

    class Params:
        archived = factory.Trait(archived_at=LONG_AGO)

    name = factory.Sequence(lambda n: f"Persona {n}")
    created_at = LONG_AGO
    recorded_at = LONG_AGO


class InsightFactory(DjangoModelFactory[AccountInsight]):
    """An aim; `goal=True` a goal on the front burner."""

    class Meta:
        model = AccountInsight

    class Params:
        goal = factory.Trait(kind="goal", burner="front")

    account = factory.SubFactory(AccountFactory)
    kind = "aim"
    text = factory.Sequence(lambda n: f"Insight {n}")
    created_at = LONG_AGO
    recorded_at = LONG_AGO


class ActivityFactory(DjangoModelFactory[Activity]):
    """A note; `meeting=True` one that lies ahead, `held=True` one that took place."""

    class Meta:
        model = Activity

    class Params:
        meeting = factory.Trait(kind="meeting", subject="Meeting")
        held = factory.Trait(
            kind="meeting", subject="Meeting", outcome="held", done_at=LONG_AGO, is_customer_action=True
        )
        call = factory.Trait(
            kind="call", subject="Call", done_at=LONG_AGO, outcome="conversation", is_conversation=True
        )

    kind = "note"
    subject = factory.Sequence(lambda n: f"Note {n}")
    occurred_at = LONG_AGO
    created_at = LONG_AGO
    recorded_at = LONG_AGO
