"""Pages as they are: tables, footnotes, captions, live blogs, paywalls, twins; and the element of each part."""

import json

import pytest
from lxml import html as lxml_html

from kg.documents.html import read_html
from kg.errors import DocumentError
from kg.places import PlaceKind

LEAD = (
    "<p>Zeltan Corp has signed a supply contract with Orvane SA, the two companies said on Tuesday in a joint note.</p>"
    "<p>The contract runs for five years and covers all of the batteries that Orvane makes in its plant in Lens.</p>"
)
MORE = "<p>Zeltan bought eight percent of Orvane last year, and has held two seats on its board since that time.</p>"


def page(body, head="", attributes=""):
    return (
        f"<!DOCTYPE html><html lang='en' {attributes}><head><title>The contract | Daily</title>{head}</head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/tech'>Tech</a></li></ul></nav>"
        f"<main><article><h1>The contract</h1>{LEAD}{body}</article></main>"
        "<aside><h3>Most read</h3><ul><li><a href='/1'>Another story of the day</a></li></ul></aside>"
        "<footer>Legal notice - Contact</footer></body></html>"
    )


def read(body, head="", attributes=""):
    return read_html(page(body, head, attributes), "x.html")


def ld(record):
    return f'<script type="application/ld+json">{json.dumps(record)}</script>'


TABLE = (
    "<h2>Customers</h2><table><caption>Large customers in 2024</caption>"
    "<thead><tr><th rowspan=2>Customer</th><th colspan=2>Share of revenue</th></tr>"
    "<tr><th>2024</th><th>2023</th></tr></thead>"
    "<tbody><tr><td>Kovarel<sup>1</sup> Inc.</td><td>21%</td><td>19%</td></tr>"
    "<tr><td>Tarn&shy;wick | Sons</td><td colspan=2>11%</td></tr></tbody></table>"
)


def test_a_table_has_its_caption_its_heads_and_its_spans():
    assert (
        "Customers\n\nLarge customers in 2024\n\n"
        "| Customer | Share of revenue |  |\n"
        "| Customer | 2024 | 2023 |\n"
        "| --- | --- | --- |\n"
        "| Kovarel Inc. | 21% | 19% |\n"
        "| Tarnwick ¦ Sons | 11% |  |\n\n"
        "Zeltan bought"
    ) in read(TABLE + MORE).text


@pytest.mark.parametrize(
    "around", ["{}", "<div class=wrap>{}</div>", "<figure>{}</figure>", "<div><div>{}</div></div>"]
)
@pytest.mark.parametrize("after", [MORE, ""])
def test_a_table_of_the_article_is_kept_wherever_it_stands_in_it(around, after):
    table = "<table><tr><td>Kovarel</td><td>21%</td></tr><tr><td>Tarnwick</td><td>11%</td></tr></table>"
    text = read(around.format(table) + after).text
    assert "\n\n| Kovarel | 21% |\n| Tarnwick | 11% |\n" in text
    assert "Another story" not in text
    assert "Legal notice" not in text


def test_a_table_that_lays_out_the_page_is_no_table():
    links = "<td><a href='/a'>Home</a><br><a href='/b'>Tech</a></td>"
    body = f"<html><body><table><tr>{links}<td>{LEAD}{MORE}</td></tr></table>"
    text = read_html(body, "x.html").text
    assert "|" not in text
    assert "Zeltan bought eight percent" in text


def test_each_row_of_a_list_in_a_table_is_a_line():
    rows = "".join(f"<tr><td>•</td><td>{text}</td></tr>" for text in ("Kovarel supplies Orvane", "Tarnwick owns Pell"))
    assert "• Kovarel supplies Orvane\n\n• Tarnwick owns Pell\n" in read(f"<table>{rows}</table>{MORE}").text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Kovarel<sup>1</sup> buys", "Kovarel buys"),
        ("Kovarel<sup><a href='#n1'>[1]</a></sup> buys", "Kovarel buys"),
        ("Kovarel<a href='#cite-1'>[12]</a> buys", "Kovarel buys"),
        ("Kovarel<sup>(a), *</sup> buys", "Kovarel buys"),
        ("a stake of 21<sup>2</sup> percent", "a stake of 21 percent"),
        ("a stake of 21%<sup>3</sup>", "a stake of 21%"),
        ("10<sup>9</sup> chips", "109 chips"),
        ("300 m<sup>2</sup> of roof", "300 m2 of roof"),
        ("le 1<sup>er</sup> mai", "le 1er mai"),
        ("the 2<sup>nd</sup> plant", "the 2nd plant"),
        ("Zeltra<sup>TM</sup> sells", "Zeltra™ sells"),
        ("Zel<wbr>tan and Or&shy;vane&#8203;", "Zeltan and Orvane"),
        ("buys a stake in<br>Kovarel", "buys a stake in Kovarel"),
        ("buys Kovarel<br>for two billion", "buys Kovarel for two billion"),
        ("By Ann Lee<br>March 3, 2025", "By Ann Lee\nMarch 3, 2025"),
        ("It buys Kovarel.<br><br>Tarnwick sells", "It buys Kovarel.\n\nTarnwick sells"),
        ("<b>A new plant</b>Kovarel builds", "A new plant\nKovarel builds"),
        ("<b>Open</b>Kovarel builds", "OpenKovarel builds"),
        ("<span>K</span>ovarel builds", "Kovarel builds"),
        ("before <!-- a comment --> after", "before after"),
    ],
)
def test_what_stands_in_a_line(markup, text):
    told = read(f"<p>{markup}, which is what a note of the two companies said on Wednesday evening.</p>{MORE}").text
    assert f"\n\n{text}, which is what" in told


def test_captions_definitions_and_titles_stand_apart():
    body = (
        "<figure><img alt='x'><figcaption>The plant of Orvane in Lens</figcaption></figure>"
        "<dl><dt>Main supplier</dt><dd>Kovarel Inc. of Ohio</dd></dl><h2>A stake</h2>"
    )
    assert (
        "\n\nThe plant of Orvane in Lens\n\nMain supplier\n\nKovarel Inc. of Ohio\n\nA stake\n\nZeltan bought"
        in read(body + MORE).text
    )


def test_items_of_a_list_are_lines():
    body = "<ul><li>Kovarel supplies the cells of it</li><li><p>Tarnwick supplies the steel for it</p></li></ul>"
    assert "\n\n- Kovarel supplies the cells of it\n- Tarnwick supplies the steel for it\n\n" in read(body + MORE).text


def test_what_is_hidden_is_not_read():
    assert "Kovarel" not in read("<div style='display: none'><p>Kovarel buys Tarnwick for a sum.</p></div>" + MORE).text


def test_every_part_has_its_element():
    source = page(TABLE + "<ul><li id=item1>Kovarel supplies the cells of it</li></ul>" + MORE)
    told = read_html(source, "x.html")
    tree = lxml_html.document_fromstring(source)
    assert {place.kind for place in told.places} == {PlaceKind.ELEMENT}
    for place in told.places:
        (element,) = tree.xpath(place.name)
        words = "".join(element.itertext()).replace("\xad", "").replace("|", "¦")
        assert told.text[place.start : place.end].split()[-1] in words
    by_text = {told.text[place.start : place.end]: place.name for place in told.places}
    assert by_text["Kovarel supplies the cells of it"] == "//*[@id='item1']"
    assert by_text["11%"].endswith("/table[1]/tbody[1]/tr[2]/td[2]")
    assert by_text[LEAD.split("<p>")[1].removesuffix("</p>")] == "/html/body/main[1]/article[1]/p[1]"


def test_a_live_blog_keeps_the_time_of_each_entry():
    entries = "".join(
        f"<div class=entry><div><time>{hour}:30</time></div><h3>{title}</h3><p>{text}</p></div>"
        for hour, title, text in (
            ("14", "The price", "Zeltan pays two billion euros for Kovarel, the buyer said in a call with analysts."),
            ("13", "The offer", "Zeltan has made an offer for Kovarel, which makes the cells of its batteries."),
        )
    )
    text = read(entries).text
    assert "\n\n14:30\n\nThe price\n\nZeltan pays two" in text
    assert "\n\n13:30\n\nThe offer\n\nZeltan has made" in text


def test_a_live_blog_that_a_script_shows_is_read_out_of_json_ld():
    updates = [
        {
            "datePublished": f"2025-03-11T1{n}:30",
            "headline": f"Part {n}",
            "articleBody": f"Zeltan buys part {n} of Kovarel.",
        }
        for n in range(9)
    ]
    head = ld({"@type": "LiveBlogPosting", "headline": "The offer", "liveBlogUpdate": updates})
    source = f"<html lang=en><head>{head}</head><body><nav><a href='/'>Home</a></nav><p>Loading</p></body></html>"
    told = read_html(source, "x.html")
    assert "\n\n2025-03-11T12:30\n\nPart 2\n\nZeltan buys part 2 of Kovarel.\n\n" in told.text
    assert {place.name for place in told.places} == {"(//script)[1]"}
    assert told.detected.title == "The offer"


def test_the_body_in_json_ld_is_read_where_the_page_shows_a_teaser():
    body = "\n".join(f"Zeltan buys the {n}. part of Kovarel for a sum that nobody tells." for n in range(20))
    told = read("", ld({"@graph": [{"@type": ["NewsArticle"], "headline": "The contract", "articleBody": body}]}))
    assert "Zeltan buys the 19. part" in told.text
    assert not told.notes


@pytest.mark.parametrize(
    "broken", ["{", "[" * 100_000, '{"@type": {}}', '"x"', "null", '{"@type": "Article", "url": 1}']
)
def test_json_ld_that_is_none_does_no_harm(broken):
    assert "Zeltan bought" in read(MORE, f'<script type="application/ld+json">{broken}</script>').text


@pytest.mark.parametrize(
    "wall",
    [
        "<div class=paywall><p>Subscribe to continue reading. Already a subscriber? Log in.</p></div>",
        "<p>Il vous reste 80 % de cet article à lire. La suite est réservée aux abonnés.</p>",
    ],
)
def test_a_stub_is_read_and_told(wall):
    stub = read(wall)
    assert "batteries that Orvane makes" in stub.text
    assert ["ends at a paywall" in note for note in stub.notes] == [True]


def test_an_article_that_speaks_of_subscribers_is_whole():
    assert not read(
        "<p>Zeltan says that already four million subscribers pay for its service in the country.</p>"
    ).notes


@pytest.mark.parametrize(
    "notice",
    [
        "<h1>We value your privacy</h1><p>We and our partners use cookies to store data.</p><p>Accept all</p>",
        "<p>Nous et nos partenaires utilisons des cookies pour nos études.</p><p>Tout accepter</p>",
        "<p>This article is for subscribers. Subscribe to continue reading.</p>",
    ],
)
def test_a_page_that_is_only_a_notice_is_refused(notice):
    with pytest.raises(DocumentError, match=r"^x\.html: shows a notice on cookies or subscriptions"):
        read_html(f"<html><body><div>{notice}</div></body></html>", "x.html")


def test_twins_have_the_address_of_the_article():
    canonical = "<link rel=canonical href='https://d.example/contract'>"
    pages = [
        read(MORE, canonical + "<link rel=amphtml href='https://d.example/amp/contract'>"),
        read(MORE, canonical, attributes="amp"),
        read(MORE, "<meta property='og:url' content='https://d.example/contract'>"),
        read(MORE, ld({"@type": "NewsArticle", "mainEntityOfPage": {"@id": "https://d.example/contract"}})),
    ]
    assert {told.detected.url for told in pages} == {"https://d.example/contract"}
    assert len({told.text for told in pages}) == 1


def test_text_of_a_page_without_elements_keeps_its_lines():
    lines = "\n".join(f"line {n} of the notice" for n in range(30))
    assert "line 3 of the notice\nline 4" in read_html(f"<html><body><pre>{lines}</pre></body></html>", "x.html").text
    assert "line 3 of the notice\nline 4" in read_html(f"<DOCUMENT><TYPE>SC 13G\n<TEXT>\n{lines}", "x.html").text


@pytest.mark.parametrize(
    "table",
    [
        "<tr><td colspan=999999999>a</td><td>b</td></tr><tr><td>c</td></tr>",
        "<tr><td rowspan=999999999>a</td><td>b</td></tr><tr><td>c</td></tr>",
        "<td>a</td><td>b</td>",
        "<tr></tr><tr><td>a</td><td>b</td><td><td></tr><caption></caption>",
        "<tr><td colspan='-1' rowspan='x'>a</td><th>b</th></tr>",
    ],
)
def test_tables_that_are_not_well_made_keep_their_text(table):
    text = read(f"<table>{table}</table>{MORE}").text
    assert "a" in text.split()
    assert "b" in text.split()


def test_a_table_of_cells_that_span_all_rows_ends_in_one_line():
    row = "<td rowspan=65534></td>" * 900
    with pytest.raises(DocumentError, match=r"^x\.html: a table's cells span too many rows"):
        read(f"<table><tr>{row}<td>a</td><td>b</td></tr>{'<tr></tr>' * 1000}</table>")


NOTE = "<p><sup>1</sup></p>", "<div><sup>(1)</sup><p>As adjusted.</p></div>", "<ul><li><a href='#x'>[1]</a></li></ul>"


@pytest.mark.parametrize(
    "note", [*NOTE, "<table><tr><th>Who</th><th>What</th></tr><tr><td><sup>1</sup></td></tr></table>"]
)
def test_a_block_that_holds_a_mark_alone_costs_nothing_else(note):
    assert read(MORE + note).text.startswith("The contract\n\nZeltan Corp has signed")


STORY = "Intel has bought Altera, a maker of chips, for sixteen billion dollars in cash. " * 20


def test_the_text_of_another_article_in_json_ld_is_not_the_page_s():
    other = {"@type": "NewsArticle", "headline": "Another story", "url": "https://d.example/o", "articleBody": STORY}
    own = {"@type": "NewsArticle", "headline": "The contract", "url": "https://d.example/contract"}
    for told in ([other, own], [own, other], [other]):
        found = read(MORE, ld(told))
        assert "Altera" not in found.text
        assert "Zeltan bought eight percent" in found.text
    assert read(MORE, ld([other, own])).detected.title == "The contract"


@pytest.mark.parametrize(
    "own",
    [
        {"headline": "The contract"},
        {"headline": "What was signed", "url": "http://www.d.example/contract/"},
        {"headline": "What was signed", "begin": lxml_html.fromstring(LEAD).text_content()},
    ],
)
def test_the_body_of_the_page_s_own_article_is_rendered(own):
    body = own.pop("begin", "") + "<p>Zeltan &amp; Orvane <b>have signed</b>.</p>" + "<p>AT&amp;T pays.</p>" * 90
    canonical = "<link rel=canonical href='https://d.example/contract'>"
    text = read("", canonical + ld({"@type": "Article", "articleBody": body, **own})).text
    assert "Zeltan & Orvane have signed.\n\nAT&T pays.\n\n" in text
