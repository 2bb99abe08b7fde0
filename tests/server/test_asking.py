"""/ask: questions in words over HTTP, in the same workers as every query."""


def test_a_question_in_words_is_answered_as_json(server):
    told = server.get("ask", params={"q": "who supplies CoreWeave?"}).json()
    assert told["understood"]["name"] == "suppliers"
    assert {row["supplier"] for row in told["rows"]} == {"Nvidia"}
    assert "SELECT" in told["sparql"]


def test_what_is_not_understood_is_told_with_what_can_be_asked(server):
    answer = server.get("ask", params={"q": "qui adore CoreWeave ?", "lang": "fr"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["understood"], told["reason"], told["words"]) == (None, "unknown_words", ["adore"])
    assert any("CoreWeave" in question for question in told["nearest"])


def test_what_is_no_question_is_told_and_nothing_breaks(server):
    for text in ("a" * 10_000, "who\x1b[31m supplies CoreWeave?", 'who supplies "> } ; DROP ALL # ?', "?"):
        answer = server.get("ask", params={"q": text})
        assert (answer.status_code, answer.json()["understood"]) == (200, None), text[:40]


def test_an_address_without_a_question_or_of_another_language_is_refused(server):
    assert server.get("ask").status_code == 400
    assert server.get("ask", params={"q": " \n "}).status_code == 400
    assert server.get("ask", params={"q": "who?", "lang": "de"}).status_code == 400
