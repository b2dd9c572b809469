"""People, teams and who may what since when (C-1, D-2, D-42)."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Lower, Now

from crm.enums import Role, Theme
from crm.lib.audit import audited


class DateRangeOf(models.Func):
    """`daterange(from, to)`, half open; an empty end never ends."""

    function = "daterange"
    output_field = DateRangeField()


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this e-mail."""
        return self.get(email__iexact=username)


@audited(exclude=("password", "last_login"))
class User(AbstractBaseUser):
    """A person who signs in; deactivated when they leave, never deleted."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    locale = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True, default="")  # whose holidays they have
    theme = models.CharField(max_length=10, default=Theme.SYSTEM, choices=[(theme, theme) for theme in Theme])
    uses_shortcuts = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name as it is shown."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return str(self).split(" ")[0]

    # Django's admin asks these; it is read-only and open to administrators (D-7).
    @property
    def is_staff(self) -> bool:
        """Whether an admin grant is in force."""
        return self.grants.filter(role=Role.ADMIN, revoked_at=None).exists()

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Allow administrators to look; nothing else is decided here."""
        return self.is_active and ".view_" in perm and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Allow administrators to look at every app."""
        return self.is_active and self.is_staff


@audited()
class Team(models.Model):
    """A node of the team tree. Who manages it is a grant."""

    name = models.CharField(max_length=200, unique=True)
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


@audited()
class TeamMembership(models.Model):
    """One person in one team from a day up to, not including, another; results stay where they were earned."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="team_membership_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateRangeOf("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
                name="team_membership_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team} from {self.from_on}"


@audited()
class RoleGrant(models.Model):
    """A role given to a person, for a team where it has one; revoked, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="grants")
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "team"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="role_grant_once",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=models.Q(revoked_at=None, role="manager"),
                name="role_grant_one_manager_a_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
