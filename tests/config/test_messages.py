"""The catalogues of words: found, merged, compiled."""

import gettext as stdlib
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from config import messages
from config.messages import Key


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with one module and one template."""
    (tmp_path / "room" / "templates").mkdir(parents=True)
    (tmp_path / "room" / "choices.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n"
        'A = _("Hand in")\nB = ngettext("%(n)s hour", "%(n)s hours", 2)\nC = pgettext("month", "May")\nD = _("two "\n  "lines")\n'
    )
    (tmp_path / "room" / "templates" / "page.html").write_text(
        "{% load i18n %}\n<p>\n    {% translate 'Saved' %}\n  </p> it's {{ _('Paid')|upper }}"
        "{% include 'x' with label=_('Name') only %}\n"
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} case\n{% plural %}\n  {{ n }} cases\n{% endblocktranslate %}"
    )
    return tmp_path


def test_words_are_found_in_code_and_in_templates(house):
    assert messages.found(house) == {
        Key("Hand in"),
        Key("%(n)s hour", plural="%(n)s hours"),
        Key("May", context="month"),
        Key("two lines"),
        Key("Saved"),
        Key("Paid"),
        Key("Name"),
        Key("%(n)s case", plural="%(n)s cases"),
    }


def test_update_lists_new_words_keeps_filled_ones_and_drops_what_is_gone(house):
    path = messages.catalogue(house, "sv")
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Paid"\nmsgstr "Utbetald"\n\nmsgid "Gone"\nmsgstr "Borta"\n')
    messages.update(house)
    assert messages.read(path) == {Key("Paid"): ("Utbetald",)}
    assert 'msgid "Hand in"\nmsgstr ""' in path.read_text()
    assert "Gone" not in path.read_text()
    assert messages.update(house) == []


def test_every_kind_of_text_survives_writing_and_reading(tmp_path):
    words = {
        Key('A "quoted" \\ text\nin two lines'): ('En "citerad" \\ text\npå två rader',),
        Key("%(n)s hour", plural="%(n)s hours"): ("%(n)s timme", "%(n)s timmar"),
        Key("May", context="month"): ("maj",),
    }
    messages.write(tmp_path / "django.po", set(words), words, "sv")
    assert messages.read(tmp_path / "django.po") == words


@pytest.mark.parametrize(
    ("merged", "expected"),
    [
        ('msgid "a"\nmsgstr ""\n\nmsgid "a"\nmsgstr "å"\n', {"a": "å"}),
        ('msgid "a"\nmsgstr "å"\n\nmsgid "a"\nmsgstr ""\n', {"a": "å"}),
        ('msgid "a"\nmsgstr "å"\nmsgid "b"\nmsgstr "ä"\n', {"a": "å", "b": "ä"}),
        ('msgid "a"\nmsgstr ""\nmsgstr "å"\n', {"a": "å"}),
        ('msgid "a"\nmsgid "b"\nmsgstr "samma"\n', {"a": "samma", "b": "samma"}),
    ],
)
def test_what_a_union_merge_leaves_behind_is_read(tmp_path, merged, expected):
    path = tmp_path / "django.po"
    path.write_text(merged)
    assert messages.read(path) == {Key(text): (words,) for text, words in expected.items()}


def test_missing_words_are_listed(house):
    messages.update(house)
    assert Key("Hand in") in messages.missing(house)


def test_catalogues_are_compiled_only_when_they_changed(house):
    path = messages.catalogue(house, "sv")
    words = {Key("May", context="month"): ("maj",), Key("%(n)s hour", plural="%(n)s hours"): ("%(n)s timme", "%(n)s timmar")}
    messages.write(path, set(words), words, "sv")
    assert messages.compile_stale(house) == [path.with_suffix(".mo")]
    assert messages.compile_stale(house) == []
    with path.with_suffix(".mo").open("rb") as file:
        compiled = stdlib.GNUTranslations(file)
    assert compiled.pgettext("month", "May") == "maj"
    assert compiled.ngettext("%(n)s hour", "%(n)s hours", 2) == "%(n)s timmar"


def test_who_compiles_a_catalogue_speaks_its_words(house, settings):
    settings.BASE_DIR, settings.LOCALE_PATHS = house, [house / "locale"]
    key = Key("Words that no other catalogue has")
    assert translation.gettext(key.text) == key.text  # the language is loaded, without a compiled catalogue
    messages.write(messages.catalogue(house, "sv"), {key}, {key: ("Ord som ingen annan har",)}, "sv")
    apps.get_app_config("config").ready()
    assert translation.gettext(key.text) == "Ord som ingen annan har"


def test_english_shows_english_and_not_swedish():
    with translation.override("sv"):
        assert translation.gettext("Swedish") == "svenska"
    with translation.override("en"):
        assert translation.gettext("Swedish") == "Swedish"


def test_page_is_swedish_until_another_language_is_chosen(client, db):
    assert 'lang="sv"' in client.get("/", headers={"accept-language": "en-GB,en;q=0.9"}).content.decode()
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in client.get("/").content.decode()
