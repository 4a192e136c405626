"""One resource: routes with what they take, give and refuse, for Flask and for the description.

The only module that touches flask-smorest's decorators, which have no types.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUntypedBaseClass=false

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import request
from flask_smorest import Blueprint  # pyright: ignore[reportMissingTypeStubs]
from marshmallow import Schema

from govern.documents.media import BYTES
from govern.domain.token_scope import TokenScope
from govern.services.access import require_scope
from govern.web.described import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    body_of_files,
    content_of_files,
    headers_of,
)
from govern.web.idempotency import WRITES, answer_again
from govern.web.parser import Parser
from govern.web.past import LOG_SIZE, in_the_past
from govern.web.recorded import example_of
from govern.web.schemas.past import AsOf
from govern.web.site import actor, sign_in
from govern.web.version import named_version

View = TypeVar("View", bound=Callable[..., Any])

BEARER = "bearer"
"""The name of the way to sign in, in the description."""

_ANY = (429, 500, 503)
_SECURED = (401, 403)
_BODY = (400, 411, 413, 415, 422)


class Resource(Blueprint):
    """A blueprint whose every route needs a token, unless `open_to_all`, and of that token one scope:
    `reads` for what is read, `writes` for what is written, or what an operation says itself. Where
    nothing is said a write needs the scope that nobody gives lightly."""

    ARGUMENTS_PARSER = Parser()

    def __init__(
        self,
        name: str,
        description: str,
        *,
        open_to_all: bool = False,
        reads: TokenScope = TokenScope.READ,
        writes: TokenScope = TokenScope.MANAGE,
    ) -> None:
        super().__init__(name, __name__, description=description)
        self._open = open_to_all
        self._reads, self._writes = reads, writes
        self._scopes: dict[str, TokenScope] = {}
        if not open_to_all:
            self.before_request(sign_in)
            self.before_request(self._require_scope)
            self.before_request(answer_again)
        self._prepare_doc_cbks += [_add_header_parameters, _add_files, _add_scope]

    def _require_scope(self) -> None:
        view = (request.endpoint or "").rpartition(".")[2]
        require_scope(actor(), self._scopes.get(view, TokenScope.MANAGE))

    def read(
        self,
        path: str,
        answers: type[Schema],
        *,
        query: type[Schema] | None = None,
        headers: Sequence[str] = (),
        past: bool = False,
        past_of_all: bool = False,
        refuses: Sequence[int] = (),
        example: Any = None,
        or_file: Sequence[str] = (),
        scope: TokenScope | None = None,
    ) -> Callable[[View], View]:
        """A read. `scope`: what its token needs, instead of what the resource's reads need. The view gets
        path values and, if there is one, `query`. `past`: takes `as_of` and `as_of_size`;
        `past_of_all`: also where one project is named it reads of the others. `or_file`: the types that the
        view also answers with, by a response of its own."""
        return self._operation(
            "GET",
            path,
            answers,
            query=query,
            headers=[*headers, LOG_SIZE] if past else headers,
            known=True,
            past=past or past_of_all,
            past_of_all=past_of_all,
            refuses=refuses,
            example=example,
            told=or_file,
            scope=scope,
        )

    def write(
        self,
        method: str,
        path: str,
        answers: type[Schema],
        *,
        body: type[Schema],
        status: int = 200,
        versioned: bool = False,
        headers: Sequence[str] = (),
        body_example: Any = None,
        example: Any = None,
        scope: TokenScope | None = None,
    ) -> Callable[[View], View]:
        """A write. The view gets path values, `body` and, where it is `versioned`, `version`."""
        return self._operation(
            method,
            path,
            answers,
            body=body,
            status=status,
            versioned=versioned,
            headers=headers,
            body_example=body_example,
            example=example,
            scope=scope,
        )

    def upload(
        self,
        path: str,
        answers: type[Schema],
        *,
        query: type[Schema],
        types: Sequence[str],
        status: int = 201,
        example: Any = None,
        headers: Sequence[str] = (),
        scope: TokenScope | None = None,
    ) -> Callable[[View], View]:
        """A file as the whole body, of one of the types. The view gets path values and `query`."""
        return self._operation(
            "POST",
            path,
            answers,
            query=query,
            taken=types,
            status=status,
            headers=headers,
            example=example,
            scope=scope,
        )

    def download(
        self,
        path: str,
        *,
        types: Sequence[str],
        query: type[Schema] | None = None,
        refuses: Sequence[int] = (),
        past: bool = False,
        streamed: bool = False,
        scope: TokenScope | None = None,
    ) -> Callable[[View], View]:
        """A file of one of the types. The view gets path values and, if there is one, `query`, and
        answers with the response. `past` as for a read. `streamed`: it is sent as it is made, and has
        no ETag."""
        return self._operation(
            "GET",
            path,
            None,
            query=query,
            headers=[LOG_SIZE] if past else (),
            known=not streamed,
            past=past,
            refuses=refuses,
            told=types,
            scope=scope,
        )

    def _operation(
        self,
        method: str,
        path: str,
        answers: type[Schema] | None,
        *,
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        status: int = 200,
        versioned: bool = False,
        known: bool = False,
        past: bool = False,
        past_of_all: bool = False,
        headers: Sequence[str] = (),
        refuses: Sequence[int] = (),
        taken: Sequence[str] = (),
        told: Sequence[str] = (),
        body_example: Any = None,
        example: Any = None,
        scope: TokenScope | None = None,
    ) -> Callable[[View], View]:
        filtered = query is not None
        needed = scope or (self._reads if method == "GET" else self._writes)
        if past:
            query = AsOf if query is None else _with_past(query)
        refused = {*_ANY, *refuses, *(() if self._open else _SECURED)}
        if "<" in path or body is not None or query is not None:
            refused.add(404)
        if query is not None:
            refused.add(422)
        if past:
            refused.add(409)
        if body is not None or taken:
            refused |= {*_BODY, 409}
        if versioned:
            refused |= {412, 428}

        def decorate(view: View) -> View:
            name = _camel(view.__name__)
            shown = example_of(name)
            made: Any = _with_version(view) if versioned else view
            if told and answers is None:
                made = _as_bytes_if_asked(made)
            if past:
                made = in_the_past(made, filtered=filtered, of_all=past_of_all)
            made = self.response(
                status,
                answers,
                example=shown.get("answer", example),
                headers=headers_of(headers, known=known) or None,
            )(made)
            answered = made._apidoc["response"]["responses"]
            answered |= {code: [HTTPStatus(code).name] for code in sorted(refused)}
            if known:
                made = self.alt_response(304, description="The caller has this answer.")(made)
            if query is not None:
                # An instance, which serves every request: of a class one would be made for each.
                made = self.arguments(query(), location="query", arg_name="query")(made)
            if body is not None:
                made = self.arguments(
                    body(),
                    location="json",
                    arg_name="body",
                    example=shown.get("body", body_example),
                )(made)
            also: dict[str, Any] = {"operationId": name}
            if self._open:
                also["security"] = []
            else:
                self._scopes[view.__name__] = needed
                # OpenAPI 3.1 takes the names of what is required here for every kind of scheme.
                also["security"] = [{BEARER: [needed.value]}]
            if taken:
                also["requestBody"] = body_of_files(taken)
            if told and answers is None:
                about = {
                    "description": "The file.",
                    "content": content_of_files(told, shown.get("answer")),
                }
                about["headers"] = headers_of(headers, known=known)
                also["responses"] = {str(status): about}
            made = self.doc(**also)(made)
            made._apidoc["scope"] = None if self._open else needed.value
            made._apidoc["or_file"] = {status: told} if told and answers is not None else {}
            made._apidoc["header_parameters"] = [
                *([IF_MATCH] if versioned else []),
                *([IDEMPOTENCY_KEY] if method in WRITES else []),
                *([IF_NONE_MATCH] if known else []),
            ]
            self.add_url_rule(path, view.__name__, made, methods=[method])
            return view

        return decorate


def _with_past(query: type[Schema]) -> type[Schema]:
    bases: tuple[Any, ...] = (query, AsOf)
    return type(query.__name__, bases, {})


def _with_version(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def versioned(*args: Any, **kwargs: Any) -> Any:
        return view(*args, version=named_version(), **kwargs)

    return versioned


def _as_bytes_if_asked(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def told(*args: Any, **kwargs: Any) -> Any:
        answer = view(*args, **kwargs)
        if (
            request.headers.get("Accept", "").strip() == BYTES
            and answer.status_code == HTTPStatus.OK
        ):
            answer.headers["Content-Type"] = BYTES
        return answer

    return told


def _add_header_parameters(
    doc: dict[str, Any], doc_info: dict[str, Any], **_: Any
) -> dict[str, Any]:
    added = [dict(each) for each in doc_info.get("header_parameters", ())]
    if added:
        doc.setdefault("parameters", []).extend(added)
    return doc


def _add_files(doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The types of a file beside the data that an operation answers with."""
    for status, types in doc_info.get("or_file", {}).items():
        doc["responses"][status]["content"] |= content_of_files(types)
    return doc


def _add_scope(doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The scope that a token needs, where people read it."""
    needed = doc_info.get("scope")
    if needed is not None:
        said = f"Takes a token with the scope `{needed}`, or one without scopes."
        about = doc_info["docstring"]
        told = about.get("description") or ""
        if said not in told:
            about["description"] = f"{told}\n\n{said}".strip()
    return doc


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)
