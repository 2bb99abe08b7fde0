"""The page of a PDF on which a claim's sentence stands, as a server shows it."""

import io

import pytest
from PIL import Image

import kg
from tests.documents.pdf_files import article

pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed: pip install 'kg[office]'")

SENTENCE = "Nvidia owns 6% of CoreWeave."
TEXT = f"CoreWeave and its owners\n\n{SENTENCE} Both of them said so in a note to the press on Tuesday, and signed it."


@pytest.fixture(scope="module")
def paper(hosting, tmp_path_factory):
    """A server of one PDF, the PDF's path, and the claim that stands in it."""
    folder = tmp_path_factory.mktemp("paper")
    path = folder / "deal.pdf"
    path.write_bytes(article(TEXT))
    with kg.open(folder / "store", write=True) as graph:
        graph.build(path, lang="en")
        [claim] = graph.claims("CoreWeave")
    with hosting(folder / "store") as served:
        yield served, path, claim


def test_the_page_of_a_claim_is_a_picture_with_the_sentence_marked(paper):
    served, _, claim = paper
    answer = served.get(f"claims/{claim.id}/page")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png"), answer.text
    colours = Image.open(io.BytesIO(answer.content)).convert("RGB").getcolors(1 << 20)
    assert any(red > 200 and green > 200 and blue < 150 for _, (red, green, blue) in colours)


@pytest.mark.browser
def test_the_picture_leads_to_the_page(paper, chromium, watched):
    served, _, claim = paper
    tab = chromium.new_page()
    seen = watched(tab)
    tab.goto(f"{served.url}viewer?company=CoreWeave&lang=fr")
    tab.wait_for_selector("[data-ready]", state="attached")
    tab.evaluate("kgView.flyTo(kgView.graph.view.lines[0].id)")
    link = tab.locator("figcaption a", has_text="p. 1")
    assert link.get_attribute("href") == f"{served.url}claims/{claim.id}/page"
    with tab.expect_popup() as opened:
        link.click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("document.images[0].naturalWidth") > 500
    seen.check()
    tab.close()


def test_where_the_page_cannot_be_shown_one_line_says_why(paper):
    served, path, claim = paper
    assert served.get("claims/none/page").status_code == 404
    data = path.read_bytes()
    path.write_bytes(article(TEXT.replace("6%", "7%")))
    changed = served.get(f"claims/{claim.id}/page")
    path.unlink()
    gone = served.get(f"claims/{claim.id}/page")
    path.write_bytes(data)
    assert (changed.status_code, gone.status_code) == (404, 404)
    assert "gives another text than when it was read" in changed.text
    assert gone.text.count("\n") <= 1
    assert served.get(f"claims/{claim.id}/page").status_code == 200
