"""Judging over HTTP: who may, under whose name, and that nobody's word is lost or said twice."""

import re
import shutil
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, quote

import pytest

from kg.judgements import Draw, Stratum
from kg.model import Document
from kg.server.tokens import TokenFile
from kg.store import DocumentClaims, open_store
from tests.server.reviewers import Person, tokens


@pytest.fixture
def served(hosting, told, tmp_path):
    shutil.copytree(told, tmp_path / "store")
    secrets = tokens(tmp_path / "tokens.json")
    options = ("--write", "--tokens", str(tmp_path / "tokens.json"))
    with hosting(tmp_path / "store", *options) as server:
        server.folder, server.tokens, server.secrets = tmp_path / "store", tmp_path / "tokens.json", secrets
        people = []

        def person(name, **options):
            people.append(Person(server.url, secrets[name], **options))
            return people[-1]

        server.person = person
        yield server
        for one in people:
            one.http.close()


def kept(served):
    with open_store(served.folder) as store:
        return [one for document in store.documents() for one in store.reading(document.id).judgements]


def one_line(answer):
    return answer.text.count("\n") == 1 and bool(answer.text.strip())


# ---------------------------------------------------------------- who may
def test_a_judgement_has_the_tokens_author_whatever_the_request_says(served):
    ada = served.person("ada")
    card = ada.card()
    claim = card["claims"][0]
    forged = ada.post("judgements", ada.judgement(card, claim, "right", author="bo"))
    assert (forged.status_code, one_line(forged)) == (400, True)
    done = ada.judge(card, claim, "right")
    assert done.status_code == 201
    [judgement] = kept(served)
    assert (judgement.id, judgement.author, judgement.claim.id) == (done.json()["judgement"], "ada", claim["id"])
    assert (judgement.drawn, judgement.tool) == (Draw.ALL, "server")
    [now] = [one for one in done.json()["claims"] if one["id"] == claim["id"]]
    assert [(one["author"], one["verdict"], one["state"]) for one in now["judged"]] == [("ada", "right", "holds")]
    assert all(claim["id"] != one["id"] for one in ada.card()["claims"]), "what one has judged comes up no more"


def test_readers_see_and_strangers_do_not(served):
    rea = served.person("rea")
    card = rea.card()
    refused = rea.judge(card, card["claims"][0], "right")
    assert (refused.status_code, one_line(refused)) == (403, True)
    stranger = served.get("review", headers={"accept": "application/json"})
    assert (stranger.status_code, stranger.headers["www-authenticate"]) == (401, "Bearer")
    for name in ("late", "gone"):
        answer = served.person(name).get("review")
        assert (answer.status_code, "unknown, expired or revoked" in answer.text, one_line(answer)) == (401, True, True)
        assert served.person(name, in_browser=True).signed_in.status_code == 401
    assert kept(served) == []


def test_whose_token_is_revoked_is_refused_from_then_on_in_his_session_too(served):
    ada, browser = served.person("ada"), served.person("ada", in_browser=True)
    assert ada.get("review").status_code == browser.get("review").status_code == 200
    TokenFile(served.tokens).revoke("ada")
    assert ada.get("review").status_code == browser.get("review").status_code == 401
    assert served.person("bo").get("review").status_code == 200


def test_a_server_without_tokens_takes_no_judgements(server):
    for method, path in (("GET", "review"), ("POST", "judgements"), ("POST", "claims"), ("GET", "claims/x/judgements")):
        answer = server.change(method, path, headers={"accept": "application/json"})
        assert (answer.status_code, "--tokens" in answer.text, one_line(answer)) == (403, True, True)


# ---------------------------------------------------------------- forged requests
def test_a_sessions_cookie_is_for_this_site_and_no_script(served):
    browser = served.person("ada", in_browser=True)
    assert (browser.signed_in.status_code, browser.signed_in.headers["location"]) == (303, "review")
    cookie = browser.signed_in.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "kg_" not in cookie


def test_a_forged_request_changes_nothing(served):
    browser = served.person("ada", in_browser=True)
    card = browser.card()
    asked = browser.judgement(card, card["claims"][0], "wrong", part="name")
    forgeries = [
        {"x-kg-csrf": None},
        {"x-kg-csrf": "wrong"},
        {"x-kg-csrf": served.person("bo", in_browser=True).headers["x-kg-csrf"]},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": None},
        {"sec-fetch-site": "cross-site"},
    ]
    for headers in forgeries:
        answer = browser.post("judgements", asked, **headers)
        assert (answer.status_code, one_line(answer)) == (403, True), headers
    plain = browser.http.post("judgements", data={"claim": "x"}, headers=browser.headers)
    assert plain.status_code == 415
    assert kept(served) == []
    assert browser.post("judgements", asked).status_code == 201


def test_nobody_is_signed_in_or_out_from_elsewhere(served):
    elsewhere = {"origin": "https://evil.example"}
    form = {"token": served.secrets["ada"], "next": "review"}
    assert served.http.post("sign-in", data=form, headers=elsewhere).status_code == 403
    browser = served.person("ada", in_browser=True)
    csrf = {"csrf": browser.headers["x-kg-csrf"]}
    assert browser.http.post("sign-out", data=csrf, headers=elsewhere).status_code == 403
    assert browser.http.post("sign-out", headers=browser.headers).status_code == 403
    assert browser.get("review").status_code == 200
    assert browser.http.post("sign-out", data=csrf, headers=browser.headers).status_code == 303
    assert browser.get("review").status_code == 401


@pytest.mark.parametrize(
    "following", ["//evil.example", "https://evil.example", "\\\\evil", "javascript:alert(1)", "/x"]
)
def test_signing_in_goes_on_to_pages_of_this_server_only(served, following):
    form = {"token": served.secrets["ada"], "next": following}
    answer = served.http.post("sign-in", data=form, headers={"origin": served.url.rstrip("/")})
    assert (answer.status_code, answer.headers["location"]) == (303, "review")


@pytest.mark.parametrize("following", ["documents/deal.txt/read?lang=en", "review?draw=random&relation=supplies"])
def test_signing_in_leads_back_to_where_one_was(served, following):
    form = {"token": served.secrets["ada"], "next": following}
    answer = served.http.post("sign-in", data=form, headers={"origin": served.url.rstrip("/")})
    assert (answer.status_code, answer.headers["location"]) == (303, following)


def test_from_a_document_called_by_its_address_one_comes_back_to_it(served, until):
    named = "https://news.example//deal"
    with open_store(served.folder, write=True) as store:
        store.commit([DocumentClaims(Document(named, "CoreWeave grows.", "en"), ())])
    path, html = f"documents/{quote(named, safe='')}/read", {"accept": "text/html"}
    until(lambda: served.get(path, headers=html).status_code == 200)
    [address] = re.findall(
        r'href="[^"]*sign-in\?([^"]*)"[^>]*>(?=Sign in to judge)', served.get(path, headers=html).text
    )
    following = dict(parse_qsl(unescape(address)))["next"]
    form = {"token": served.secrets["ada"], "next": following}
    back = served.http.post("sign-in", data=form, headers={"origin": served.url.rstrip("/")}).headers["location"]
    assert back == following
    assert " grows." in served.get(back, headers=html).text


# ---------------------------------------------------------------- nothing lost, nothing twice
def test_a_request_that_arrives_again_changes_nothing(served):
    ada = served.person("ada")
    card = ada.card()
    asked = ada.judgement(card, card["claims"][0], "wrong", part="not-stated")
    first = ada.post("judgements", asked)
    again = [ada.post("judgements", asked) for _ in range(2)]
    assert [answer.status_code for answer in (first, *again)] == [201, 201, 201]
    assert {answer.json()["judgement"] for answer in (first, *again)} == {first.json()["judgement"]}
    undo = {"judgement": first.json()["judgement"]}
    undone = [ada.post("judgements/undo", undo) for _ in range(2)]
    assert undone[0].json()["judgement"] == undone[1].json()["judgement"]
    assert ada.post("judgements", asked).json()["judgement"] == first.json()["judgement"], "it stays taken back"
    assert len(kept(served)) == 2


def test_who_takes_a_word_back_may_say_it_again(served):
    ada = served.person("ada")
    card = ada.card()
    claim = card["claims"][0]
    first = ada.judge(card, claim, "right").json()
    undone = ada.post("judgements/undo", {"judgement": first["judgement"]}).json()
    [now] = [one for one in undone["claims"] if one["id"] == claim["id"]]
    assert [one["state"] for one in now["judged"]] == ["taken back", "takes back"]
    again = ada.judge(card, now, "right")
    assert again.status_code == 201
    assert again.json()["judgement"] != first["judgement"]
    history = ada.get(f"claims/{claim['id']}/judgements").json()["judgements"]
    assert [one["state"] for one in history] == ["taken back", "takes back", "holds"]


def test_only_its_author_takes_a_judgement_back(served):
    ada, bo = served.person("ada"), served.person("bo")
    card = ada.card()
    made = ada.judge(card, card["claims"][0], "right").json()
    refused = bo.post("judgements/undo", {"judgement": made["judgement"]})
    assert (refused.status_code, "ada" in refused.text, one_line(refused)) == (403, True, True)


def test_of_two_who_judge_at_once_the_second_is_shown_what_the_first_said(served):
    people = [served.person("ada"), served.person("bo", in_browser=True)]
    card = people[0].card()
    claim = card["claims"][0]
    together = threading.Barrier(2)

    def judge(person, verdict):
        together.wait()
        return person.judge(card, claim, verdict)

    with ThreadPoolExecutor(2) as executor:
        answers = list(executor.map(judge, people, ("right", "wrong")))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [loser] = [at for at, answer in enumerate(answers) if answer.status_code == 409]
    refused = answers[loser].json()
    winner = ("ada", "bo")[1 - loser]
    assert refused["message"] == f"{winner} has judged this claim since it was shown: look at it again"
    [now] = [one for one in refused["claims"] if one["id"] == claim["id"]]
    assert [one["author"] for one in now["judged"]] == [winner]
    assert len(kept(served)) == 1
    assert people[loser].judge(card, now, "unsure").status_code == 201
    assert sorted(one.author for one in kept(served)) == ["ada", "bo"]


def test_a_document_is_closed_once_and_only_as_it_was_shown(served):
    ada, rea = served.person("ada"), served.person("rea")
    card = ada.card()
    with open_store(served.folder) as store:
        claims = [claim.id for claim in store.reading(card["document"]).claims]
    address = f"documents/{card['document']}/closing"
    shown = {"text_sha256": card["text_sha256"], "claims": claims}
    unseen = ada.post(address, shown | {"claims": claims[1:]})
    assert (unseen.status_code, "since it was shown" in unseen.json()["message"]) == (409, True)
    first, again = ada.post(address, shown), ada.post(address, shown)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert rea.post(address, shown).status_code == 403
    stale = ada.post(address, shown | {"text_sha256": "0" * 64})
    assert stale.status_code == 409
    assert stale.json()["message"].startswith(f"the text of '{card['document']}' has changed")
    with open_store(served.folder) as store:
        [closed] = store.reading(card["document"]).closings
    assert (closed.id, closed.author) == (first.json()["closing"], "ada")


def test_a_stale_tab_is_told_that_the_text_has_changed(served):
    ada = served.person("ada")
    card, claim = next(
        (card, card["claims"][0])
        for card in ada.get("review", limit=50).json()["cards"]
        if card["document"] == "deal.txt"
    )
    with open_store(served.folder, write=True) as store:
        old = store.reading("deal.txt")
        changed = replace(old.document, text=old.document.text + "Et voilà.\n")
        store.commit([replace(old, document=changed)])
    answer = ada.judge(card, claim, "right")
    assert answer.status_code == 409
    assert answer.json()["message"].startswith("the text of 'deal.txt' has changed")
    assert answer.json()["text_sha256"] == changed.sha256
    assert kept(served) == []


def test_a_claim_that_is_read_no_more_is_told(served):
    ada = served.person("ada")
    cards = ada.get("review", limit=50).json()["cards"]
    card, claim = next((card, card["claims"][0]) for card in cards if card["document"] == "rivals.txt")
    ada.judge(card, claim, "unsure")
    seen = ada.get(f"claims/{claim['id']}/judgements").json()["judgements"]
    with open_store(served.folder, write=True) as store:
        store.commit([replace(store.reading("rivals.txt"), claims=(), reader="reader/2")])
    answer = served.person("bo").judge(card, claim | {"judged": seen}, "right")
    assert (answer.status_code, "read anew" in answer.json()["message"]) == (409, True)
    assert ada.post("judgements", ada.judgement(card, {"id": "0" * 32, "judged": []}, "right")).status_code == 404


# ---------------------------------------------------------------- corrections, own claims
def test_a_correction_passes_the_gate_or_is_refused_in_a_line(served):
    ada = served.person("ada")
    card = next(
        card
        for card in ada.get("review", limit=50).json()["cards"]
        if card["claims"][0]["terms"].get("percent") == "5.2"
    )
    claim = card["claims"][0]
    refused = ada.judge(card, claim, "wrong", part="term", correction={"terms": {"percent": "77"}})
    assert (refused.status_code, "gives no percent of 77" in refused.text, one_line(refused)) == (422, True, True)
    correction = {"modality": "past", "terms": {}}
    done = ada.judge(card, claim, "wrong", part="modality", correction=correction)
    assert done.status_code == 201
    assert ("past", "admitted") in [(one["modality"], one["outcome"]) for one in done.json()["claims"]]
    again = ada.judge(card, claim, "wrong", part="modality", correction=correction)
    assert again.json()["judgement"] == done.json()["judgement"]
    assert ada.judge(card, claim, "right", correction=correction).status_code == 400


def test_a_claim_of_ones_own_is_added_once(served):
    ada = served.person("ada")
    document = served.get("documents/rivals.txt").json()
    quote = "OpenAI signed a partnership with SoftBank and Oracle for Stargate."
    start = document["text"].index(quote)
    asked = {
        "document": "rivals.txt",
        "text_sha256": Document("a", document["text"], "en").sha256,
        "subject": "SoftBank",
        "relation": "partners-with",
        "object": "Oracle",
        "start": start,
        "end": start + len(quote),
    }
    made = ada.post("claims", asked)
    assert made.status_code == 201
    [own] = [one for one in made.json()["claims"] if one["subject"] == "SoftBank" and one["object"] == "Oracle"]
    assert own["outcome"] == "admitted"
    assert ada.post("claims", asked).json()["judgement"] == made.json()["judgement"]
    for wrong, status in (({"text_sha256": "x"}, 409), ({"object": "Nobody Inc"}, 422), ({"start": -1}, 400)):
        assert ada.post("claims", asked | wrong).status_code == status
    assert [one.author for one in kept(served)] == ["ada"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"claim": 1}',
        b'{"claim": "x", "claim": "y"}',
        b'{"verdict": NaN}',
        b"\xff",
        b'{"claim": "\\ud800", "text_sha256": "x", "verdict": "right"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_request_is_refused_in_a_line(served, body):
    headers = served.person("ada").headers | {"content-type": "application/json"}
    answer = served.http.post("judgements", content=body, headers=headers)
    assert (answer.status_code in {400, 404}, one_line(answer)) == (True, True)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"draw": "best"}, "'draw' must be one of"),
        ({"outcome": "good"}, "no outcome 'good'"),
        ({"seed": "x"}, "'seed' must be a whole number"),
        ({"seed": "1000"}, "'seed' must be a whole number from 0 to 999"),
        ({"offset": "-1"}, "'offset' must be a whole number from 0"),
        ({"relation": "loves"}, "loves"),
        ({"company": "Nobody Inc"}, "Nobody Inc"),
    ],
)
def test_what_no_queue_has_is_told(served, params, said):
    answer = served.person("ada").get("review", **params)
    assert (answer.status_code, said in answer.text, one_line(answer)) == (400, True, True)


def test_cards_are_drawn_as_asked_and_say_how_many_are_left(served):
    ada = served.person("ada")
    everything = ada.get("review", limit=50).json()
    assert everything["left"] == sum(len(card["claims"]) for card in everything["cards"])
    drawn = ada.get("review", draw="random", seed=3, limit=50).json()["cards"]
    assert all(len(card["claims"]) == 1 for card in drawn)
    for_review = ada.get("review", outcome="to-review", limit=50).json()
    assert [claim["outcome"] for card in for_review["cards"] for claim in card["claims"]] == ["to-review"]
    for card in everything["cards"]:
        for start, end, _ in card["marks"]:
            assert 0 <= start < end <= len(card["paragraph"])


def test_a_random_draw_of_a_part_counts_for_that_part_and_for_no_more(served):
    ada, bo = served.person("ada"), served.person("bo")
    part = {"draw": "random", "relation": "holds-stake", "company": "CoreWeave"}
    card = ada.card(**part)
    claim = card["claims"][0]
    assert card["draw"]["stratum"] == {"company": "company/coreweave", "relation": "holds-stake"}
    whole = {"stratum": {}, "proof": card["draw"]["proof"]}
    for draw, status in ((None, 400), ("all", 400), ({"stratum": {"is": 1}, "proof": ""}, 400), (whole, 409)):
        refused = ada.judge(card, claim, "right", drawn="random", draw=draw)
        assert (refused.status_code, one_line(refused)) == (status, True), draw
    assert bo.judge(card, claim, "right", drawn="random", draw=card["draw"]).status_code == 409, "drawn for another"
    other = next(one for each in ada.get("review", limit=50).json()["cards"] for one in each["claims"] if one != claim)
    assert ada.judge(card, other, "right", drawn="random", draw=card["draw"]).status_code in {404, 409}
    assert kept(served) == []
    done = ada.judge(card, claim, "right", drawn="random", draw=card["draw"])
    again = ada.judge(card, claim, "right", drawn="random", draw=card["draw"])
    assert (done.status_code, again.status_code, again.json()) == (201, 201, done.json())
    [judgement] = kept(served)
    assert (judgement.drawn, judgement.stratum) == (Draw.RANDOM, Stratum("company/coreweave", "holds-stake"))
    assert ada.card(**part)["claims"][0]["id"] != claim["id"]
    drawn = ada.get("review", draw="random", limit=50).json()["cards"]
    assert claim["id"] in {one["id"] for each in drawn for one in each["claims"]}, "the whole is not measured by it"


def test_a_name_finds_its_company_again_after_each_commit(served, until):
    ada = served.person("ada")
    assert ada.card(company="core-weave")["claims"] != []
    assert ada.get("review", company="company:coreweave").status_code == 200
    with open_store(served.folder, write=True) as store:
        for document in list(store.documents()):
            store.forget(document.id)
    until(lambda: ada.get("review", company="core-weave").status_code == 400)


@pytest.mark.parametrize(("who", "says", "leads"), [(None, "Sign in to judge", True), ("rea", "not judge", False)])
def test_who_may_not_judge_is_told_on_a_document_what_to_do(served, who, says, leads):
    client = served.http if who is None else served.person(who, in_browser=True).http
    page = client.get("documents/deal.txt/read", params={"lang": "en"}, headers={"accept": "text/html"}).text
    assert says in page
    assert ("next=documents%2Fdeal.txt%2Fread%3Flang%3Den" in page) is leads


def test_a_head_that_never_ends_costs_reviewers_nothing(served):
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=120)) as connection:
        connection.sendall(b"POST /judgements HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bea")
        ada = served.person("ada")
        card = ada.card()
        assert ada.judge(card, card["claims"][0], "right").status_code == 201
        received = b""
        while part := connection.recv(4096):
            received += part
    assert received.startswith(b"HTTP/1.1 408 ")


def test_what_others_commit_meanwhile_is_in_the_next_card(served, until):
    ada = served.person("ada")
    before = ada.get("review").json()["left"]
    with open_store(served.folder, write=True) as store:
        document = next(iter(store.documents()))
        store.forget(document.id)
    until(lambda: ada.get("review").json()["left"] < before)
