"""What anybody may open without signing in: a form, what it answers, and the link that confirms an address (S-13).

Nothing here tells what we know of anybody: every answer is the same whether the address is known or not. There is no
session, so nothing is protected against forgery, and nothing needs to be.
"""

import re
import secrets
import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from crm.lib.http import by_method, open_action, open_page
from crm.lib.limits import Limiter
from crm.lib.sharing import read_key
from crm.queries.organisation import get_organisation
from crm.views.answers import WRONG
from scoring.commands.form_mails import CONFIRMING
from scoring.commands.submissions import (
    ConfirmationEnded,
    SubmissionRefused,
    confirm_submission,
    submit_form,
)
from scoring.labels import sentence
from scoring.labels.events import get_questions
from scoring.models import WebForm
from scoring.policies.forms import read_visitor

KEY = re.compile(r"[0-9a-f]{32}")
TOO_OFTEN = 429
TRAP = "website"  # no person sees this field
sendings = Limiter()


@open_page
def _form_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a form, in a page of its own or within another site's."""
    form = _find(code)
    return _show(request, form, {}, {}, visitor=read_visitor(request.GET.get("visitor", "")))


@open_action
def _form_sent(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take what was typed, and say thanks."""
    form = _find(code)
    typed = {name: str(value) for name, value in request.POST.items()}
    key, visitor = typed.get("key", ""), read_visitor(typed.get("visitor", ""))
    if is_too_often(request):
        return _show(request, form, typed, {}, visitor=visitor, status=TOO_OFTEN)
    given: dict[str, Any] = {"visitor": visitor, "is_robot": bool(typed.get(TRAP))}
    given |= {"key": key if KEY.fullmatch(key) else secrets.token_hex(16), "base_url": request.build_absolute_uri("/")}
    try:
        submit_form(form=form, answers=typed, at=timezone.now(), **given)
    except SubmissionRefused as refused:
        errors = {dict(refusal.params).get("field", ""): sentence(refusal) for refusal in refused.refusals}
        return _show(request, form, typed, errors, visitor=visitor, status=WRONG)
    return _framed(render(request, "scoring/public_thanks.html", {"form": form}), form)


web_form = by_method(get=_form_page, post=_form_sent)


@open_page
def _confirm_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask for one more press: what follows links by itself, as mail scanners do, confirms nothing."""
    if read_key(token, what=CONFIRMING) is None:
        raise Http404
    return _closed(render(request, "scoring/public_confirm.html", {"organisation": get_organisation()}))


@open_action
def _confirmed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Confirm an address."""
    key = read_key(token, what=CONFIRMING)
    if key is None:
        raise Http404
    try:
        submission = confirm_submission(key=key, at=timezone.now())
    except ConfirmationEnded as ended:
        words = {"organisation": get_organisation(), "refused": sentence(ended.refusals[0])}
        return _closed(render(request, "scoring/public_confirm.html", words, status=410))
    return _closed(render(request, "scoring/public_thanks.html", {"form": submission.form, "confirmed": True}))


form_confirm = by_method(get=_confirm_page, post=_confirmed)


def is_too_often(request: HttpRequest) -> bool:
    """Whether this network address sent too much."""
    limit, seconds = settings.FORM_RATE
    address = get_adapter().get_client_ip(request)
    return sendings.wait(address, limit=limit, seconds=seconds, now=time.monotonic()) is not None


def _find(code: str) -> WebForm:
    form = WebForm.objects.select_related("owner", "source").filter(code=code, archived_at=None).first()
    if form is None:
        raise Http404
    return form


def _show(
    request: HttpRequest,
    form: WebForm,
    typed: dict[str, Any],
    errors: dict[str, str],
    *,
    visitor: str,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "questions": get_questions(form.asked, form.required, typed, errors),
        "errors": errors,
        "too_often": status == TOO_OFTEN,
        "organisation": get_organisation(),
        "visitor": visitor,
        "key": typed.get("key") or secrets.token_hex(16),
    }
    return _framed(render(request, "scoring/public_form.html", context, status=status), form)


def _framed(response: HttpResponse, form: WebForm) -> HttpResponse:
    """Let the form's own sites show the answer within their pages, and nobody else."""
    ancestors = " ".join(form.origins) or "'none'"
    response.headers["Content-Security-Policy"] = _policy(ancestors)
    response.headers["Cache-Control"] = "no-store"
    return response


def _closed(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = _policy("'none'")
    for name, value in (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex")):
        response.headers[name] = value
    return response


def _policy(ancestors: str) -> str:
    return (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors {ancestors}"
    )
