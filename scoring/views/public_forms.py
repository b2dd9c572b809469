"""What anybody may open without signing in: a form, what it answers, and the link that confirms an address (S-13).

Nothing here tells what we know of anybody: every answer is the same whether the address is known or not. There is no
session, so nothing is protected against forgery, and nothing needs to be.
"""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Mapping
from math import ceil
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from crm.forms.settings import country_choices
from crm.lib.http import by_method, open_action, open_page
from crm.lib.limits import Limiter
from crm.lib.sharing import read_key
from crm.lib.values import Refusal
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
    visitor = read_visitor(typed.get("visitor", ""))
    if wait := _wait(request):
        answer = _show(request, form, typed, {}, visitor=visitor, status=TOO_OFTEN)
        answer.headers["Retry-After"] = str(ceil(wait))
        return answer
    given: dict[str, Any] = {"visitor": visitor, "is_robot": bool(typed.get(TRAP)), "key": _read_key(typed, form)}
    try:
        submit_form(form=form, answers=typed, base_url=request.build_absolute_uri("/"), at=timezone.now(), **given)
    except SubmissionRefused as refused:
        errors = dict(_say(refusal, typed) for refusal in refused.refusals)
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


def _wait(request: HttpRequest) -> float | None:
    """Return for how many seconds this network address has sent enough."""
    limit, seconds = settings.FORM_RATE
    address = get_adapter().get_client_ip(request)
    return sendings.wait(address, limit=limit, seconds=seconds, now=time.monotonic())


def _read_key(typed: Mapping[str, str], form: WebForm) -> str:
    """Return the key of what was sent: the same page with something else in it, put right say, is sent anew."""
    key = typed.get("key", "")
    if not KEY.fullmatch(key):
        return secrets.token_hex(16)
    said = json.dumps([key, *(typed.get(name, "").strip() for name in form.asked)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _say(refusal: Refusal, typed: Mapping[str, str]) -> tuple[str, str]:
    """Return a field and what is wrong with what stands in it, which its sender may read and no log."""
    params = dict(refusal.params)
    field = params.get("field", "")
    return field, sentence(Refusal.of(refusal.code, **params | {"value": typed.get(field, "").strip()[:100]}))


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
        "questions": get_questions(form.asked, form.required, typed, errors, countries=country_choices()),
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
