"""The addresses of reviewers: signing in, cards, judgements, claims of their own, documents read through."""

import json
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kg.errors import KgError, StoreError, UnknownDocument
from kg.server import page
from kg.server.backend import Backend
from kg.server.negotiation import negotiate
from kg.server.protocol import HttpError, content_type, page_language, query_parameters, read_body
from kg.server.review_changes import UndoJudgement
from kg.server.review_requests import MAX_REQUEST, adding, card_request, closing, judging, parsed, text_of
from kg.server.security_headers import PAGE_POLICY
from kg.server.sessions import CSRF_HEADER, Identity, Sessions, check_csrf, check_origin
from kg.server.tasks import ReadThroughPage

__all__ = ["ReviewHandlers"]

_READ = ["GET", "HEAD"]
_UNKNOWN = 401
_FORM = "application/x-www-form-urlencoded"
_PAGE_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    # Without it a browser tells a form's origin as "null".
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "vary": "accept, accept-language, cookie",
}
_PRIVATE = {"cache-control": "no-store", "vary": "accept, cookie, authorization"}

_T = TypeVar("_T")


class ReviewHandlers:
    """The handlers of requests by who shows a token."""

    def __init__(self, backend: Backend, sessions: Sessions) -> None:
        self._backend = backend
        self._sessions = sessions

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/sign-in", self.sign_in_page, methods=_READ),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/session", self.session, methods=_READ),
            Route("/review", self.review, methods=_READ),
            Route("/judgements", self.judge, methods=["POST"]),
            Route("/judgements/undo", self.undo, methods=["POST"]),
            Route("/claims", self.add, methods=["POST"]),
            Route("/claims/{id}/judgements", self.history, methods=_READ),
            Route("/documents/{name:path}/read", self.read_through, methods=_READ),
            Route("/documents/{name:path}/closing", self.close, methods=["POST"]),
        ]

    # ------------------------------------------------------------------------------ sessions
    async def sign_in_page(self, request: Request) -> Response:
        """The form that takes a token."""
        lang, following = page_language(request), request.query_params.get("next", "")
        return _page(page.sign_in_page(lang, _within(following), is_open=self._sessions.is_open))

    async def sign_in(self, request: Request) -> Response:
        """Begin a session, and go on to the page that was asked for."""
        if content_type(request) != _FORM:
            raise HttpError(415, f"signing in takes a form, {_FORM}")
        form = await _form(request)
        response = RedirectResponse(_within(form.get("next", "")), 303, headers={"cache-control": "no-store"})
        try:
            self._sessions.sign_in(form.get("token", ""), request, response)
        except HttpError as error:
            if error.status != _UNKNOWN:
                raise
            html = page.sign_in_page(page_language(request), _within(form.get("next", "")), failed=True)
            return _page(html, _UNKNOWN)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End a session."""
        identity = self._sessions.identify(request)
        check_origin(request)
        if identity is not None and identity.csrf is not None:
            check_csrf(identity, (await _form(request)).get("csrf", ""))
        response = RedirectResponse("sign-in", 303)
        self._sessions.sign_out(request, response)
        return response

    async def session(self, request: Request) -> Response:
        """Who is signed in, and the secret that his requests for changes carry."""
        identity = self._sessions.require(request)
        record = {"name": identity.name, "role": identity.role.value, "csrf": identity.csrf, "header": CSRF_HEADER}
        return JSONResponse(record, headers=_PRIVATE)

    # ------------------------------------------------------------------------------ judging
    async def review(self, request: Request) -> Response:
        """The next cards as JSON, or the page that shows them."""
        wanted = negotiate(request.headers.get("accept"), ["application/json", "text/html"])
        if wanted is None:
            raise HttpError(406, "cards are available as text/html and application/json")
        if wanted == "text/html":
            return self._review_page(request)
        identity = self._sessions.require(request)
        asked = card_request(dict(query_parameters(request.url.query)))
        cards = await _told(self._backend.desk.cards(asked, identity.name, page_language(request)))
        return JSONResponse(cards, headers=_PRIVATE)

    def _review_page(self, request: Request) -> Response:
        identity = self._sessions.identify(request)
        if identity is None:
            following = quote(f"review?{request.url.query}" if request.url.query else "review")
            return RedirectResponse(f"sign-in?next={following}&lang={page_language(request)}", 303)
        return _page(
            page.review_page(page_language(request), identity.name, identity.csrf, judges=identity.is_reviewer)
        )

    async def judge(self, request: Request) -> Response:
        """Take a judgement."""
        identity, record = await self._asked(request)
        document = await self._document_of(text_of(record, "claim"))
        proofs = self._backend.desk.proofs
        return await self._backend.change(judging(record, document, identity.name, page_language(request), proofs), 201)

    async def undo(self, request: Request) -> Response:
        """Take a judgement back."""
        identity, record = await self._asked(request)
        id_ = text_of(record, "judgement")
        change = UndoJudgement(await self._document_of(id_), id_, identity.name, page_language(request))
        return await self._backend.change(change, 201)

    async def add(self, request: Request) -> Response:
        """Take a claim of the reviewer's own."""
        identity, record = await self._asked(request)
        return await self._backend.change(adding(record, identity.name, page_language(request)), 201)

    async def history(self, request: Request) -> Response:
        """What people said of a claim, oldest first."""
        self._sessions.require(request)
        id_ = request.path_params["id"]
        history = await _told(self._backend.desk.history(id_, page_language(request)))
        if history is None:
            raise _unknown(id_)
        return JSONResponse({"judgements": history}, headers=_PRIVATE)

    async def _asked(self, request: Request) -> tuple[Identity, Mapping[str, Any]]:
        """Who asks for a change, and what he sends."""
        identity = self._sessions.require_reviewer(request)
        if content_type(request) != "application/json":
            raise HttpError(415, f"a change is sent as application/json, not as '{content_type(request)}'")
        return identity, parsed(await read_body(request, MAX_REQUEST))

    async def _document_of(self, id_: str) -> str:
        document = await _told(self._backend.desk.document_of(id_))
        if document is None:
            raise _unknown(id_)
        return document

    # ------------------------------------------------------------------------------ reading through
    async def read_through(self, request: Request) -> Response:
        """A document with every claim beside its sentence."""
        identity = self._sessions.visitor(request)
        # Addresses in the page are relative to its own, as the browser has it.
        root = "../" * (request.scope["raw_path"].count(b"/") - 1)
        name, csrf = (identity.name, identity.csrf) if identity else (None, None)
        judges = identity is not None and identity.is_reviewer and csrf is not None
        document = request.path_params["name"]
        lang, is_open = page_language(request), self._sessions.is_open
        task = ReadThroughPage(document, lang, root, name, csrf, judges=judges, is_open=is_open)
        response = await self._backend.answer(request, task)
        response.headers.update(_PAGE_HEADERS)
        return response

    async def close(self, request: Request) -> Response:
        """Take the word that a document is read to the end."""
        identity, record = await self._asked(request)
        change = closing(record, request.path_params["name"], identity.name, page_language(request))
        return await self._backend.change(change, 201)


def _page(html: str, status: int = 200) -> Response:
    return Response(html, status, media_type="text/html", headers=_PAGE_HEADERS)


async def _told(work: Awaitable[_T]) -> _T:
    """What the desk tells; raise `HttpError` for what it does not know, and where the store cannot be read."""
    try:
        return await work
    except UnknownDocument as error:
        raise HttpError(404, " ".join(str(error).split())) from error
    except StoreError as error:
        raise HttpError(503, " ".join(str(error).split()), {"retry-after": "5"}) from error
    except KgError as error:
        raise HttpError(400, " ".join(str(error).split())) from error


async def _form(request: Request) -> dict[str, str]:
    body = await read_body(request, MAX_REQUEST)
    try:
        return dict(query_parameters(body.decode()))
    except UnicodeDecodeError as error:
        raise HttpError(400, "the form is not UTF-8") from error


def _within(address: str) -> str:
    """Return the address of a page of this server, relative to its root; any other is the review's."""
    is_plain = address.startswith(("review", "viewer", "documents/")) and not set(address) & set("\\\r\n\t")
    return address if is_plain and "//" not in address and ":" not in address.partition("/")[0] else "review"


def _unknown(id_: str) -> HttpError:
    return HttpError(404, f"there is no claim and no judgement '{json.dumps(id_)[1:-1][:40]}': load the page again")
