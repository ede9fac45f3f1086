from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette

from app.assets import Assets

FONT = "fonts/STIXTwoMath-Regular.ttf"


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("export const a = 1;\n" * 100)
    (tmp_path / "js" / ".hidden.js").write_text("secret")
    (tmp_path / "base.css").write_text("a{}")
    return tmp_path


def serve(assets: Assets) -> TestClient:
    app = Starlette()
    app.add_route("/static/{version}/{path:path}", assets.endpoint, methods=["GET"])
    return TestClient(app)


def test_a_file_is_served_with_its_type_and_may_be_kept_for_ever(tree):
    assets = Assets(tree)

    reply = serve(assets).get(assets.url("js/a.js"))

    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_text_travels_compressed_to_those_who_accept_it(tree):
    assets = Assets(tree)
    client, url = serve(assets), assets.url("js/a.js")

    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    plain = client.get(url, headers={"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) < 200 < int(plain.headers["Content-Length"])
    assert packed.text == plain.text


def test_a_file_too_small_to_gain_travels_as_it_is(tree):
    assets = Assets(tree)

    assert "Content-Encoding" not in serve(assets).get(assets.url("base.css")).headers


def test_any_changed_byte_changes_the_address_of_every_file(tree):
    before = Assets(tree).url("base.css")
    (tree / "js" / "a.js").write_text("export const a = 2;\n")

    assert Assets(tree).url("base.css") != before


def test_a_renamed_file_changes_the_address_too(tree):
    before = Assets(tree).version
    (tree / "base.css").rename(tree / "other.css")

    assert Assets(tree).version != before


@pytest.mark.parametrize(
    "path", ["nowhere.js", "js/.hidden.js", "../pyproject.toml", "%2e%2e/app/main.py", "js", ""]
)
def test_only_files_of_the_tree_are_served(tree, path):
    assets = Assets(tree)

    assert serve(assets).get(f"/static/{assets.version}/{path}").status_code == 404


def test_another_version_of_the_tree_is_not_found(tree):
    assert serve(Assets(tree)).get("/static/0123456789abcdef/base.css").status_code == 404


def test_a_template_that_misspells_a_file_is_told_the_right_name(tree):
    with pytest.raises(
        LookupError, match=r'no static file js/aa\.js \(did you mean "js/a\.js"\?\)'
    ):
        Assets(tree).url("js/aa.js")


def test_in_development_changes_show_at_once_and_nothing_is_cached(tree):
    assets = Assets(tree, live=True)
    client, url = serve(assets), assets.url("base.css")
    (tree / "base.css").write_text("b{}")

    reply = client.get(url)

    assert reply.text == "b{}"
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_math_font_is_served_compressed_beside_the_style_sheets(tree):
    assets = Assets(tree)

    reply = serve(assets).get(assets.url(FONT), headers={"Accept-Encoding": "gzip"})

    assert reply.headers["Content-Type"] == "font/ttf"
    assert int(reply.headers["Content-Length"]) < 0.6 * len(reply.content)
    assert reply.content[:4] == b"\0\1\0\0"
