from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import LIMITS, Settings, SettingsError, limit_rows, limit_table

README = Path(__file__).parents[2] / "README.md"


def test_without_variables_every_limit_has_its_default():
    assert Settings.from_environment({}) == Settings()


def test_a_variable_overrides_one_limit_and_leaves_the_others():
    settings = Settings.from_environment({"CONVLENS_UPLOAD_BYTES": "5"})

    assert settings == Settings(upload_bytes=5)


def test_seconds_may_be_fractions():
    assert Settings.from_environment({"CONVLENS_BODY_SECONDS": "0.5"}).body_seconds == 0.5


@pytest.mark.parametrize("text", ["ten", "0", "-1", "1.5", "inf", "nan", "1e400"])
def test_an_unusable_value_names_its_variable(text):
    with pytest.raises(SettingsError, match=r"CONVLENS_QUEUE: .* is not a whole number above 0"):
        Settings.from_environment({"CONVLENS_QUEUE": text})


def test_an_empty_variable_counts_as_unset():
    assert Settings.from_environment({"CONVLENS_QUEUE": " "}).queue == Settings().queue


def test_lessons_and_reload_are_options_and_not_limits():
    settings = Settings.from_environment({"CONVLENS_LESSONS": "mine", "CONVLENS_RELOAD": "1"})

    assert settings.lessons == Path("mine")
    assert settings.reload
    assert not {"CONVLENS_LESSONS", "CONVLENS_RELOAD"} & {row.variable for row in limit_rows()}


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        LIMITS.queue = 1  # type: ignore[misc]


def test_the_readme_lists_every_limit_with_its_default():
    text = README.read_text(encoding="utf-8")
    _, _, rest = text.partition("<!-- limits -->")
    table, marker, _ = rest.partition("<!-- /limits -->")

    assert marker
    assert table.strip() == limit_table()
