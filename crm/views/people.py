"""People and teams, for administrators (D-49)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.grants import archive_team, create_team, edit_team, grant_role, revoke_role, set_team
from crm.commands.people import deactivate_user, invite_again, invite_user, reactivate_user
from crm.forms.settings import DeactivateForm, GrantForm, InviteForm, MembershipForm, TeamForm
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.lib.values import Refusal
from crm.models import Team, User
from crm.permissions import can_administer, hide_unless
from crm.queries.access import get_access
from crm.queries.invitations import get_invitation_link, has_invitation, sends_mail
from crm.queries.people import get_grants, get_memberships, get_team_rows, with_roles_and_team
from crm.views.answers import WRONG, go_on, refuse, render_part
from crm.views.editing import Edited, save_edit, show_edit
from crm.views.settings import settings_places

View = Callable[..., HttpResponse]


@page
def people(request: HttpRequest) -> HttpResponse:
    """List everybody, with roles and team, and the team tree."""
    _administrators_only(request)
    left = request.GET.get("left") == "1"
    everybody = with_roles_and_team(User.objects.filter(is_active=not left)).order_by("name", "pk")
    context = {
        "people": everybody,
        "left": left,
        "teams": get_team_rows(),
        "team_form": TeamForm(),
        **settings_places(request, "people"),
    }
    return render(request, "crm/people.html", context)


@page
def person_invite(request: HttpRequest) -> HttpResponse:
    """Show the form that invites somebody."""
    _administrators_only(request)
    return _invite_form(request, InviteForm(initial={"roles": ["rep"]}))


@action
def person_invited(request: HttpRequest) -> HttpResponse:
    """Invite somebody; they get a link by mail, or where none is sent the page shows it to be handed over."""
    _administrators_only(request)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            user = invite_user(**form.cleaned_data, base_url=_mail_url(request), by=request.user, at=timezone.now())
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return go_on(request, _("%(name)s is invited.") % {"name": user}, to=reverse("crm:person", args=[user.pk]))
    return _invite_form(request, form, status=WRONG)


@page
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's roles, teams and what an administrator can do."""
    user = _person(request, pk)
    return _person_page(request, user, wants_link=user.last_login is None and has_invitation(user))


@action
def role_granted(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role."""
    return _change(request, pk, GrantForm, grant_role, _("%(name)s has the role."))


@action
def role_revoked(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role back."""
    return _change(request, pk, GrantForm, revoke_role, _("%(name)s no longer has the role."))


@action
def team_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a person to a team."""
    return _change(request, pk, MembershipForm, set_team, _("%(name)s changes team."))


@action
def person_mailed(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the link to set a password once more; where no mail is sent, show it."""
    user = _person(request, pk)
    here = reverse("crm:person", args=[pk])
    try:
        invite_again(user_id=pk, base_url=_mail_url(request), by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    if not sends_mail():
        return _person_page(request, user, wants_link=True)
    return go_on(request, _("%(name)s gets a new link by e-mail.") % {"name": user}, to=here)


@page
def person_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who takes over from somebody who leaves."""
    user = _person(request, pk)
    context = {"person": user, "form": DeactivateForm(leaving=user)}
    return render_part(request, "crm/person_leave.html", "leave_form", context)


@action
def person_left(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody go and hand over everything they hold, in one step."""
    user = _person(request, pk)
    form = DeactivateForm(request.POST, leaving=user)
    if form.is_valid():
        try:
            moved = deactivate_user(user_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            text = _("%(name)s left. %(count)s records have a new owner.") % {
                "name": user,
                "count": sum(moved.values()),
            }
            return go_on(request, text, to=reverse("crm:person", args=[pk]))
    return render_part(request, "crm/person_leave.html", "leave_form", {"person": user, "form": form}, status=WRONG)


@action
def person_returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody who left sign in again."""
    user = _person(request, pk)
    here = reverse("crm:person", args=[pk])
    reactivate_user(user_id=pk, by=request.user, at=timezone.now())
    return go_on(request, _("%(name)s may sign in again. Give roles and a team.") % {"name": user}, to=here)


@action
def team_created(request: HttpRequest) -> HttpResponse:
    """Add a team."""
    _administrators_only(request)
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            team = create_team(**form.cleaned_data, by=request.user, at=timezone.now())
        except CommandRefused as refused:
            return refuse(request, refused, to=reverse("crm:people"))
        return go_on(request, _("%(name)s was added.") % {"name": team}, to=reverse("crm:people"))
    return _team_form(request, None, Edited(form, TeamForm(prefix="seen"), WRONG))


@page
def team_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a team."""
    _administrators_only(request)
    team = get_object_or_404(Team, pk=pk, archived_at=None)
    return _team_form(request, team, show_edit(partial(TeamForm, team=team), _team_values(pk)))


@action
def team_edited(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a team or hang it below another."""
    _administrators_only(request)
    team = get_object_or_404(Team, pk=pk, archived_at=None)
    command = partial(edit_team, team_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, partial(TeamForm, team=team), command, fresh=partial(_team_values, pk))
    return go_on(request, _("Saved."), to=reverse("crm:people")) if edited.saved else _team_form(request, team, edited)


@action
def team_archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire an empty team."""
    _administrators_only(request)
    team = get_object_or_404(Team, pk=pk)
    try:
        archive_team(team_id=pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("crm:people"))
    return go_on(request, _("%(name)s is archived.") % {"name": team}, to=reverse("crm:people"))


def _change(
    request: HttpRequest, pk: int, form_class: type[Any], command: Callable[..., Any], text: str
) -> HttpResponse:
    user = _person(request, pk)
    here = reverse("crm:person", args=[pk])
    form = form_class(request.POST)
    if not form.is_valid():
        return refuse(request, CommandRefused(Refusal.of("choose_offered")), to=here)
    try:
        command(user_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, text % {"name": user}, to=here)


def _invite_form(request: HttpRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "mails": sends_mail()}
    return render_part(request, "crm/person_invite.html", "invite_form", context, status=status)


def _person_page(request: HttpRequest, user: User, *, wants_link: bool) -> HttpResponse:
    hands_over = wants_link and user.is_active and not sends_mail()
    context = {
        "person": user,
        "link": get_invitation_link(user, base_url=_base_url(request)) if hands_over else "",
        "grants": get_grants(user.pk),
        "memberships": get_memberships(user.pk),
        "grant_form": GrantForm(),
        "team_form": MembershipForm(),
        **settings_places(request, "people"),
    }
    return render(request, "crm/person.html", context)


def _team_values(team_id: int) -> dict[str, Any]:
    return dict(Team.objects.values("name", "parent_id").get(pk=team_id))


def _team_form(request: HttpRequest, team: Team | None, edited: Edited) -> HttpResponse:
    context = {"team": team, **edited.context}
    return render_part(request, "crm/team_edit.html", "team_form", context, status=edited.status)


def _person(request: HttpRequest, pk: int) -> User:
    _administrators_only(request)
    user: User = get_object_or_404(User, pk=pk)
    return user


def _administrators_only(request: HttpRequest) -> None:
    hide_unless(can_administer(get_access(request.user)))


def _mail_url(request: HttpRequest) -> str:
    """Return where the link of an invitation begins, empty where no mail would carry it."""
    return _base_url(request) if sends_mail() else ""


def _base_url(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")
