"""Who may ask for, edit and read quarter reviews (D-49)."""

from django.db.models import Q, QuerySet

from crm.facts import Access
from crm.models import Team, User
from crm.queries.access import get_access
from reports.models import QbrRun


def can_edit_qbr(access: Access, team_id: int) -> bool:
    """Whether the person may ask for a team's quarter review and edit its actions: its managers and administrators."""
    return access.is_admin or team_id in access.managed_team_ids


def qbrs_visible_to(user: User) -> QuerySet[QbrRun]:
    """Return the runs the person may read."""
    access = get_access(user)
    if access.is_admin or access.is_marketing:
        return QbrRun.objects.all()
    if not access.sells:
        return QbrRun.objects.none()
    return QbrRun.objects.filter(Q(team_id__in=access.managed_team_ids) | Q(team_id=access.own_team_id))


def qbr_teams(user: User) -> QuerySet[Team]:
    """Return the teams the person may ask a quarter review for, by name."""
    access = get_access(user)
    teams = Team.objects.filter(archived_at=None).order_by("name")
    return teams if access.is_admin else teams.filter(pk__in=access.managed_team_ids)


def can_read_reports(access: Access) -> bool:
    """Whether figures and quarter reviews are open to the person at all; contributors see none (D-2)."""
    return access.reads_company
