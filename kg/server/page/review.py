"""The pages of reviewers: where they sign in, and the cards that they judge, one sentence each."""

import json
from typing import Any
from xml.etree.ElementTree import Element

from kg.ontology import ontology
from kg.server.page.landing import header
from kg.server.page.markup import page
from kg.view.markup import element
from kg.wording.pages import WORDINGS
from kg.wording.reviewing import REVIEWING

__all__ = ["messages", "review_page", "reviewer_data", "session_form", "sign_in_page"]

_ORDERS = ("all", "uncertain", "random")
_OUTCOMES = ("all", "to-review", "admitted", "refused")


def sign_in_page(lang: str, following: str, *, is_open: bool = True, failed: bool = False) -> str:
    """Return the page that takes a token and goes on to the page at the address `following`."""
    words = REVIEWING[lang]
    form = element(
        "form",
        element("input", type="hidden", name="next", value=following),
        # What a browser's keeper of passwords files the token under.
        element("input", name="username", value="kg", autocomplete="username", hidden=True),
        element(
            "label", element("b", words["token"]), element("small", words["token_help"], id="token-help"), for_="token"
        ),
        element(
            "input",
            type="password",
            id="token",
            name="token",
            required=True,
            autocomplete="current-password",
            spellcheck="false",
            aria_describedby="trouble token-help" if failed else "token-help",
            aria_invalid="true" if failed else None,
        ),
        element("button", words["sign_in"], class_="primary"),
        method="post",
        action=f"sign-in?lang={lang}",
        class_="sign-in",
    )
    trouble = element("p", words["token_wrong"], id="trouble", role="alert") if failed else None
    body = (trouble, form) if is_open else (element("p", words["closed"], role="alert", id="trouble"),)
    main = element("main", element("h2", words["sign_in"]), *body, class_="paper")
    return page(lang, f"{words['sign_in']} · {WORDINGS[lang]['title']}", [header(lang, "sign-in"), main])


def review_page(lang: str, name: str, csrf: str | None, *, judges: bool) -> str:
    """Return the page of the cards for a person who is signed in; it loads `review` as JSON, relative to itself."""
    words = REVIEWING[lang]
    main = element(
        "main",
        element("noscript", element("p", words["no_script"])),
        None if judges else element("p", words["reads_only"], class_="none"),
        _queue_form(lang),
        *messages(),
        element("div", element("p", words["loading"], class_="none"), id="card", aria_busy="true"),
        _keys(lang),
        class_="cards",
    )
    skip = element("a", words["skip_card"], class_="skip", href="#card")
    top = header(lang, "review", session=session_form(lang, name, csrf))
    data = reviewer_data(lang, csrf if judges else None, root="")
    title = f"{words['review']} · {WORDINGS[lang]['title']}"
    return page(lang, title, [skip, top, main, data], script="review.js")


def session_form(lang: str, name: str, csrf: str | None, *, root: str = "") -> Element:
    """Return what says who is signed in, and the button that ends the session."""
    words = REVIEWING[lang]
    return element(
        "form",
        element("span", words["signed_in"].format(name)),
        element("input", type="hidden", name="csrf", value=csrf or ""),
        element("button", words["sign_out"]),
        method="post",
        action=f"{root}sign-out",
        class_="session",
    )


def messages() -> tuple[Element, Element]:
    """Return where a page says what became of a judgement, and what went wrong; both are read out."""
    return element("p", id="status", role="status"), element("p", id="trouble", role="alert", hidden=True)


def reviewer_data(lang: str, csrf: str | None, *, root: str, **more: Any) -> Element:
    """Return what the scripts need, as JSON in which no tag can begin or end; without `csrf` nobody may judge."""
    schema = ontology()
    data = {
        "lang": lang,
        "words": REVIEWING[lang],
        "root": root,
        "csrf": csrf,
        "relations": _options(schema.relations, lang),
        "modalities": _options(schema.modalities, lang),
        "terms": _options(schema.qualifiers, lang, but=("as_printed", "currency")),
        **more,
    }
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return element("script", text, type="application/json", id="data")


def _options(terms: Any, lang: str, but: tuple[str, ...] = ()) -> list[dict[str, str]]:
    named = [
        {"name": str(name), "label": term.label[lang]}
        for name, term in terms.items()
        if name not in but and not getattr(term, "is_figure", False)
    ]
    return sorted(named, key=lambda option: option["label"].casefold())


def _queue_form(lang: str) -> Element:
    """The form that chooses which claims come up."""
    words = REVIEWING[lang]
    relations = [("", words["any"]), *((one["name"], one["label"]) for one in _options(ontology().relations, lang))]
    fields = [
        _choice("draw", words["draw"], [(order, words[f"draw_{order}"]) for order in _ORDERS]),
        _choice("outcome", words["outcome"], [(outcome, words[f"outcome_{outcome}"]) for outcome in _OUTCOMES]),
        _choice("relation", words["relation"], relations),
        element(
            "label",
            element("span", words["company"]),
            element("input", type="search", name="company", autocomplete="off", spellcheck="false"),
        ),
    ]
    return element(
        "form", *fields, element("button", words["show"]), id="queue", class_="queue", aria_label=words["queue"]
    )


def _choice(name: str, label: str, options: list[tuple[str, str]]) -> Element:
    choices = (element("option", text, value=value) for value, text in options)
    return element("label", element("span", label), element("select", *choices, name=name))


def _keys(lang: str) -> Element:
    """The switch of the single keys: who dictates, or hits keys by chance, needs them off (WCAG 2.1, 2.1.4)."""
    box = element("input", type="checkbox", id="single-keys", checked=True)
    return element("label", box, element("span", REVIEWING[lang]["keys"]), class_="keys", for_="single-keys")
