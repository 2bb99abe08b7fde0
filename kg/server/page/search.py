"""The page that searches: a form, the hits with the words marked, and what narrows them down. It needs no script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element

from kg.ontology import ontology
from kg.search import Hit, SearchRequest, SearchResult, add_command
from kg.search.request import JUDGED, LEVELS, OUTCOMES
from kg.server.page.landing import header
from kg.server.page.markup import page
from kg.store.text_index import UNDATED
from kg.view.markup import Child, element
from kg.wording.counts import counted
from kg.wording.search import SEARCH_WORDINGS

__all__ = ["SearchAnswer", "search_page"]

_FACETS = ("relation", "modality", "source", "year", "outcome", "judged", "text_lang")
_CHOICES: Mapping[str, tuple[str, ...]] = {"outcome": OUTCOMES, "judged": JUDGED, "text_lang": ("en", "fr")}
_TEXTS = ("company", "document", "source", "since", "until")


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found, the request, and the claims of the hits as phrases, by id."""

    request: SearchRequest
    result: SearchResult
    phrases: Mapping[str, str] = field(default_factory=dict)


def search_page(
    lang: str, parameters: Mapping[str, str], answer: SearchAnswer | None = None, error: str | None = None
) -> str:
    """Return the page for the parameters of a request: with its answer, with what is wrong, or with the form alone."""
    wording = SEARCH_WORDINGS[lang]
    main = element(
        "main",
        element("h2", wording["title"]),
        element("p", wording["lead"]),
        # Beside an answer the focus stays where it is: a keyboard may have gone on to the hits already.
        _form(lang, parameters, autofocus=answer is None),
        None if error is None else element("p", error, role="alert", class_="wrong"),
        *(() if answer is None else _answer(lang, parameters, answer)),
        class_="paper search",
    )
    skip = element("a", wording["skip"], class_="skip", href="#hits")
    return page(
        lang, f"{wording['title']} · {parameters.get('q', '')}".rstrip(" ·"), [skip, header(lang, "search"), main]
    )


def _form(lang: str, parameters: Mapping[str, str], *, autofocus: bool) -> Element:
    wording = SEARCH_WORDINGS[lang]
    words = element("input", type="search", name="q", id="q", value=parameters.get("q", ""), autofocus=autofocus)
    chosen = any(
        name != "lang" and parameters.get(name) for name in ("relation", *_TEXTS, *_CHOICES, "modality", "within")
    )
    return element(
        "form",
        element("input", type="hidden", name="lang", value=lang),
        element("label", element("b", wording["words"]), words, for_="q"),
        element("button", wording["go"], class_="primary"),
        element(
            "details",
            element("summary", wording["choose"]),
            element("div", *_fields(lang, parameters), class_="fields"),
            open=chosen,
        ),
        role="search",
        action="search",
        class_="ask",
    )


def _fields(lang: str, parameters: Mapping[str, str]) -> Iterator[Element]:
    wording, schema = SEARCH_WORDINGS[lang], ontology()
    for name in _TEXTS:
        hint = wording["date"] if name in {"since", "until"} else None
        field_ = element("input", name=name, id=name, value=parameters.get(name, ""), placeholder=hint)
        yield element("label", element("b", wording[name]), field_, for_=name)
    choices = {
        "relation": {name: term.label[lang] for name, term in schema.relations.items()},
        "modality": {name: term.label[lang] for name, term in schema.modalities.items()},
        **{name: {value: wording[f"{name}={value}"] for value in values} for name, values in _CHOICES.items()},
    }
    for name, values in choices.items():
        yield _select(wording, name, {"": wording["any"], **values}, parameters.get(name, ""))
    within = {value: wording[f"within={value}"] for value in LEVELS}
    yield _select(wording, "within", within, parameters.get("within", LEVELS[0]))


def _select(wording: Mapping[str, str], name: str, values: Mapping[str, str], chosen: str) -> Element:
    options = (element("option", text, value=value, selected=value == chosen) for value, text in values.items())
    return element("label", element("b", wording[name]), element("select", *options, name=name, id=name), for_=name)


# ---------------------------------------------------------------------------------- the answer
def _answer(lang: str, parameters: Mapping[str, str], answer: SearchAnswer) -> Iterator[Element]:
    wording, result, request = SEARCH_WORDINGS[lang], answer.result, answer.request
    first, last = request.offset + 1, request.offset + len(result.hits)
    count = counted(wording["count"], result.total, lang)
    told = f"{count}; {wording['shown'].format(first, last)}" if result.hits else count
    yield element("h3", wording["hits"], id="hits", tabindex="-1")
    yield element("p", told, role="status")
    for note in result.notes:
        yield element("p", note, class_="note")
    yield element("div", _hits(lang, answer), _narrow(lang, parameters, answer), class_="found")
    yield _pager(lang, parameters, answer)


def _hits(lang: str, answer: SearchAnswer) -> Element:
    hits = [element("li", *_hit(lang, hit, answer)) for hit in answer.result.hits]
    if not hits:
        return element("p", SEARCH_WORDINGS[lang]["nothing"], class_="none")
    return element("ol", *hits, start=str(answer.request.offset + 1), class_="hits")


def _hit(lang: str, hit: Hit, answer: SearchAnswer) -> Iterator[Child]:
    wording = SEARCH_WORDINGS[lang]
    yield element("p", *_marked(hit), class_="sentence", lang=hit.lang)
    name = hit.title or hit.document
    yield element(
        "p",
        element("a", name, href=f"documents/{quote(hit.document, safe='/')}"),
        f" · {hit.published or wording['undated']} · {hit.source} · {hit.start}–{hit.end}",
        class_="place",
    )
    if answer.request.within == "documents":
        yield element("p", counted(wording["claims_count"], len(hit.claims), lang), class_="place")
    elif hit.has_no_claim:
        how = element("p", wording["add_how"])
        yield element("p", wording["no_claim"], class_="place")
        yield element(
            "details", element("summary", wording["add"]), how, element("pre", add_command(hit), tabindex="0")
        )
    else:
        suffix = f" ({wording['to_review']})" if hit.outcome == "to-review" else ""
        phrases = (answer.phrases[id_] for id_ in hit.claims if id_ in answer.phrases)
        yield element("ul", *(element("li", f"{phrase}{suffix}") for phrase in phrases), class_="claims")
    if hit.judged:
        verdicts = ", ".join(wording[f"judged={verdict}"] for verdict in hit.judged)
        yield element("p", f"{wording['judged']} : {verdicts}" if lang == "fr" else f"{wording['judged']}: {verdicts}")


def _marked(hit: Hit) -> Iterator[Child]:
    last = 0
    for start, end in hit.marks:
        yield hit.text[last:start]
        yield element("mark", hit.text[start:end])
        last = end
    yield hit.text[last:]


def _narrow(lang: str, parameters: Mapping[str, str], answer: SearchAnswer) -> Element:
    """What was chosen, with links that take it back; and the values that hits have, with links that choose them."""
    wording = SEARCH_WORDINGS[lang]
    parts: list[Element] = []
    chosen = [name for name in (*_TEXTS, "relation", "modality", *_CHOICES) if parameters.get(name)]
    if chosen:
        links = (_link(wording["remove"].format(_label(lang, n, parameters[n])), parameters, **{n: ""}) for n in chosen)
        parts += [element("h4", wording["chosen"]), element("ul", *(element("li", link) for link in links))]
    for name in _FACETS:
        counts = answer.result.facets.get("lang" if name == "text_lang" else name, {})
        if counts and name not in chosen:
            items = (element("li", *_value(lang, parameters, name, value), f" {n}") for value, n in counts.items())
            parts += [element("h4", wording[name]), element("ul", *items)]
    return element("section", element("h3", wording["narrow"]), *parts, class_="narrowed", aria_label=wording["narrow"])


def _value(lang: str, parameters: Mapping[str, str], name: str, value: str) -> Iterator[Child]:
    label = _label(lang, name, value)
    if name == "year":
        yield label if value == UNDATED else _link(label, parameters, since=value, until=value)
    else:
        yield _link(label, parameters, **{name: value})


def _label(lang: str, name: str, value: str) -> str:
    """What a value is called: by the ontology, by the page, or by itself."""
    schema, wording = ontology(), SEARCH_WORDINGS[lang]
    if name == "relation" and value in schema.relations:
        return schema.relations[value].label[lang]
    if name == "modality" and value in schema.modalities:
        return schema.modalities[value].label[lang]
    return wording["undated"] if value == UNDATED else wording.get(f"{name}={value}", value)


def _link(text: str, parameters: Mapping[str, str], **changes: str) -> Element:
    wanted = {**parameters, "offset": "", **changes}
    return element("a", text, href=f"search?{urlencode({name: value for name, value in wanted.items() if value})}")


def _pager(lang: str, parameters: Mapping[str, str], answer: SearchAnswer) -> Element:
    wording, request = SEARCH_WORDINGS[lang], answer.request
    links = []
    if request.offset:
        links.append(_link(wording["previous"], parameters, offset=str(max(0, request.offset - request.limit))))
    if request.offset + len(answer.result.hits) < answer.result.total:
        links.append(_link(wording["next"], parameters, offset=str(request.offset + request.limit)))
    return element("nav", element("ul", *(element("li", link) for link in links)), aria_label=wording["pages"])
