"""Every refusal of the API as problem details (RFC 9457), whatever raised it."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer

from crm.labels import refusal_sentence
from crm.lib.errors import CommandRefused, Conflict, NotPermitted, StaleRecord
from crm.lib.http import DATABASE_AWAY, RETRY_AFTER
from crm.lib.labels import label
from crm.lib.values import Refusal

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
Errors = dict[str, list[str]]


class Problem(Exception):
    """A refusal of the API itself; `code` is the stable name clients may rely on."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        errors: Errors | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers, self.members = errors, dict(headers or {}), members


class Moved(Exception):
    """The record was merged into another, which is at `location` (D-4)."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Return the answer to an exception in a view of the API, in JSON whatever the view itself would render."""
    request = context.get("request")
    reference = getattr(request, "request_id", "")
    if isinstance(error, Moved):
        return HttpResponse(status=308, headers={"Location": error.location})
    problem = as_problem(error)
    if problem is None:
        problem = _unexpected(error, request)
    body: dict[str, Any] = {
        "type": f"urn:setpoint:problem:{problem.code.replace('_', '-')}",
        "title": title_of(problem.status),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = problem.errors
    body |= problem.members
    if reference:
        body["request_id"] = reference
    return problem_json(body, headers=problem.headers)


def problem_json(body: dict[str, Any], *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return problem details as they go over the wire."""
    return HttpResponse(JSONRenderer().render(body), MEDIA_TYPE, body["status"], headers=headers)


def as_problem(error: Exception) -> Problem | None:
    """Return what an exception means to the client, or None where nobody expected it."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, CommandRefused):
        return _of_command(error)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return _of_django(error) or _of_database(error)


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """Return one reason with its code, its parameters and its sentence."""
    return {"code": refusal.code, "params": dict(refusal.params), "message": sentence(refusal)}


def sentence(refusal: Refusal) -> str:
    """Return the sentence for a refusal in the language of the request, whichever app has the words."""
    pattern = label("refusal", refusal.code)
    if pattern == refusal.code:
        return refusal_sentence(refusal)
    try:
        return pattern % dict(refusal.params)
    except (KeyError, ValueError):
        return pattern


def flatten(detail: Any, path: str = "") -> Errors:
    """Return nested field errors as one map from dotted path to sentences; `body` stands for the whole body."""
    if isinstance(detail, Mapping):
        errors: Errors = {}
        for name, inner in detail.items():
            here = path if name == "non_field_errors" else f"{path}.{name}".strip(".")
            errors |= flatten(inner, here)
        return errors
    if isinstance(detail, list) and any(isinstance(inner, Mapping | list) for inner in detail):
        errors = {}
        for index, inner in enumerate(detail):
            errors |= flatten(inner, f"{path}.{index}".strip("."))
        return errors
    sentences = [str(inner) for inner in detail] if isinstance(detail, list) else [str(detail)]
    return {path or "body": sentences} if sentences else {}


def title_of(status: int) -> str:
    """Return the short, stable name of a status."""
    return {
        400: _("The request is not valid"),
        401: _("Sign in or send a token"),
        403: _("Not permitted"),
        404: _("Not found"),
        405: _("Method not allowed"),
        406: _("Only JSON is to be had"),
        409: _("In conflict with another request"),
        412: _("The record has changed"),
        413: _("Too large"),
        415: _("Only JSON is taken"),
        422: _("Refused"),
        428: _("If-Match is missing"),
        429: _("Too many requests"),
        503: _("Not available for a moment"),
    }.get(status, _("Something went wrong"))


def _of_command(error: CommandRefused) -> Problem:
    refusals = [refusal_json(refusal) for refusal in error.refusals]
    members: dict[str, Any] = {"refusals": refusals}
    errors = {error.field: [refusal["message"] for refusal in refusals]} if error.field else None
    detail = " ".join(refusal["message"] for refusal in refusals)
    if isinstance(error, StaleRecord):
        members |= {"seen": error.seen, "now": error.now}
        return Problem(
            412, "stale_record", _("Somebody changed the record since you read it. Read it again."), **members
        )
    if isinstance(error, NotPermitted):
        return Problem(403, "not_permitted", detail, **members)
    code = error.refusals[0].code if len(error.refusals) == 1 else "refused"
    return Problem(409 if isinstance(error, Conflict) else 422, code, detail, errors=errors, **members)


def _of_framework(error: exceptions.APIException) -> Problem:
    headers: dict[str, str] = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]  # set by the view
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(int(getattr(error, "wait", None) or 1))
        return Problem(429, "throttled", _("Wait before you ask again."), headers=headers)
    if isinstance(error, exceptions.ValidationError):
        return Problem(400, "invalid", _("See errors for each field."), errors=flatten(error.detail))
    code = error.get_codes()
    detail = str(error.detail)
    return Problem(error.status_code, code if isinstance(code, str) else "invalid", detail, headers=headers)


def _of_django(error: Exception) -> Problem | None:
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return Problem(404, "not_found", _("There is nothing here, or nothing you may see."))
    if isinstance(error, PermissionDenied):
        return Problem(403, "not_permitted", _("You may look at this record, but not do this."))
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_large", _("The request is larger than this service takes."))
    return None


def _of_database(error: Exception) -> Problem | None:
    if isinstance(error, DATABASE_AWAY):
        # A restart, a lock held too long, a deadlock: nothing was changed, the same request may be sent again.
        logger.warning("database_unavailable: %s", error)
        detail = _("The database did not answer in time. Nothing was changed; send the same request again.")
        return Problem(503, "unavailable", detail, headers={"Retry-After": str(RETRY_AFTER)})
    if isinstance(error, IntegrityError):
        logger.warning("constraint_refused: %s", error)
        return Problem(409, "conflict", _("Another record already holds one of these values."))
    if isinstance(error, DataError | DjangoValidationError):
        logger.warning("value_refused: %s", error)
        return Problem(400, "invalid", _("A value is out of range."))
    return None


def _unexpected(error: Exception, request: Any) -> Problem:
    logger.error("api_failed", exc_info=error)
    django_request = getattr(request, "_request", None)
    got_request_exception.send(sender=None, request=django_request)
    return Problem(500, "failed", _("We made a mistake. Quote the request id to whoever runs this installation."))
