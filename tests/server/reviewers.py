"""People who judge on a served store, each with a token: what the tests of the server and of its pages share."""

import datetime as dt
from dataclasses import replace

import httpx2

from kg.judgements import moment
from kg.server.tokens import Role, TokenFile, new_token
from kg.store import DocumentClaims, open_store

PEOPLE = {"ada": Role.REVIEWER, "bo": Role.REVIEWER, "rea": Role.READER}


def story(path, unrecorded, sorted_reading):
    """Make a store of the story: its French document as a gate sorts it, the English one with all claims."""
    with open_store(path, write=True) as store:
        store.commit([DocumentClaims(*unrecorded[1], "reader/1"), sorted_reading])


def tokens(path):
    """Make a file of tokens, an expired and a revoked one among them; return each secret by its bearer."""
    file, now = TokenFile(path), dt.datetime.now(dt.UTC)
    secrets = {}
    for name, role in (*PEOPLE.items(), ("late", Role.REVIEWER), ("gone", Role.REVIEWER)):
        secrets[name], token = new_token(name, role, 1, now)
        yesterday = moment(now - dt.timedelta(days=1))
        file.add(replace(token, expires=yesterday) if name == "late" else token)
    file.revoke("gone")
    return secrets


class Person:
    """A program that shows a token, or a browser that is signed in."""

    def __init__(self, url, secret, *, in_browser=False, generous=120.0):
        self.url, self.origin = url, url.rstrip("/")
        self.http = httpx2.Client(base_url=url, timeout=generous, verify=False)  # no certificates to load
        self.headers = {}
        if not in_browser:
            self.headers["authorization"] = f"Bearer {secret}"
            return
        form = {"token": secret, "next": "review"}
        self.signed_in = self.http.post("sign-in", data=form, headers={"origin": self.origin})
        self.headers["origin"] = self.origin
        if self.signed_in.status_code == 303:
            self.headers["x-kg-csrf"] = self.http.get("session").json()["csrf"]

    def get(self, path, **params):
        return self.http.get(path, params=params, headers={**self.headers, "accept": "application/json"})

    def post(self, path, body, **headers):
        sent = {name: value for name, value in (self.headers | headers).items() if value is not None}
        return self.http.post(path, json=body, headers=sent)

    def card(self, **params):
        return self.get("review", **params).json()["cards"][0]

    def shown(self, claim):
        """A claim with its card, as a page shows it."""
        cards = self.get("review", limit=50).json()["cards"]
        return next((card, one) for card in cards for one in card["claims"] if one["id"] == claim)

    def judgement(self, card, claim, verdict, **more):
        seen = [one["id"] for one in claim["judged"]]
        asked = {"claim": claim["id"], "text_sha256": card["text_sha256"], "verdict": verdict, "seen": seen}
        return asked | {"drawn": "all"} | more

    def judge(self, card, claim, verdict, **more):
        return self.post("judgements", self.judgement(card, claim, verdict, **more))
