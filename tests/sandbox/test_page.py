"""The chat page as files: what can be promised about it without a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib import resources

import pytest

SCRIPTS_LIMIT = 36 * 1024  # bytes, all scripts together
XML_NAMESPACE = "http://www.w3.org/2000/svg"  # a name, not an address that is fetched
WORDS_FOR_MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|DOMParser"

PAGE = resources.files("bot.sandbox") / "page"
FILES = {file.name: file.read_text(encoding="utf-8") for file in PAGE.iterdir() if file.is_file()}
SCRIPTS = {name: text for name, text in FILES.items() if name.endswith(".js")}


class Elements(HTMLParser):
    """Collect the elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]


@pytest.fixture
def page() -> Elements:
    return Elements(FILES["index.html"])


def rule(selector: str) -> str:
    """Give the first rule of the style sheet for a selector."""
    found = re.search(
        rf"^{re.escape(selector)} \{{(.*?)\}}", FILES["page.css"], re.MULTILINE | re.DOTALL
    )
    assert found, selector
    return found[1]


def test_the_page_is_arabic_and_reads_right_to_left(page: Elements) -> None:
    [html] = page.all("html")

    assert html["lang"] == "ar"
    assert html["dir"] == "rtl"


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_file_leads_outside(name: str) -> None:
    text = FILES[name].replace(XML_NAMESPACE, "")

    assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text.replace("https://$", ""))
    assert "@import" not in text
    assert "@font-face" not in text


def test_everything_the_page_loads_is_there(page: Elements) -> None:
    links = [e["href"] for e in page.all("link") if not str(e["href"]).startswith("data:")]
    asked = [*links, *(e["src"] for e in page.all("script"))]
    imports = [i for text in SCRIPTS.values() for i in re.findall(r'from "\./([\w.]+)"', text)]

    assert {f"/page/{name}" for name in ("page.css", "page.js")} == set(asked)
    assert set(imports) | {"page.js"} == set(SCRIPTS)


def test_the_scripts_stay_small() -> None:
    assert sum(len(text.encode()) for text in SCRIPTS.values()) <= SCRIPTS_LIMIT


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_no_script_makes_markup_of_text(name: str) -> None:
    assert not re.search(WORDS_FOR_MARKUP, SCRIPTS[name])
    assert not re.search(r"\beval\(|new Function", SCRIPTS[name])


def test_a_link_leads_only_to_protocols_that_cannot_run_code() -> None:
    [listed] = re.findall(r"PROTOCOLS = \[(.*?)\]", SCRIPTS["entities.js"])

    assert set(re.findall(r'"(\w+):"', listed)) == {"http", "https", "mailto", "tel", "tg"}


def test_no_inline_script_and_no_handler_in_the_markup(page: Elements) -> None:
    assert all(script.get("src") for script in page.all("script"))
    assert not [key for _, attributes in page.found for key in attributes if key.startswith("on")]


def test_every_control_has_a_name(page: Elements) -> None:
    text = FILES["index.html"]

    for control in page.all("textarea"):
        assert control.get("aria-label")
    for attributes, inner in re.findall(r"<button([^>]*)>(.*?)</button>", text, re.DOTALL):
        assert "aria-label" in attributes or re.sub(r"<[^>]*>", "", inner).strip()
    for region in page.all("nav", "main", "aside"):
        assert region.get("aria-labelledby")


def test_every_id_that_is_referred_to_exists_once(page: Elements) -> None:
    ids = [e["id"] for _, e in page.found if e.get("id")]
    used = {i for text in SCRIPTS.values() for i in re.findall(r'\$\("([\w-]+)"\)', text)}
    for _, attributes in page.found:
        used |= {attributes[k] for k in ("aria-labelledby", "aria-controls") if k in attributes}

    assert len(ids) == len(set(ids))
    assert used <= set(ids)


def test_messages_are_announced_and_the_script_is_not_needed_to_say_so(page: Elements) -> None:
    logs = [e for _, e in page.found if e.get("role") == "log"]

    assert len(logs) == 1
    assert logs[0]["tabindex"] == "0"
    assert page.all("noscript")


@pytest.mark.parametrize(
    "kind",
    [
        "blockquote",
        "bold",
        "bot_command",
        "code",
        "expandable_blockquote",
        "italic",
        "pre",
        "spoiler",
        "strikethrough",
        "text_link",
        "underline",
        "url",
    ],
)
def test_every_kind_of_entity_we_send_has_its_maker(kind: str) -> None:
    [makers] = re.findall(r"const MAKERS = \{(.*?)\n\};", SCRIPTS["entities.js"], re.DOTALL)

    assert re.search(rf"^  {kind}[:,]", makers, re.MULTILINE)


def test_each_paragraph_takes_its_own_direction_as_in_telegram() -> None:
    assert "unicode-bidi: plaintext" in rule(".text")
    assert "white-space: pre-wrap" in rule(".text")


def test_focus_is_visible_and_light_dark_narrow_and_still_are_cared_for() -> None:
    css = FILES["page.css"]

    assert "outline" in rule(":focus-visible")
    assert "outline: none" not in css
    assert "prefers-color-scheme: dark" in css
    assert "prefers-reduced-motion: reduce" in css
    assert "max-width: 760px" in css


def test_light_and_dark_name_the_same_colours() -> None:
    light, dark = re.findall(r":root \{(.*?)\}", FILES["page.css"], re.DOTALL)

    def names(text: str) -> set[str]:
        return set(re.findall(r"(--[\w-]+):", text))

    assert names(light) == names(dark)


def test_no_colour_is_used_that_has_no_value() -> None:
    css = FILES["page.css"]
    given = set(re.findall(r"(--[\w-]+):", css)) | {"--hue"}  # --hue is set on each face

    assert set(re.findall(r"var\((--[\w-]+)", css)) <= given
