"""What is wrong in a scheme, a form or a calculation, in words: every code of their readers has its sentence here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str | Promise] = {
    "not_this_format": gettext_lazy("This is not a file with a scheme of Medspel."),
    "newer_schema": gettext_lazy("The file was made by a newer Medspel than this one, or its schema number is missing."),
    "not_json": gettext_lazy("The file is not JSON that can be read."),
    "too_large": gettext_lazy("The file is too large."),
    "not_a_list": gettext_lazy("There must be a list here."),
    "too_many": gettext_lazy("There are too many here."),
    "not_an_object": gettext_lazy("There must be an object with named values here."),
    "unknown_kind": gettext_lazy("There is no such kind."),
    "unknown_field": gettext_lazy("There is no such value here."),
    "unknown_value": gettext_lazy("This is not one of the values that can stand here."),
    "unknown_pattern": gettext_lazy("There is no such pattern."),
    "missing_field": gettext_lazy("Fill this in."),
    "not_a_number": gettext_lazy("Write a number."),
    "not_a_whole_number": gettext_lazy("Write a whole number."),
    "not_a_text": gettext_lazy("Write a text that is not too long."),
    "not_a_key": gettext_lazy("Only letters, figures, hyphens and underscores can be used in a key."),
    "not_a_date": gettext_lazy("Write the date as 2026-12-04."),
    "unknown_word": gettext_lazy("This is not one of the values that can stand here."),
    "not_yes_or_no": gettext_lazy("There must be true or false here."),
    "negative": gettext_lazy("The number cannot be below 0."),
    "not_positive": gettext_lazy("The number must be above 0."),
    "not_a_percentage": gettext_lazy("Write a percentage between 0 and 100."),
    "not_ore": gettext_lazy("Write kronor with at most two decimals."),
    "band": gettext_lazy("The end must not come before the beginning."),
    "no_steps": gettext_lazy("Write at least one step."),
    "two_pots": gettext_lazy("There can be only one pot."),
    "not_a_limit": gettext_lazy("This limit cannot be used for this kind of answer."),
    "too_few_choices": gettext_lazy("Write at least two answers to choose between."),
    "no_columns": gettext_lazy("Write at least one column."),
    "not_a_column": gettext_lazy("Choose two columns with amounts or numbers."),
    "not_a_balance": gettext_lazy("A balance needs different amounts on both sides, at least one of them in this question."),
    "key_twice": gettext_lazy("This key is used twice."),
    "reserved": gettext_lazy("This key is used by the calculation itself. Choose another."),
    "not_before": gettext_lazy("It depends on a question that does not come before it."),
    "not_a_condition": gettext_lazy("This condition cannot be read, or does not fit the question it is about."),
}


def problem_text(code: str) -> str:
    """The sentence of a code."""
    return str(SENTENCES[code])
