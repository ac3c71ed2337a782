"""When classes are merged or split during the year: what the visits of the old class still prove about the new one."""


def carried_at_least(reached: int, before: int, moved: int) -> int:
    """Of pupils who moved to another class, how many are proved to have been reached before they moved.

    reached: pupils of the old class that are proved reached. before: pupils in it when they moved. moved: how many of them moved.
    Those who stayed are taken to have been reached first. 0 <= result <= moved; ValueError when more moved than there were.

    Rule C-80. Source: acceptance Cases 5 and 7: 22 of 24 and 0 of 20 merged are 22 of 44; 26 of 26 split are 13 of 13 twice.
    Words: slås ihop, delas, klass, sammanslagning, delning, merge, split.
    """
    if not 0 <= moved <= before or reached < 0:
        raise ValueError("No more can move than there were.")
    return min(moved, max(0, min(reached, before) - (before - moved)))


def carried_at_most(at_most: int, moved: int) -> int:
    """Of pupils who moved, how many can have been reached before they moved. Both not negative.

    Rule C-81. Source: acceptance Cases 5 and 7.
    Words: slås ihop, delas, klass, högst, merge, split.
    """
    if moved < 0 or at_most < 0:
        raise ValueError("A number of pupils is not negative.")
    return min(moved, at_most)
