"""Signing in at the organisation's own issuer, and everything that an issuer, or somebody who plays one,
can get wrong: nobody is signed in then, it is said why, and the log has no secret."""

import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import structlog
from flask.testing import FlaskClient
from joserfc.jwk import OctKey
from werkzeug.test import TestResponse

from govern.domain.role import Role
from govern.intake.group_roles import GroupRoles, load_text
from govern.services import people as known
from govern.services import roles, sessions
from govern.services.catalog import Catalog
from govern.services.importing import ensure_portfolio
from govern.services.issuer import BACK, Setup
from govern.services.issuer import Issuer as OurIssuer
from govern.services.people import OPERATOR
from govern.services.runtime import Runtime
from govern.store import sessions as stored_sessions
from govern.store.transaction import Store
from govern.web.app import create_app
from govern.web.pages import cookie
from tests import issuer as made
from tests.issuer import CLIENT, SECRET, Issuer, ec, rsa, running
from tests.services.house import NOW

HOST = "https://govern.example.org"
ROLES = """\
schema: govern/roles/v1
roles:
  - group: sponsors
    role: sponsor
    portfolio: main
  - group: board
    role: gatekeeper
    portfolio: main
  - group: lost
    role: sponsor
    project: NOWHERE
"""


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(clock: Clock) -> Iterator[Issuer]:
    with running(clock) as one:
        yield one


@pytest.fixture
def plain(store: Store) -> Runtime:
    """One portfolio, and one person who is here already."""
    runtime = Runtime(store, Catalog())
    known.ensure_operator(runtime, now=NOW)
    ensure_portfolio(runtime, OPERATOR, "main", "Main portfolio", now=NOW)
    known.add_person(runtime, OPERATOR, email="sam@example.org", name="Sam", now=NOW)
    known.grant_role(
        runtime, OPERATOR, email="sam@example.org", role=Role.SPONSOR, portfolio="main", now=NOW
    )
    return runtime


@pytest.fixture
def runtime(plain: Runtime, issuer: Issuer) -> Runtime:
    return replace(plain, issuer=OurIssuer(setup_of(issuer)), public_url=HOST)


def setup_of(issuer: Issuer, **changes: Any) -> Setup:
    roles_of = load_text("roles.yaml", ROLES).roles
    assert roles_of is not None
    given: dict[str, Any] = {"client_secret": SECRET, "roles": roles_of, **changes}
    return Setup(issuer.address, CLIENT, HOST + BACK, **given)


@pytest.fixture
def browser(runtime: Runtime, clock: Clock) -> FlaskClient:
    return create_app(runtime, clock).test_client()


@pytest.fixture
def log() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as written:
        yield written


def _get(browser: FlaskClient, path: str) -> TestResponse:
    return browser.get(path, base_url=HOST, headers={"Accept": "text/html"})


def leave(browser: FlaskClient, path: str = "/sign-in/oidc?next=/projects") -> str:
    """The address at the issuer."""
    answer = _get(browser, path)
    assert answer.status_code == 303, answer.text
    return answer.location


def at_the_issuer(address: str) -> str:
    """Signs in there; the path and query that the issuer sends back to."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = answer.headers["Location"]
    assert back.startswith(HOST + BACK)
    return back.removeprefix(HOST)


def sign_in(browser: FlaskClient, path: str = "/sign-in/oidc?next=/projects") -> TestResponse:
    return _get(browser, at_the_issuer(leave(browser, path)))


def _open_sessions(runtime: Runtime) -> list[Any]:
    with runtime.store.reading() as connection:
        return stored_sessions.open_of(connection, None, NOW, NOW - sessions.IDLE)


def _roles_of(runtime: Runtime, email: str) -> set[tuple[str, str | None]]:
    found = roles.list_grants(runtime, OPERATOR, NOW, person=email)
    return {(each["role"], each["brought_by"]) for each in found}


# --- the way that works ---------------------------------------------------------------------------


@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256"])
def test_who_signs_in_the_first_time_is_added_with_the_roles_of_their_groups(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer, alg: str
) -> None:
    issuer.alg = alg
    answer = sign_in(browser)
    assert (answer.status_code, answer.location) == (303, "/signed-in?next=%2Fprojects")
    assert _get(browser, "/signed-in?next=/projects").location == "/projects"
    assert _roles_of(runtime, "ada.holm@example.org") == {("sponsor", "sponsors")}
    assert "Ada Holm" in _get(browser, "/me").text


def test_what_is_asked_of_the_issuer_binds_the_answer_to_this_browser(
    browser: FlaskClient, issuer: Issuer
) -> None:
    asked = {name: each[0] for name, each in parse_qs(urlsplit(leave(browser)).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == HOST + BACK
    assert min(len(asked[each]) for each in ("state", "nonce", "code_challenge")) == 43
    kept = browser.get_cookie(cookie.ATTEMPT, domain="govern.example.org")
    assert kept is not None
    assert kept.secure
    assert kept.http_only
    assert kept.same_site == "Lax"
    assert kept.value not in asked.values()
    again = {name: each[0] for name, each in parse_qs(urlsplit(leave(browser)).query).items()}
    assert not {asked["state"], asked["nonce"]} & set(again.values())


def test_what_the_id_token_leaves_out_is_asked_for(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    issuer.in_userinfo = True
    assert sign_in(browser).status_code == 303
    assert _roles_of(runtime, "ada.holm@example.org") == {("sponsor", "sponsors")}


def test_who_is_here_already_is_known_by_a_verified_address_and_then_by_the_subject(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    issuer.person.email = "sam@example.org"
    assert sign_in(browser).status_code == 303
    assert _roles_of(runtime, "sam@example.org") == {("sponsor", None), ("sponsor", "sponsors")}
    browser.delete_cookie(cookie.NAME, domain="govern.example.org")
    issuer.person.email = "sam.new@example.org"
    assert sign_in(browser).status_code == 303
    assert [each["person_name"] for each in _open_sessions(runtime)] == ["Sam", "Sam"]


def test_a_group_that_is_gone_takes_its_role_along_and_no_other(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    issuer.person.groups = ("sponsors", "board", "lost", "of no meaning here")
    sign_in(browser)
    email = issuer.person.email
    assert _roles_of(runtime, email) == {("sponsor", "sponsors"), ("gatekeeper", "board")}
    known.grant_role(runtime, OPERATOR, email=email, role=Role.AUDITOR, now=NOW)
    browser.delete_cookie(cookie.NAME, domain="govern.example.org")
    issuer.person.groups = ("board",)
    assert sign_in(browser).status_code == 303
    assert _roles_of(runtime, email) == {("gatekeeper", "board"), ("auditor", None)}


def test_signing_out_ends_our_session_and_leads_on_to_the_issuer(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    sign_in(browser)
    kept = browser.get_cookie(cookie.NAME, domain="govern.example.org")
    assert kept is not None
    sent = {"csrf": cookie.form_token(kept.value)}
    answer = browser.post("/sign-out", base_url=HOST, data=sent)
    assert f"{issuer.address}/end?client_id={CLIENT}" in answer.text
    assert _open_sessions(runtime) == []


def test_a_public_client_has_no_secret(plain: Runtime, issuer: Issuer, clock: Clock) -> None:
    runtime = replace(
        plain, issuer=OurIssuer(setup_of(issuer, client_secret=None)), public_url=HOST
    )
    browser = create_app(runtime, clock).test_client()
    sign_in(browser)
    [sent] = [given for path, given in issuer.asked if path == "/token"]
    assert sent["client_id"] == CLIENT
    assert "client_secret" not in sent


def test_the_page_names_the_main_way_first(browser: FlaskClient) -> None:
    told = _get(browser, "/sign-in?next=/projects").text
    assert told.index("/sign-in/oidc?next=%2Fprojects") < told.index("govern signin")


# --- an ID token that is none ---------------------------------------------------------------------

HOUR = 3600
AT = int(NOW.timestamp())

Break = Callable[[Issuer], None]


def _says(**claims: Any) -> Break:
    return lambda issuer: issuer.claims.update(claims)


def _head(**head: Any) -> Break:
    return lambda issuer: issuer.head.update(head)


def _forged(forge: Callable[[Issuer, dict[str, Any]], str]) -> Break:
    def do(issuer: Issuer) -> None:
        issuer.forge = lambda claims: forge(issuer, claims)

    return do


def _another_key(issuer: Issuer, claims: dict[str, Any]) -> str:
    """Signed by somebody else who calls their key as the issuer does."""
    key = made.RSAKey.generate_key(2048, {"kid": "rsa-1"}, private=True)
    return made.jwt.encode({"alg": "RS256", "kid": "rsa-1"}, claims, key, algorithms=["RS256"])


def _changed(issuer: Issuer, claims: dict[str, Any]) -> str:
    head, _, signature = issuer.signed(claims).split(".")
    return f"{head}.{made._b64(json.dumps({**claims, 'sub': 'u-2'}).encode())}.{signature}"  # pyright: ignore[reportPrivateUsage]


def _with_key_inside(issuer: Issuer, claims: dict[str, Any]) -> str:
    """A token that brings the key it is signed with."""
    key = made.RSAKey.generate_key(2048, {"kid": "mine"}, private=True)
    head = {"alg": "RS256", "kid": "mine", "jwk": key.as_dict(private=False)}
    return made.jwt.encode(head, claims, key, algorithms=["RS256"])


FALSE_TOKENS: dict[str, tuple[Break, str]] = {
    "not signed": (_forged(lambda _, claims: made.unsigned(claims)), "alg"),
    "not signed, NoNe": (_forged(lambda _, claims: made.unsigned(claims, {"alg": "NoNe"})), "alg"),
    "the public key as a secret": (
        _forged(lambda _, claims: made.with_public_key_as_secret(claims, rsa())),
        "alg",
    ),
    "the client's secret": (
        _forged(
            lambda _, claims: made.jwt.encode(
                {"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"]
            )
        ),
        "alg",
    ),
    "an algorithm of another kind of key": (_head(kid="ec-1"), "key"),
    "another's key": (_forged(_another_key), "signature"),
    "a key of its own": (_forged(_with_key_inside), "key"),
    "changed after it was signed": (_forged(_changed), "signature"),
    "an unknown key": (_head(kid="nobody's"), "key"),
    "an access token": (_head(typ="at+jwt"), "typ"),
    "something critical": (
        _forged(
            lambda _, claims: made.by_hand(
                {"alg": "RS256", "kid": "rsa-1", "crit": ["exp"], "exp": AT}, claims, rsa()
            )
        ),
        "crit",
    ),
    "no token": (_forged(lambda _, __: "gov_no_token"), "form"),
    "no JSON": (_forged(lambda _, __: "e30.e30.e30"), "alg"),
    "another issuer": (_says(iss="https://evil.example"), "iss"),
    "no issuer": (_says(iss=None), "iss"),
    "another audience": (_says(aud="another"), "aud"),
    "no audience": (_says(aud=None), "aud"),
    "an audience that holds ours in a word": (_says(aud=f"{CLIENT}-other"), "aud"),
    "several audiences, no party": (_says(aud=[CLIENT, "another"]), "azp"),
    "another party": (_says(azp="another"), "azp"),
    "another nonce": (_says(nonce="another"), "nonce"),
    "no nonce": (_says(nonce=None), "nonce"),
    "a nonce that is no text": (_says(nonce=1), "nonce"),
    "no end": (_says(exp=None), "exp"),
    "an end that is no time": (_says(exp="never"), "exp"),
    "an end that is true": (_says(exp=True), "exp"),
    "an end that no calendar has": (_says(exp=10**30), "exp"),
    "out of date": (_says(exp=AT - 61), "exp"),
    "not made": (_says(iat=None), "iat"),
    "made in the future": (_says(iat=AT + 61), "iat"),
    "made long ago": (_says(iat=AT - HOUR - 1), "iat"),
    "not good yet": (_says(nbf=AT + 61), "nbf"),
    "of nobody": (_says(sub=None), "sub"),
    "of no text": (_says(sub=7), "sub"),
    "of too long a name": (_says(sub="x" * 256), "sub"),
    "with another access token": (_says(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
}


def test_a_false_id_token_signs_nobody_in(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    wrong: dict[str, Any] = {}
    for name, (breaks, why) in FALSE_TOKENS.items():
        issuer.claims, issuer.head, issuer.forge = {}, {}, None
        breaks(issuer)
        with structlog.testing.capture_logs() as log:
            answer = sign_in(browser)
        found = [(each["event"], each.get("why")) for each in log]
        if answer.status_code != 401 or found != [("sign_in_failed", why)]:
            wrong[name] = (answer.status_code, found)
        else:
            _is_refused(answer, 401, "sign-in-refused", why, log, runtime)
    assert wrong == {}


def test_what_is_a_minute_off_is_believed(browser: FlaskClient, issuer: Issuer) -> None:
    issuer.claims = {"exp": AT - 59, "iat": AT + 59, "nbf": AT + 59, "aud": [CLIENT, "another"]}
    issuer.claims["azp"] = CLIENT
    assert sign_in(browser).status_code == 303


def test_a_short_key_is_no_key(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer, log: list[Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        issuer.keys = [rsa("short", 1024)]
    issuer.forge = lambda claims: made.by_hand(
        {"alg": "RS256", "kid": "short"}, claims, rsa("short", 1024)
    )
    answer = sign_in(browser)
    _is_refused(answer, 401, "sign-in-refused", "key", log, runtime)


def _is_refused(
    answer: TestResponse,
    status: int,
    code: str,
    why: str,
    log: list[Any],
    runtime: Runtime,
) -> None:
    assert answer.status_code == status, answer.text
    assert code in answer.text
    assert not any(
        each.startswith(f"{cookie.NAME}=") for each in answer.headers.getlist("Set-Cookie")
    )
    assert _open_sessions(runtime) == []
    failed = [each for each in log if each["event"] == "sign_in_failed"]
    assert failed == [
        {
            "event": "sign_in_failed",
            "log_level": "warning",
            "how": "oidc",
            "why": why,
            "address": "127.0.0.1",
        }
    ]
    assert SECRET not in repr(log)


# --- the way back ---------------------------------------------------------------------------------


def test_who_comes_back_in_another_browser_is_not_signed_in(
    browser: FlaskClient, runtime: Runtime, clock: Clock, log: list[Any]
) -> None:
    back = at_the_issuer(leave(browser))
    other = create_app(runtime, clock).test_client()
    _is_refused(_get(other, back), 401, "sign-in-refused", "not_begun", log, runtime)
    assert _get(browser, back).status_code == 303


def test_an_address_works_once(browser: FlaskClient, runtime: Runtime) -> None:
    back = at_the_issuer(leave(browser))
    kept = browser.get_cookie(cookie.ATTEMPT, domain="govern.example.org")
    assert kept is not None
    assert _get(browser, back).status_code == 303
    browser.set_cookie(cookie.ATTEMPT, kept.value, domain="govern.example.org", secure=True)
    assert _get(browser, back).status_code == 401
    assert len(_open_sessions(runtime)) == 1


def test_a_code_of_another_sign_in_is_refused(
    browser: FlaskClient, runtime: Runtime, clock: Clock, log: list[Any]
) -> None:
    """Somebody's code, put into one's own sign-in: the code verifier is another one."""
    theirs = parse_qs(
        urlsplit(at_the_issuer(leave(create_app(runtime, clock).test_client()))).query
    )
    mine = parse_qs(urlsplit(at_the_issuer(leave(browser))).query)
    answer = _get(browser, f"{BACK}?code={theirs['code'][0]}&state={mine['state'][0]}")
    _is_refused(answer, 401, "sign-in-refused", "code", log, runtime)


SAID: tuple[tuple[str, str], ...] = (
    ("code=x", "state"),
    ("code=x&state=", "state"),
    ("code=x&state=another", "state"),
    ("code=x&state=%C3%BC", "state"),
    ("state=RIGHT", "no_code"),
    ("state=RIGHT&code=", "no_code"),
    ("state=RIGHT&error=access_denied", "denied"),
    ("state=RIGHT&error=server_error", "issuer_server_error"),
    ("state=RIGHT&error=%3Cscript%3E", "issuer_error"),
    ("state=RIGHT&code=x&iss=https://evil.example", "sender"),
)


def test_what_comes_back_has_to_be_what_was_asked(browser: FlaskClient, runtime: Runtime) -> None:
    for said, why in SAID:
        state = parse_qs(urlsplit(leave(browser)).query)["state"][0]
        with structlog.testing.capture_logs() as log:
            answer = _get(browser, f"{BACK}?{said.replace('RIGHT', state)}")
        _is_refused(answer, 401, "sign-in-refused", why, log, runtime)
        assert "<script>" not in answer.text


def test_an_issuer_that_names_itself_on_the_way_back_has_to(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer, log: list[Any]
) -> None:
    issuer.about["authorization_response_iss_parameter_supported"] = True
    _is_refused(sign_in(browser), 401, "sign-in-refused", "sender", log, runtime)


def test_who_takes_too_long_begins_again(
    browser: FlaskClient, runtime: Runtime, clock: Clock, log: list[Any]
) -> None:
    back = at_the_issuer(leave(browser))
    clock.now += timedelta(minutes=10)
    _is_refused(_get(browser, back), 401, "sign-in-refused", "not_begun", log, runtime)


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil"])
def test_a_sign_in_leads_nowhere_else(browser: FlaskClient, elsewhere: str) -> None:
    assert sign_in(browser, f"/sign-in/oidc?next={elsewhere}").location == "/signed-in?next=%2F"


# --- people whom nothing lets in ------------------------------------------------------------------


NOT_CERTAIN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"groups": ()}, "no_group"),
    ({"groups": ("unknown",)}, "no_group"),
    ({"email": "no address"}, "no_email"),
    ({"verified": False}, "no_email"),
    ({"email": "sam@example.org", "verified": False}, "email_not_verified"),
    ({"email": "sam@example.org", "verified": None}, "email_not_verified"),
    ({"email": "operator@localhost"}, "operator"),
)


def test_who_is_not_certain_to_be_somebody_is_not_let_in(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    for change, why in NOT_CERTAIN:
        issuer.person = replace(made.Person(), **change)
        with structlog.testing.capture_logs() as log:
            answer = sign_in(browser)
        _is_refused(answer, 403, "no-access", why, log, runtime)


def test_an_address_that_went_to_somebody_else_does_not_bring_the_account(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    issuer.person.email = "sam@example.org"
    sign_in(browser)
    browser.delete_cookie(cookie.NAME, domain="govern.example.org")
    issuer.person.sub = "u-2"
    assert sign_in(browser).status_code == 403


def test_matching_by_address_can_be_switched_off(
    plain: Runtime, issuer: Issuer, clock: Clock, log: list[Any]
) -> None:
    runtime = replace(plain, issuer=OurIssuer(setup_of(issuer, match_email=False)), public_url=HOST)
    issuer.person.email = "sam@example.org"
    answer = sign_in(create_app(runtime, clock).test_client())
    _is_refused(answer, 403, "no-access", "match_off", log, runtime)


def test_userinfo_of_another_person_is_refused(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer, log: list[Any]
) -> None:
    issuer.in_userinfo, issuer.userinfo_sub = True, "u-2"
    _is_refused(sign_in(browser), 401, "sign-in-refused", "userinfo", log, runtime)


# --- an issuer that does not answer, or too much --------------------------------------------------

DISCOVERY = "/.well-known/openid-configuration"


UNREADABLE: tuple[tuple[str, int, bytes], ...] = (
    (DISCOVERY, 500, b"{}"),
    (DISCOVERY, 302, b""),
    (DISCOVERY, 200, b"<html>"),
    (DISCOVERY, 200, b"[]"),
    (DISCOVERY, 200, b"{}"),
    (DISCOVERY, 200, b'{"a": "' + b"x" * 600_000 + b'"}'),
    ("/token", 500, b"oh"),
    ("/token", 200, b"<html>"),
    ("/token", 200, b"[]"),
    ("/token", 400, b'{"error": "invalid_client"}'),
    ("/token", 200, b'{"a": "' + b"x" * 600_000 + b'"}'),
    ("/jwks", 404, b"{}"),
    ("/jwks", 200, b'{"keys": {}}'),
)


def test_an_issuer_that_cannot_be_read_signs_nobody_in(
    plain: Runtime, issuer: Issuer, clock: Clock
) -> None:
    for path, status, body in UNREADABLE:
        issuer.answers = {path: (status, body)}
        runtime = replace(plain, issuer=OurIssuer(setup_of(issuer)), public_url=HOST)
        browser = create_app(runtime, clock).test_client()
        with structlog.testing.capture_logs() as log:
            answer = _get(browser, "/sign-in/oidc") if path == DISCOVERY else sign_in(browser)
        _is_refused(answer, 502, "issuer-unreadable", "issuer", log, runtime)


def test_a_token_endpoint_that_gives_no_id_token_signs_nobody_in(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer, log: list[Any]
) -> None:
    issuer.answers["/token"] = (200, b'{"access_token": "x", "token_type": "Bearer"}')
    _is_refused(sign_in(browser), 401, "sign-in-refused", "form", log, runtime)


CONTRADICTIONS: tuple[dict[str, Any], ...] = (
    {"issuer": "https://evil.example"},
    {"token_endpoint": "http://evil.example/token"},
    {"jwks_uri": "file:///etc/passwd"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": None},
)


def test_what_the_issuer_says_of_itself_is_held_against_what_is_set_up(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer
) -> None:
    for about in CONTRADICTIONS:
        issuer.about = about
        with structlog.testing.capture_logs() as log:
            answer = _get(browser, "/sign-in/oidc")
        _is_refused(answer, 502, "issuer-unreadable", "issuer", log, runtime)


def test_an_issuer_that_is_not_there(
    browser: FlaskClient, runtime: Runtime, plain: Runtime, clock: Clock, log: list[Any]
) -> None:
    gone = Setup("http://127.0.0.1:9", CLIENT, HOST + BACK)
    app = create_app(replace(plain, issuer=OurIssuer(gone)), clock)
    answer = _get(app.test_client(), "/sign-in/oidc")
    _is_refused(answer, 502, "issuer-unreadable", "issuer", log, runtime)


def test_where_no_issuer_is_set_up_nobody_is_sent_anywhere(plain: Runtime, clock: Clock) -> None:
    browser = create_app(plain, clock).test_client()
    assert _get(browser, "/sign-in/oidc").status_code == 500
    assert "oidc" not in _get(browser, "/sign-in").text


# --- keys -----------------------------------------------------------------------------------------


def test_what_the_issuer_says_is_kept_and_a_new_key_is_asked_for_once_a_minute(
    runtime: Runtime, issuer: Issuer, clock: Clock
) -> None:
    app = create_app(runtime, clock)
    for _ in range(2):
        assert sign_in(app.test_client()).status_code == 303
    assert (issuer.times_asked(DISCOVERY), issuer.times_asked("/jwks")) == (1, 1)
    issuer.keys = [rsa("rsa-2"), ec()]
    # A moment after they were fetched they are not asked for again, whoever invents a key.
    assert sign_in(app.test_client()).status_code == 401
    assert issuer.times_asked("/jwks") == 1
    clock.now += timedelta(minutes=1)
    assert sign_in(app.test_client()).status_code == 303
    issuer.head["kid"] = "invented"
    for _ in range(3):
        assert sign_in(app.test_client()).status_code == 401
    assert issuer.times_asked("/jwks") == 2
    clock.now += timedelta(hours=1)
    issuer.head.clear()
    assert sign_in(app.test_client()).status_code == 303
    assert (issuer.times_asked(DISCOVERY), issuer.times_asked("/jwks")) == (2, 3)


# --- confirming who one is ------------------------------------------------------------------------

AGAIN = "/sign-in/oidc?again=1&next=/projects"


def test_who_confirms_is_asked_again_and_gets_a_session_that_says_so(
    browser: FlaskClient, runtime: Runtime, clock: Clock, issuer: Issuer
) -> None:
    sign_in(browser)
    clock.now += timedelta(hours=1)
    asked = parse_qs(urlsplit(leave(browser, AGAIN)).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    before = browser.get_cookie(cookie.NAME, domain="govern.example.org")
    assert sign_in(browser, AGAIN).location == "/signed-in?next=%2Fprojects"
    after = browser.get_cookie(cookie.NAME, domain="govern.example.org")
    assert before is not None
    assert after is not None
    found = sessions.of_secret(runtime, after.value, clock.now)
    assert found is not None
    assert (found.actor.confirmed_at, found.actor.came_by) == (clock.now, "oidc")
    assert sessions.of_secret(runtime, before.value, clock.now) is None


@pytest.mark.parametrize("said", [None, AT - 61])
def test_an_issuer_that_did_not_ask_again_confirms_nothing(
    browser: FlaskClient, issuer: Issuer, said: int | None
) -> None:
    sign_in(browser)
    issuer.claims = {"auth_time": said}
    answer = sign_in(browser, AGAIN)
    assert answer.status_code == 401
    assert "asked again who you are" in answer.text


def test_another_person_confirms_nothing(browser: FlaskClient, issuer: Issuer) -> None:
    sign_in(browser)
    issuer.person = made.Person("u-9", "Bo Lind", "bo.lind@example.org")
    answer = sign_in(browser, AGAIN)
    assert answer.status_code == 401
    assert "Ada Holm" in _get(browser, "/me").text


def test_what_was_begun_to_confirm_one_session_confirms_no_other(
    browser: FlaskClient, runtime: Runtime, clock: Clock, log: list[Any]
) -> None:
    sign_in(browser)
    back = at_the_issuer(leave(browser, AGAIN))
    browser.delete_cookie(cookie.NAME, domain="govern.example.org")
    assert _get(browser, back).status_code == 401
    assert log[-1]["why"] == "other_session"


def test_how_long_ago_somebody_showed_who_they_are_is_not_made_up(
    browser: FlaskClient, runtime: Runtime
) -> None:
    """Who is known to the issuer already is signed in without being asked: nothing was confirmed now."""
    sign_in(browser)
    kept = browser.get_cookie(cookie.NAME, domain="govern.example.org")
    assert kept is not None
    found = sessions.of_secret(runtime, kept.value, NOW)
    assert found is not None
    assert found.actor.confirmed_at is None


# --- tokens of the issuer are none of ours --------------------------------------------------------


def test_an_id_token_and_an_access_token_of_the_issuer_are_no_tokens_of_the_api(
    browser: FlaskClient, runtime: Runtime, issuer: Issuer, clock: Clock, log: list[Any]
) -> None:
    sign_in(browser)
    asked = {"nonce": "x", "state": "x"}
    program = create_app(runtime, clock).test_client()
    for token in (
        issuer.id_token(asked, "access"),
        issuer.signed({"iss": issuer.address, "aud": HOST, "sub": "u-1", "exp": AT + 300}),
        made.unsigned({"sub": "u-1"}),
    ):
        answer = program.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert answer.get_json()["code"] == "not-signed-in"
        assert token not in repr(log)
    assert {(each["how"], each["why"]) for each in log} == {("token", "unknown")}


def test_no_group_brings_what_the_file_does_not_say() -> None:
    assert GroupRoles({}).of(["admins"]) == {}
