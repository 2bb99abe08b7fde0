"""Lists of articles in JSON, JSON lines and sheets, and lists of addresses: by names of fields, else one line."""

import csv
import io
import json

import docx
import pytest
import xlsxwriter

from kg.documents import COLUMNS, find, keep_columns, list_members
from kg.documents.containers import ListingTask
from tests.documents.conftest import BODY, RECORD, TEXT, TITLE, members, paragraphs, rss

LONG = f"{BODY} " * 3

SHAPES = {
    "NewsAPI": {"status": "ok", "articles": [RECORD]},
    "the Guardian": {
        "response": {
            "results": [{"webTitle": TITLE, "webPublicationDate": "2016-05-02T08:00:00Z", "fields": {"bodyText": BODY}}]
        }
    },
    "schema.org": {"@type": "NewsArticle", "headline": TITLE, "articleBody": BODY, "datePublished": "2016-05-02"},
    "a graph of schema.org": {"@graph": [{"headline": TITLE, "articleBody": BODY, "datePublished": "2016-05-02"}]},
    "WordPress": [
        {
            "date": "2016-05-02T08:00:00",
            "title": {"rendered": TITLE},
            "content": {"rendered": paragraphs(BODY)},
            "link": "x",
        }
    ],
    "news-please": [{"title": TITLE, "maintext": BODY, "date_publish": "2016-05-02 08:00:00", "language": "en"}],
    "JSON Feed": {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "title": TITLE, "content_html": paragraphs(BODY), "date_published": "2016-05-02T08:00:00Z"}
        ],
    },
    "Elasticsearch": {"hits": {"hits": [{"_source": {"title": TITLE, "text": BODY, "date": 1462176000000}}]}},
    "paragraphs": [
        {"headline": {"main": TITLE}, "body": BODY.split("\n\n"), "published": "Mon, 02 May 2016 08:00:00 GMT"}
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_answers_of_news_services_are_read(unpacked, shape):
    [document], skipped, _ = unpacked("news.json", json.dumps(SHAPES[shape]))
    assert (document.id, document.text, document.title) == ("news.json#1", TEXT, TITLE)
    assert (document.published, skipped) == ("2016-05-02", {})


def test_lines_are_called_after_their_line_and_a_bad_one_costs_itself_alone(unpacked):
    lines = [json.dumps(RECORD), "", "{bad", json.dumps({"buyer": "Oracle", "price": 532}), json.dumps(RECORD)]
    documents, skipped, _ = unpacked("news.jsonl", "\n".join(lines))
    assert [document.id for document in documents] == ["news.jsonl#1", "news.jsonl#5"]
    assert skipped["#3"] == "is no JSON: each line has to be an object"
    assert "none of its fields (buyer, price) holds a text: call it 'text'" in skipped["#4"]


@pytest.mark.parametrize(
    "content", [{"buyer": "Oracle", "target": "Opower"}, [{"buyer": "Oracle", "target": "Opower"}]]
)
@pytest.mark.parametrize("name", ["deals.json", "deals.jsonl"])
def test_an_unknown_shape_is_one_line_that_names_its_fields(unpacked, name, content):
    documents, skipped, _ = unpacked(name, json.dumps(content if name.endswith("n") else {"buyer": 1, "target": 2}))
    assert documents == []
    assert "(buyer, target)" in skipped[""]


def test_a_json_file_of_the_same_stem_describes_a_text_and_a_lone_one_is_a_list(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.json").write_text(json.dumps({"title": "Told"}))
    (tmp_path / "b.json").write_text(json.dumps([RECORD]))
    documents, skipped, _ = members(tmp_path)
    assert [(document.id, document.title) for document in documents] == [("a.txt", "Told"), ("b.json#1", TITLE)]
    assert skipped == {}


def test_what_a_record_says_is_a_hint_where_it_cannot_be_right(unpacked):
    record = {**RECORD, "publishedAt": "2999-01-01", "url": "javascript:alert(1)", "language": "klingon"}
    [document], _, _ = unpacked("news.json", json.dumps([record]))
    assert (document.published, document.url, document.lang) == (None, None, "en")


def test_an_article_that_a_service_cut_ends_where_it_was_cut(unpacked):
    [document], _, _ = unpacked("news.json", json.dumps([{**RECORD, "body": f"{BODY} It also… [+2412 chars]"}]))
    assert document.text.endswith("It also…\n")


def as_csv(*rows, delimiter=","):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "head", "delimiter"),
    [("a.csv", ["Title", "Text", "Date", "Link"], ","), ("a.csv", ["Titre", "Texte", "Date", "Lien"], ";"),
     ("a.tsv", ["headline", "article_body", "published_at", "url"], "\t")],
)  # fmt: skip
def test_a_row_of_a_sheet_with_a_column_of_texts_is_an_article(unpacked, name, head, delimiter):
    row = [TITLE, BODY, "2016-05-02", "https://example.org/opower"]
    documents, skipped, _ = unpacked(name, as_csv(head, row, [], row, delimiter=delimiter))
    assert [document.id for document in documents] == [f"{name}#2", f"{name}#4"]
    assert (documents[0].text, documents[0].published, documents[0].url) == (TEXT, row[2], row[3])
    [place] = documents[0].places
    assert (place.name, documents[0].text[place.start : place.end].strip()) == ("B2", BODY)
    assert skipped == {}


def test_a_row_of_a_workbook_is_an_article_and_each_other_sheet_a_table(tmp_path):
    path = tmp_path / "news.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        news, deals = workbook.add_worksheet("News"), workbook.add_worksheet("Deals")
        for number, row in enumerate([["Title", "Text", "Date"], [TITLE, BODY, "2016-05-02"]]):
            news.write_row(number, 0, row)
        for number, row in enumerate([["The buyer", "Its target"], ["Oracle has bought", "the company Opower"]]):
            deals.write_row(number, 0, row)
    [article, table], skipped, _ = members(path)
    assert (article.id, article.text, article.places[0].name) == ("news.xlsx#News!2", TEXT, "News!B2")
    assert (table.id, table.places[-1].name, skipped) == ("news.xlsx#Deals", "Deals!B2", {})
    assert table.text.endswith(
        "| The buyer | Its target |\n| --- | --- |\n| Oracle has bought | the company Opower |\n"
    )


def test_a_workbook_without_articles_is_one_document_under_the_name_of_the_file(tmp_path):
    path = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name in ("Deals", "More"):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["The buyer", "Its target"])
            sheet.write_row(1, 0, ["Oracle has bought", "the company Opower"])
    [document], skipped, _ = members(tmp_path)
    assert (document.id, skipped) == ("deals.xlsx", {})
    assert {"Deals!B2", "More!B2"} <= {place.name for place in document.places}


def test_columns_that_are_kept_have_to_fit_one_sheet_of_a_workbook(tmp_path):
    path = tmp_path / "notes.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in {"Deals": [["Buyer"], ["Oracle"]], "Notes": [["Wer", "Was"], ["Ada", LONG]]}.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    keep_columns(path, {"text": "Was"})
    [source] = find([str(path)])
    assert [member.id for member in list_members(ListingTask(source)).sources] == [
        "notes.xlsx#Notes!2",
        "notes.xlsx#Deals",
    ]


def test_a_json_file_beside_a_sheet_is_a_list_of_its_own(tmp_path):
    (tmp_path / "deals.csv").write_text(
        as_csv(["The buyer", "Its target"], ["Oracle has bought", "the company Opower"])
    )
    (tmp_path / "deals.json").write_text(json.dumps([RECORD]))
    documents, skipped, _ = members(tmp_path)
    assert ([document.id for document in documents], skipped) == (["deals.csv", "deals.json#1"], {})


@pytest.mark.parametrize("name", ["report.csv", "report.xlsx", "report.zip", "report.txt", "report"])
def test_a_document_under_the_name_of_a_list_is_read_as_what_it_is(unpacked, name):
    buffer = io.BytesIO()
    text = docx.Document()
    text.add_paragraph(BODY)
    text.save(buffer)
    [document], skipped, _ = unpacked(name, buffer.getvalue())
    assert (document.id, skipped) == (name, {})
    assert "Opower for $532 million" in document.text


def test_a_workbook_with_cells_at_both_ends_takes_no_memory(tmp_path):
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("News")
        sheet.write_row(0, 0, ["Title", "Text"])
        sheet.write(1_048_575, 16_383, "x")
    [source] = find([str(path)])
    assert [member.id for member in list_members(ListingTask(source)).sources] == ["wide.xlsx"], "a table, if anything"


@pytest.mark.parametrize(
    "rows", [[["Buyer", "Content"], ["Oracle", "Opower"]], [["Buyer", "Target"], ["Oracle", "Opower"]]]
)
def test_a_sheet_without_long_texts_is_one_document_its_table(tmp_path, rows):
    path = tmp_path / "deals.csv"
    path.write_text(as_csv(*rows))
    [source] = find([str(path)])
    assert list_members(ListingTask(source)).sources == (source,)


def test_a_column_of_long_texts_that_nothing_names_is_asked_for_and_the_answer_kept(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text(as_csv(["Wer", "Was"], ["Ada", LONG], ["Bob", LONG]))
    [source] = find([str(path)])
    question = list_members(ListingTask(source)).question
    assert (question.heads, question.long, question.samples[0]) == (("Wer", "Was"), ("Was",), "Ada")
    keep_columns(path, {"text": "Was", "title": "Wer"})
    documents, skipped, _ = members(tmp_path)
    assert [(document.id, document.title) for document in documents] == [("notes.csv#2", "Ada"), ("notes.csv#3", "Bob")]
    assert skipped == {}
    keep_columns(path, {"text": ""})
    assert list_members(ListingTask(source)).sources == (source,)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ('text = "Wass"', "has no column 'Wass'. Did you mean 'Was'?"),
        ('texte = "Was"', "'texte' is no field of an article. Did you mean 'text'"),
        ("text = Was", "is no TOML"),
    ],
)
def test_a_map_of_columns_that_does_not_fit_is_one_line(unpacked, tmp_path, told, says):
    (tmp_path / f"notes.csv{COLUMNS}").write_text(told)
    documents, skipped, _ = unpacked("notes.csv", as_csv(["Wer", "Was"], ["Ada", LONG]))
    assert documents == []
    assert says in skipped[""]


GKG = "\t".join(["20160502080000-1", "20160502080000", "1", "example.org", "https://example.org/opower", *[""] * 22])
EVENT = "\t".join(["541234567", *["x"] * 59, "https://example.org/2"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.urls", "# a comment\nhttps://example.org/opower\n\nhttps://example.org/2\n"),
        ("list.txt", "https://example.org/opower\nhttps://example.org/2\n"),
        ("20160502.gkg.csv", f"{GKG}\n{GKG.replace('/opower', '/2')}\n"),
        ("20160502.export.CSV", f"{EVENT.replace('/2', '/opower')}\n{EVENT}\n"),
        (
            "gdelt.json",
            json.dumps({"articles": [{"url": f"https://example.org/{n}", "title": "x"} for n in ("opower", "2")]}),
        ),
    ],
)
@pytest.mark.usefixtures("_no_socket")
def test_a_list_of_addresses_holds_no_documents(unpacked, name, text):
    documents, skipped, [listing] = unpacked(name, text)
    assert (documents, skipped) == ([], {})
    assert listing.addresses == ("https://example.org/opower", "https://example.org/2")


def test_a_line_of_a_list_that_is_no_address_is_told(unpacked):
    _, skipped, [listing] = unpacked("list.urls", "https://example.org/1\nexample\n")
    assert (listing.addresses, list(skipped)) == (("https://example.org/1",), ["#line 2"])


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("AT&amp;T has bought it. It&#8217;s done &lt; all.", "AT&T has bought it. It\u2019s done < all."),
        ("<p>AT&#038;T has bought it.</p>", "AT&T has bought it."),
        ("AT&T has a < b; R&D.", "AT&T has a < b; R&D."),
        (
            "Paris\n\nIt was bought.\n\nContact: <a.martin@x.org>",
            "Paris\n\nIt was bought.\n\nContact: <a.martin@x.org>",
        ),
        ("Two of them\n\nIt has <em>bought</em> one.\n\nMore", "Two of them\n\nIt has bought one.\n\nMore"),
        ("<p>Write to <ada@x.org> now.</p>", "Write to <ada@x.org> now."),
    ],
)
@pytest.mark.parametrize("name", ["news.json", "news.csv"])
def test_entities_are_undone_and_paragraphs_kept(unpacked, name, text, read_as):
    filler = "The company has said on Monday in Paris that it has bought the company. " * 3
    given = {"title": "AT&#038;T buys &#8216;Orvane&#8217;", "text": f"{text}\n\n{filler}"}
    data = json.dumps([given]) if name.endswith("json") else as_csv(["title", "text"], list(given.values()))
    [document], _, _ = unpacked(name, data)
    assert document.title == "AT&T buys \u2018Orvane\u2019"
    assert document.text.startswith(f"{document.title}\n\n{read_as}")


@pytest.mark.parametrize("name", ["big.json", "big.jsonl", "big.rss"])
def test_an_article_that_is_too_long_is_told(unpacked, name):
    long = "Zeltan has bought Orvane. " * 50_000
    record = json.dumps({"title": "x", "text": long})
    data = {
        "json": f"[{record}]",
        "jsonl": record,
        "rss": rss(f"<item><title>x</title><description>{long}</description></item>"),
    }
    documents, skipped, _ = unpacked(name, data[name[4:]])
    assert documents == []
    assert "too long for an article" in next(iter(skipped.values()))
