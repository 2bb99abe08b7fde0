"""The viewer as `kg serve` gives it: it begins with a part, and asks for what lies beyond."""

import base64
import gzip
import json
import re

import pytest

from kg.model import Claim, Document, Entity, Modality, Qualifiers
from kg.store import DocumentClaims, open_store


def test_what_lies_around_a_company_comes_as_data(server):
    answer = server.get("viewer/more", params={"company": "MAI", "lang": "fr"})
    view = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert (view["format"], view["focus"], view["title"]) == ("kg-view/1", "product/mai", "Autour de MAI")
    assert {company["name"]: company.get("more", 0) for company in view["companies"]}["Microsoft"] >= 2
    assert server.get("viewer/more").status_code == 400
    assert server.get("viewer/more", params={"company": "Nobody Inc"}).status_code == 404


def test_the_page_says_where_to_ask_and_what_may_be_reached(server):
    page = server.get("viewer", params={"company": "MAI"}).text
    assert 'data-more="viewer/more"' in page
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert "connect-src 'self'" in policy
    [data] = re.findall(r'<script type="application/gzip" id="data">(.*?)</script>', page, re.DOTALL)
    assert json.loads(gzip.decompress(base64.b64decode(data)))["focus"] == "product/mai"


@pytest.mark.browser
def test_neighbours_open_and_companies_are_found_over_the_server(server, chromium, watched, comes_true):
    tab = chromium.new_page()
    seen = watched(tab)
    tab.goto(f"{server.url}viewer?company=MAI&lang=en")
    tab.wait_for_selector("[data-ready]", state="attached")
    before = tab.evaluate("kgView.graph.companies.size")
    tab.evaluate("kgView.choose('company/openai')")
    with tab.expect_response(lambda answer: "viewer/more?company=company%2Fopenai" in answer.url):
        tab.locator("[data-act=expand]").click()
    assert comes_true(tab, lambda: tab.evaluate("kgView.graph.companies.size") > before)
    tab.locator("input[type=search]").first.fill("nvidia")
    if tab.evaluate("kgView.graph.companies.has('company/nvidia')"):
        tab.locator("[role=option]").first.wait_for()
        tab.keyboard.press("Enter")
    else:
        with tab.expect_response(lambda answer: "viewer/more?company=nvidia" in answer.url):
            tab.keyboard.press("Enter")
    tab.locator(".panel h2", has_text=re.compile("^Nvidia$")).wait_for()
    asked = [url for url in seen.requests if "viewer/more" in url]
    assert asked
    assert all(url.startswith((server.url, "data:")) for url in seen.requests)
    seen.check()
    tab.close()


@pytest.mark.browser
def test_hostile_texts_do_no_harm_over_the_server(serving, chromium, watched, payloads, tmp_path):
    readings = []
    for at, payload in enumerate(payloads):
        document = Document(f"d{at}", payload, "en", "2025-03", title=payload)
        rival, target = Entity(f"company/x{at}", payload, "Company"), Entity("company/target", "Target", "Company")
        evidence = (document.evidence(0, len(payload)),)
        claim = Claim(rival, "supplies", target, Modality.ASSERTED, evidence, Qualifiers(goods=payload), "2025-03")
        readings.append(DocumentClaims(document, (claim,)))
    with open_store(tmp_path / "store", write=True) as store:
        store.commit(readings)
    with serving(tmp_path / "store", tmp_path / "log") as served:
        tab = chromium.new_page()
        seen = watched(tab)
        tab.goto(f"{served.url}viewer?company=Target&lang=en")
        tab.wait_for_selector("[data-ready]", state="attached")
        marks = tab.evaluate(
            """() => { let marks = 0;
              for (const id of [...kgView.graph.companies.keys(), ...kgView.graph.byLine.keys()]) {
                kgView.flyTo(id); kgView.picture.paint(); marks += document.querySelectorAll(".panel mark").length; }
              return marks; }"""
        )
        assert marks >= len(payloads) - 2, "claims of texts that the store holds"
        tab.goto(f"{served.url}viewer?company=%3Cscript%3Ealert(1)%3C/script%3E")
        assert seen.requests
        assert all(url.startswith((served.url, "data:")) for url in seen.requests)
        assert seen.dialogs == []
        tab.close()
