"""What a customer reads by the address they were given: the case, without our notes, without signing in."""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from crm.lib import formats
from crm.lib.http import feature, open_page
from crm.lib.limits import Limiter
from crm.lib.sharing import close_to_others, read_key
from crm.queries.organisation import get_local_date, get_organisation
from pipeline.labels.case_document import case_document
from pipeline.models import BusinessCase
from pipeline.policies.business_cases import SHARED
from pipeline.queries.business_cases import find_shared_case, get_case_facts
from pipeline.renderers.business_case import render_case
from pipeline.views.business_cases import MODULE, pdf_answer

looks = Limiter()


@feature(MODULE)
@open_page
def shared_case(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show a shared case."""
    if is_too_often(request):
        return close_to_others(render(request, "429.html", status=429))
    case = find_case(token)
    return close_to_others(
        render(request, "pipeline/shared_case.html", {"document": shared_document(case), "token": token})
    )


@feature(MODULE)
@open_page
def shared_case_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give a shared case as a PDF."""
    if is_too_often(request):
        return close_to_others(HttpResponse(status=429))
    return close_to_others(pdf_answer(render_case(shared_document(find_case(token)))))


def is_too_often(request: HttpRequest) -> bool:
    """Whether this network address asked too often, for what there is or for what there is not."""
    limit, seconds = settings.SHARED_RATE
    address = get_adapter().get_client_ip(request)
    return looks.wait(address, limit=limit, seconds=seconds, now=time.monotonic()) is not None


def find_case(token: str) -> BusinessCase:
    """Return the case an address opens today.

    :raises Http404: it was not signed here, has ended, or was taken back; nothing tells which
    """
    key = read_key(token, what=SHARED)
    case = find_shared_case(key, today=get_local_date(timezone.now())) if key else None
    if case is None:
        raise Http404
    return case


def shared_document(case: BusinessCase) -> dict[str, object]:
    """Return what the customer may read."""
    until = formats.full_day(case.shared_until) if case.shared_until else ""
    customer = case.opportunity.account.name
    return case_document(get_case_facts(case), customer=customer, seller=get_organisation().name, until=until)
