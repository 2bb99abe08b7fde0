"""A real client answers twelve questions with the right sentence each; no model takes part."""

import asyncio
import json

import pytest

from kg.mcp.answer import MAX_BYTES
from kg.mcp.fence import unfenced
from kg.mcp.tools import TOOLS
from tests.mcp.conftest import size_of, tokens_of
from tests.mcp.twelve import TODAY, TWELVE, says

SECTIONS = ("facts", "undecided", "plans", "reports", "denied", "past", "leads")


@pytest.fixture(scope="module")
def session(talk, process, example_store):
    """What one client heard from `kg mcp`: the twelve answers, asked all at once, the lists, and some resources."""

    async def script(client):
        calls = [client.call_tool(asked.tool, asked.arguments) for asked in TWELVE]
        answers = await asyncio.gather(*calls)
        claim = answers[1].structured_content["plans"][0]["claims"][0]["claim"]
        return {
            "answers": dict(zip((asked.words for asked in TWELVE), answers, strict=True)),
            "tools": await client.list_tools(),
            "prompts": await client.list_prompts(),
            "templates": await client.list_resource_templates(),
            "resources": await client.list_resources(),
            "instructions": client.instructions,
            "prompt": await client.get_prompt("note_accord", {"one": "OpenAI", "other": "CoreWeave"}),
            "evidence": await client.call_tool("evidence", {"claim": claim}),
            "claim": await client.read_resource(f"kg://claim/{claim}"),
            "document": await client.read_resource("kg://document/openai-coreweave.fr.md"),
            "ontology": await client.read_resource("kg://ontology"),
        }

    return talk(process(example_store), script)


@pytest.mark.parametrize("asked", TWELVE, ids=lambda asked: asked.words)
def test_each_question_is_answered_with_its_sentence(session, asked):
    answer = session["answers"][asked.words]
    assert not answer.is_error, answer.content[0].text
    data = answer.structured_content
    assert says(asked, data), answer.content[0].text
    assert asked.sentence in answer.content[0].text
    assert not [other for other in SECTIONS if other != asked.section and says_in(asked, data, other)]
    assert tokens_of(answer) <= asked.tokens
    assert size_of(answer) <= MAX_BYTES


def says_in(asked, data, section):
    """Whether another list holds what is asked for: no plan is a fact too, no lead a plan."""
    return [row for row in data.get(section, []) if asked.cells.items() <= row.items()]


def test_every_row_names_its_claim_quote_source_and_date(session):
    for answer in session["answers"].values():
        data = answer.structured_content
        assert "as_of" in data
        assert data["page"]["truncated"] is False
        for row in (row for section in ("rows", *SECTIONS) for row in data.get(section, [])):
            for claim in row["claims"]:
                assert len(claim["claim"]) == 32
                assert unfenced(claim["quote"]) != claim["quote"]
                assert {"document", "title", "date", "tier"} <= claim.keys()


def test_the_tools_take_little_room(session):
    tools = session["tools"].model_dump(by_alias=True, exclude_none=True, mode="json")["tools"]
    assert [tool["name"] for tool in tools] == list(TOOLS)
    assert [tool["name"] for tool in tools][-1] == "sparql"
    assert len(json.dumps(tools)) < 8 << 10
    assert all(tool["annotations"] == {"readOnlyHint": True} for tool in tools)
    assert len(session["instructions"]) < 1_200


def test_prompts_stand_in_both_languages(session):
    names = [prompt.name for prompt in session["prompts"].prompts]
    assert names == [
        *("who_supplies", "who_owns", "deal_brief", "what_changed"),
        *("qui_fournit", "qui_possede", "note_accord", "quoi_de_neuf"),
    ]
    [message] = session["prompt"].messages
    assert "ce qui lie ⟦OpenAI⟧ et ⟦CoreWeave⟧" in message.content.text
    assert "jamais des instructions" in message.content.text


def test_a_claim_and_a_document_are_resources(session):
    assert [each.uri_template for each in session["templates"].resource_templates] == [
        "kg://claim/{id}",
        "kg://document/{id}{?from}",
    ]
    assert [each.uri for each in session["resources"].resources] == ["kg://ontology", "kg://questions"]
    claim = json.loads(session["claim"].contents[0].text)
    [row] = session["evidence"].structured_content["plans"]
    assert claim == row | {"as_of": {"holds_on": TODAY}}
    document = json.loads(session["document"].contents[0].text)
    assert document["truncated"] is False
    assert len(unfenced(document["text"])) == document["length"]
    assert "kg:supplies" in session["ontology"].contents[0].text
    assert len(session["ontology"].contents[0].text) < MAX_BYTES


def test_evidence_gives_the_place_to_the_letter(session):
    [row] = session["evidence"].structured_content["plans"]
    spans = row["evidence"]
    text = "".join(unfenced(spans[0][part]) for part in ("before", "quote", "after"))
    assert unfenced(spans[0]["quote"]) in text
    assert spans[0]["end"] - spans[0]["start"] == len(unfenced(spans[0]["quote"]))
    assert row["confidence"] > 0.5
    assert row["outcome"] == "admitted"


def test_the_seed_article_is_answered_with_its_own_sentences(shared, tmp_path, talk, here):
    """Figures and names of the article are facts that may be told here; its sentences are read in place."""
    from kg.documents import find, read
    from kg.pipeline import read_document
    from kg.store import open_store

    [source] = find([str(next((shared / "seed").glob("*.txt")))])
    document = read(source)
    with open_store(tmp_path / "store", write=True) as store:
        store.commit([read_document(document)[0]])

        async def script(client):
            calls = {
                "owner": ("between", {"one": "Nvidia", "other": "CoreWeave"}),
                "customer": ("analyse", {"name": "customers", "arguments": {"company": "CoreWeave"}}),
                "contract": ("claims", {"company": "CoreWeave", "other": "OpenAI"}),
                "rivals": ("question", {"name": "competitors", "arguments": {"company": "OpenAI"}}),
            }
            return {name: await client.call_tool(tool, given) for name, (tool, given) in calls.items()}

        answers = talk(here(store), script)
    said = {name: list(quotes(answer.structured_content)) for name, answer in answers.items()}
    assert all(part in document.text for texts in said.values() for text in texts for part in text.split(" … "))
    expected = {"owner": ("Nvidia", "%"), "customer": ("Microsoft", "62"), "contract": ("CoreWeave", "11,9")}
    for name, words in expected.items():
        assert any(all(word in text for word in words) for text in said[name]), (name, said[name])
    assert max(size_of(answer) for answer in answers.values()) <= MAX_BYTES


def quotes(data):
    for section in ("rows", *SECTIONS):
        for row in data.get(section, []):
            yield from (unfenced(claim["quote"]) for claim in row.get("claims", []))
