"""The sections of the batch-norm page: headed by the page, and filled when they are near."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.controls import controls_of
from app.norm_sections import SECTIONS
from tests.app.test_pages import Page

KEYS = {name: [control.key for control in controls_of(SECTIONS[name].request)] for name in SECTIONS}


def section(client, name, query=None):
    reply = client.get(f"/batch-norm/sections/{name}?{urlencode(query or {})}")
    assert reply.status_code == 200
    return reply.text


def test_page_sends_the_heading_of_each_section_and_where_the_rest_is(client):
    page = client.get("/batch-norm").text

    named = re.findall(r'data-later data-markup="/batch-norm/sections/(\w+)"', page)
    assert named == list(SECTIONS)
    assert [f'id="{name}-heading"' in page for name in SECTIONS] == [True] * 3
    assert not [key for keys in KEYS.values() for key in keys if f'data-key="{key}"' in page]


@pytest.mark.parametrize("name", SECTIONS)
def test_script_of_a_section_is_told_its_controls(client, name):
    controls = Page(section(client, name)).json[f"{name}-controls"]

    assert [control["key"] for control in controls] == KEYS[name]


def test_section_has_its_controls_with_the_values_of_the_address(client):
    query = {"rx": "drift", "rk": "5", "rm": "0.3", "rt": "2", "gamma": "7", "fk": "group"}

    text = section(client, "running", query)

    form = Page(text)
    assert form.form["rx"] == "drift"
    assert form.form["rk"] == "5"
    assert 'data-number="rm" aria-label="Momentum, number" title="Momentum" value="0.3"' in text


def test_choices_are_pressed_and_shown_as_the_address_says(client):
    text = section(client, "maps", {"fk": "group", "fg": "3"})

    assert re.findall(r'data-value="(\w+)" title="[^"]*" aria-pressed="true"', text) == ["group"]
    assert '<label class="control" data-when="fk=group">' in text
    assert Page(text).form["fg"] == "3"


@pytest.mark.parametrize("name", SECTIONS)
def test_section_is_a_fragment_with_the_headers_of_a_page(client, name):
    reply, page = client.get(f"/batch-norm/sections/{name}"), client.get("/batch-norm")

    assert "<html" not in reply.text
    differing = {"content-length", "content-encoding", "vary"}
    kept = [
        {key: value for key, value in found.headers.items() if key not in differing}
        for found in (reply, page)
    ]
    assert kept[0] == kept[1]
    assert reply.headers["Cache-Control"] == "no-cache"


def test_unknown_section_is_not_found(client):
    reply = client.get("/batch-norm/sections/mapps")

    assert reply.status_code == 404
    assert "There is no section mapps (did you mean &#34;maps&#34;?)." in reply.text


def test_what_is_typed_cannot_leave_the_attribute_it_stands_in(client):
    hostile = '"><b></script><b>'

    texts = [section(client, name, dict.fromkeys(KEYS[name], hostile)) for name in SECTIONS]

    assert not [text for text in texts if "<b>" in text]


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(list(SECTIONS)),
    st.dictionaries(
        st.sampled_from([*KEYS["maps"], *KEYS["running"], *KEYS["block"], "x", ""]),
        st.text(st.characters(codec="utf-8"), max_size=6),
        max_size=5,
    ),
)
def test_no_address_is_the_servers_fault(client, name, query):
    assert f'data-name="{name}-controls"' in section(client, name, query)
