"""Figures as they are written: percent that never flatters, and how many are missing."""

from culture.rules.coverage import Count

NBSP = "\u00a0"
NONE_ENROLLED = "–"
ALMOST_NONE = f"<0,1{NBSP}%"


def percent_text(reached: int, enrolled: int) -> str:
    """The share as written: floor to one decimal, "100 %" only when everybody is reached.

    "<0,1 %" when somebody is and the floor would say 0,0; "–" when nobody is enrolled. reached: 0 to enrolled, else ValueError.

    Rule C-23. Source: acceptance, "rules assumed"; Cases 5, 15, 17, 20, 39.
    Words: procent, andel, avrundning, percent.
    """
    if not 0 <= reached <= enrolled:
        raise ValueError("Between nobody and everybody is reached.")
    if not enrolled:
        return NONE_ENROLLED
    if reached == enrolled:
        return f"100{NBSP}%"
    whole, tenth = divmod(reached * 1000 // enrolled, 10)
    if reached and not (whole or tenth):
        return ALMOST_NONE
    return f"{whole},{tenth}{NBSP}%"


def missing_text(count: Count) -> str:
    """ "4 elever saknas", "1 elev saknas"; empty when nobody is missing.

    Rule C-24. Source: acceptance Case 15: 9 996 of 10 000 is "99,9 %" and "4 elever saknas".
    Words: saknas, kvar, missing.
    """
    if not count.missing:
        return ""
    number = f"{count.missing:,}".replace(",", NBSP)
    return f"{number} elev{'' if count.missing == 1 else 'er'} saknas"


def fraction_text(count: Count) -> str:
    """ "20/21": reached of enrolled, the reached at least so many.

    Rule C-25. Source: acceptance, "rules assumed": the figure of the guarantee is the lower bound.
    Words: av, bråk, antal, fraction.
    """
    return f"{count.reached}/{count.enrolled}"
