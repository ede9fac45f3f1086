"""A page's address is its state; a bad address shows the page, the form as typed, and the fault."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import OPERATIONS
from app.controls import controls_of
from app.schemas import Conv2dRequest

KEYS = [control.key for control in controls_of(Conv2dRequest)]


class Page(HTMLParser):
    """What a page holds: the values of its form by query key, and the JSON in it by name."""

    def __init__(self, text):
        super().__init__()
        self.form, self.parts, self.json = {}, {}, {}
        self._select = self._script = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        key = given.get("data-key")
        if tag == "input" and given.get("data-part"):
            self.parts.setdefault(key, []).append(given["value"])
        elif tag == "input" and key is not None:
            switch = given.get("type") == "checkbox"
            self.form[key] = str(int("checked" in given)) if switch else given["value"]
        elif tag == "select":
            self._select = key
        elif tag == "option" and "selected" in given:
            self.form[self._select] = given["value"]
        self._script = given.get("data-name") if tag == "script" else None

    def handle_endtag(self, tag):
        self._script = None

    def handle_data(self, data):
        if self._script is not None:
            self.json[self._script] = json.loads(data)


def explore(client, query):
    reply = client.get(f"/explore?{urlencode(query)}")
    assert reply.status_code == 200
    return Page(reply.text)


def test_explore_carries_its_first_reply(client):
    page = explore(client, {})

    assert page.json["reply"] == client.post("/api/trace", json={"op": "conv2d"}).json()


def test_reply_belongs_to_the_settings_of_the_address(client):
    page = explore(client, {"w": 9, "h": 5, "d": 2, "k": 3, "s": "1,2", "p": 1, "b": 1, "t": 4})

    names = page.json["reply"]["names"]
    assert [names[name] for name in ("W1", "H1", "D1", "K", "W2", "H2")] == [9, 5, 2, 3, 5, 5]


def test_form_shows_what_the_address_says(client):
    query = {"x": "ramp", "xs": "3", "w": "9", "mode": "reflect", "flip": "1", "strict": "0"}

    form = explore(client, query).form

    assert form.items() >= query.items()
    assert (form["h"], form["s"], form["fx"], form["b"]) == ("7", "1", "integers", "0")


def test_settings_that_differ_are_shown_part_by_part(client):
    parts = explore(client, {"s": "2,1", "p": "0,1,2,3"}).parts

    assert (parts["s"], parts["p"]) == (["2", "1"], ["0", "1", "2", "3"])


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        pytest.param(
            {"w": "99"}, "x.width", 'x.width: "99" is too large; use at most 24', id="too large"
        ),
        pytest.param(
            {"s": "0"}, "stride", 'stride: "0" is too small; use at least 1', id="too small"
        ),
        pytest.param(
            {"h": "ten"},
            "x.height",
            'x.height: "ten" is not a whole number; use one such as 1',
            id="no number",
        ),
        pytest.param(
            {"k": ""},
            "weight.filters",
            'weight.filters: "" is not a whole number; use one such as 1',
            id="empty",
        ),
        pytest.param(
            {"p": "1,2,3"},
            "padding",
            "padding: a list of 3; use one number, two (rows, "
            "columns) or four (top, bottom, left, right)",
            id="three paddings",
        ),
        pytest.param(
            {"flip": "maybe"},
            "flip",
            'flip: "maybe" is not a yes or no; use true or false',
            id="no switch",
        ),
        pytest.param(
            {"mode": "mirror"},
            "padding_mode",
            'padding_mode: "mirror" is not known; use '
            '"zeros", "reflect", "replicate" or "circular"',
            id="no mode",
        ),
        pytest.param(
            {"#x": "5"},
            "x.edits",
            'x.edits: "5" is not a list; use square brackets',
            id="cells in the query",
        ),
        pytest.param(
            {"weight": "5", "fw": "3"},
            None,
            "weight: the address has a setting of no such name; leave it out",
            id="name of a whole tensor",
        ),
        pytest.param(
            {"stride": "2"},
            None,
            'stride: the address has a setting of no such name (did you mean "s"?); leave it out',
            id="name in the request instead of the key",
        ),
        pytest.param(
            {"dil": "4"},
            "weight",
            "weight: a 3x3 filter with dilation 4 spans 9x9 and "
            "does not fit into the padded input of 7x7; use padding >= 1, dilation 3 or a "
            "smaller filter",
            id="no output",
        ),
        pytest.param(
            {"s": "2", "p": "same"},
            "padding",
            'padding: "same" keeps the size, which '
            "needs stride 1, but the stride is 2 for rows and 2 for columns; use stride 1 "
            "or give the padding in cells",
            id="same with a stride",
        ),
    ],
)
def test_bad_address_shows_the_page_with_the_fault_and_the_form_as_typed(
    client, query, field, sentence
):
    page = explore(client, query)

    problem = page.json["reply"]["problem"]
    assert (problem["field"], problem["message"]) == (field, sentence)
    typed = {key: query[key] for key in ("w", "h", "k", "s", "dil") if key in query}
    assert page.form.items() >= typed.items()


def test_what_is_right_in_a_bad_address_is_kept(client):
    form = explore(client, {"w": "99", "x": "ramp", "b": "1"}).form

    assert (form["x"], form["b"]) == ("ramp", "1")


@pytest.mark.parametrize("op", ["padding", "output_size", "zzz", "", "<script>"])
def test_operation_that_cannot_be_explored_shows_the_usual_one_and_says_so(client, op):
    offered = [row.id for row in OPERATIONS.values() if row.explore]

    page = explore(client, {"op": op, "w": "9"})

    assert page.json["reply"]["problem"]["message"] == (
        f"op: {op!r} is no operation that can be explored; use {', '.join(offered)}"
    )
    assert page.form["w"] == "7"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"w": "3", "h": "3", "fw": "5", "fh": "5"}, id="filter too large"),
        pytest.param({"s": "2", "p": "same"}, id="same with a stride"),
        pytest.param({"w": "8", "h": "8", "s": "2", "strict": "1"}, id="strict sizes"),
        pytest.param({"p": "9", "mode": "circular"}, id="border too wide"),
        pytest.param({"fx": "sobel_x", "fw": "2"}, id="kernel larger than its frame"),
        pytest.param({"w": "24", "h": "24", "k": "8", "p": "16"}, id="too large to show"),
    ],
)
def test_every_remedy_of_a_bad_address_leads_to_a_good_one(client, query):
    remedies = explore(client, query).json["reply"]["problem"]["remedies"]

    healed = [explore(client, query | remedy["set"]).json["reply"] for remedy in remedies]

    assert remedies
    assert ["problem" in reply for reply in healed] == [False] * len(remedies)


def test_what_is_typed_cannot_leave_the_script_it_stands_in(client):
    text = client.get("/explore", params={"x": "</script><b>", "w": '"><b>'}).text

    assert "<b>" not in text


@settings(deadline=None, max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from([*KEYS, "op", "t", "c", "at", "x", "weight", "bias", "stride", "zzz", ""]),
        st.integers(-2, 30).map(str)
        | st.sampled_from(["same", "1,2", "0,1,2,3", "reflect", "sobel_x", "true", ",", "conv2d"])
        | st.text(st.characters(codec="utf-8"), max_size=6),
        max_size=5,
    )
)
def test_no_address_is_the_servers_fault(client, query):
    reply = explore(client, query).json["reply"]

    assert ("problem" in reply) != ("tensors" in reply)


def test_home_starts_with_a_convolution_that_explore_can_open(client):
    page = Page(client.get("/").text)

    reply = explore(client, page.json["query"]).json["reply"]

    assert page.json["reply"] == reply
    assert reply["playable"]
