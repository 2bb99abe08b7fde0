"""/search over HTTP: JSON for programs, a page for people, 400 for what is wrong, and what is committed at once."""

import pytest

import kg

HTML = {"accept": "text/html"}


def test_programs_get_json(server, same):
    found = server.get("search", params={"q": "contract", "company": "CoreWeave"}).json()
    assert found["total"] == len(found["hits"]) > 0
    assert found["facets"]["relation"]
    for hit in found["hits"]:
        assert same.document(hit["document"]).text[hit["start"] : hit["end"]] == hit["text"]
        assert (hit["add"] is None) == (hit["outcome"] != "none")


def test_people_get_a_page(server):
    for parameters in ({}, {"q": "contrat", "lang": "fr"}):
        answer = server.get("search", params=parameters, headers=HTML)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "<mark>contrat</mark>" in answer.text


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 400),
        ({"q": '"take or'}, 400),
        ({"q": "x" * 1001}, 400),
        ({"q": "x", "relation": "hold-stake"}, 400),
        ({"q": "x", "since": "soon"}, 400),
        ({"q": "x", "limit": "many"}, 400),
        ({"q": "x", "limit": "1000"}, 400),
        ({"q": "x", "colour": "red"}, 400),
        ({"q": "x", "company": "Nobody at all"}, 404),
        ({"q": "x", "lang": "de"}, 400),
    ],
)
def test_what_is_wrong_is_told_in_one_line(server, parameters, status):
    answer = server.get("search", params=parameters)
    assert (answer.status_code, answer.text.count("\n")) == (status, 1)
    assert "defect" not in answer.text
    if parameters and "lang" not in parameters:
        page = server.get("search", params=parameters, headers=HTML)
        assert page.status_code == status
        assert 'role="alert"' in page.text


def test_an_accept_header_that_nothing_fits_is_refused(server):
    assert server.get("search", params={"q": "x"}, headers={"accept": "image/png"}).status_code == 406


def test_a_commit_is_found_at_once(serving, tmp_path):
    with kg.open(tmp_path / "store", write=True) as graph:
        graph.read("Nothing is agreed.", lang="en")
    with serving(tmp_path / "store", tmp_path / "log", "--write") as served:
        article = "Zeltan Corp signed a take-or-pay contract with Korba Inc."
        put = served.change("PUT", "documents/new.txt", content=article, params={"lang": "en"})
        assert put.is_success, put.text
        assert served.get("search", params={"q": '"take or pay"'}).json()["total"] == 1
        served.change("DELETE", "documents/new.txt")
        assert served.get("search", params={"q": '"take or pay"'}).json()["total"] == 0
