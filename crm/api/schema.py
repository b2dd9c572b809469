"""How the OpenAPI description says what every operation shares: who may ask, tags, keys and problems."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from crm.api.problems import MEDIA_TYPE, title_of

TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is stable; `detail` is a sentence for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {**TEXT, "format": "uri"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": TEXT,
        "errors": {
            "type": "object",
            "description": "Sentences by dotted path of the field; `body` stands for the whole body.",
            "additionalProperties": {"type": "array", "items": TEXT},
        },
        "refusals": {
            "type": "array",
            "description": "Why a command said no.",
            "items": {
                "type": "object",
                "required": ["code", "params", "message"],
                "properties": {
                    "code": TEXT,
                    "params": {"type": "object", "additionalProperties": TEXT},
                    "message": TEXT,
                },
            },
        },
        "request_id": TEXT,
    },
    "additionalProperties": True,
}
TAG_HEADER = {"ETag": {"description": "The record's version, to send as If-Match.", "schema": TEXT}}
LOCATION_HEADER = {"Location": {"description": "Where it is now.", "schema": TEXT}}
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the record as you read it. 428 without it, 412 when the record has changed since.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="304 where you hold the present version."
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="A name of your own for this request. Sent again within 24 hours it gets the first answer.",
)


class ApiSchema(AutoSchema):
    """Adds to each operation what its view does without saying it again."""

    def get_description(self) -> str:  # type: ignore[override]  # as the framework it extends has it
        """Return the text with the scopes a token needs."""
        text = super().get_description() or ""
        scopes_for = getattr(self.view, "scopes_for", None)
        if scopes_for is None:
            return text
        scopes = " or ".join(f"`{scope}`" for scope in sorted(scopes_for(self.method)))
        return f"{text}\n\nScope: {scopes}.".strip()

    def get_override_parameters(self) -> list[Any]:
        """Return the headers the operation reads, and the words of a search."""
        parameters = list(super().get_override_parameters())
        if self._handler_says("needs_tag"):
            parameters.append(IF_MATCH)
        if self._handler_says("is_idempotent"):
            parameters.append(IDEMPOTENCY_KEY)
        if self._action() == "retrieve":
            parameters.append(IF_NONE_MATCH)
        if self._action() == "list" and getattr(self.view, "searches", lambda: False)():
            parameters.append(OpenApiParameter("search", {"type": "string", "maxLength": 200}, description="Words."))
        return parameters

    def get_tags(self) -> list[str]:
        """Return the first word of the address."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.replace("Shape", "")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self._gives_tag():
            for body in bodies.values():
                body["headers"] = {**body.get("headers", {}), **TAG_HEADER}
        problem = {"content": {MEDIA_TYPE: {"schema": self._problem().ref}}}
        bodies |= {str(status): {**problem, "description": title_of(status)} for status in self._problems()}
        if self._action() == "retrieve":
            bodies["304"] = {"description": "You hold the present version.", "headers": TAG_HEADER}
        if "{id}" in self.path and hasattr(getattr(self.view, "model", None), "merged_into"):
            bodies["308"] = {"description": "The record was merged into another.", "headers": LOCATION_HEADER}
        return bodies

    def _problems(self) -> list[int]:
        if not hasattr(self.view, "scopes_for"):
            return [401]
        statuses = {400, 401, 403, 404, 406, 429, 503}
        if self.method != "GET":
            statuses |= {409, 422}
        if self.method in ("POST", "PATCH"):
            statuses |= {413, 415}
        if self._handler_says("needs_tag"):
            statuses |= {412, 428}
        return sorted(statuses)

    def _problem(self) -> ResolvedComponent:
        component = ResolvedComponent(name="Problem", type=ResolvedComponent.SCHEMA, object="Problem", schema=PROBLEM)
        self.registry.register_on_missing(component)
        return component

    def _gives_tag(self) -> bool:
        return self._handler_says("gives_tag") or self._action() in {"retrieve", "create", "partial_update"}

    def _handler_says(self, mark: str) -> bool:
        return bool(getattr(getattr(self.view, self._action() or "", None), mark, False))

    def _action(self) -> str | None:
        action: str | None = getattr(self.view, "action", None)
        return action


class TokenScheme(OpenApiAuthenticationExtension):
    """Describes the bearer token."""

    target_class = "crm.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from `POST /api/v1/tokens/`. Its scopes: read (all records and reports), "
            "write (all changes), events:write (only events), reports:read (only figures and quarter reviews), "
            "admin (everything an administrator may).",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    """Describes the signed-in browser."""

    target_class = "crm.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of the browser; a write also needs `X-CSRFToken`.",
        }
