"""Every word a person meets is there in Swedish, and keeps what is put into it."""

import re
from pathlib import Path

import pytest

from config import messages

HOUSE = Path(__file__).parents[2]
PUT_IN = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}")


def test_every_message_has_swedish_words():
    assert [key.text for key in messages.missing(HOUSE)] == []


@pytest.mark.parametrize("language", ["sv", "fi"])
def test_words_keep_what_is_put_into_them(language):
    """A placeholder that is lost or misspelt in translation is an error on the page, in that language only."""
    wrong = {}
    for key, forms in messages.read(messages.catalogue(HOUSE, language)).items():
        wanted = set(PUT_IN.findall(key.text + key.plural))
        for form in forms:
            found = set(PUT_IN.findall(form))
            # A plural form may leave out the number ("en timme"); nothing may be added.
            if found - wanted or (not key.plural and wanted - found):
                wrong[key.text] = form
    assert wrong == {}
