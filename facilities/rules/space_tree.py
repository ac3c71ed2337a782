"""A divisible hall: a tree of spaces over its smallest parts. Two spaces share ground when they share a smallest part."""

from collections.abc import Iterable, Mapping


def smallest_parts(parents: Mapping[int, int | None], equipment: Iterable[tuple[int, int]] = ()) -> dict[int, tuple[int, ...]]:
    """For each space the smallest parts that a use of it takes, sorted; with the equipment that follows it.

    parents: space -> the space it is a part of, None for a whole. equipment: (space, what follows it); both are among the
    spaces. A space without parts is its own smallest part. ValueError for a parent that is not among the spaces, and for a ring.

    Rule F-19. Source: acceptance Cases 15-17. The database derives the same (trigger space_takes_its_parts).
    Words: del, delar, halva, hel hall, del av hall, utrustning, parts.
    """
    for parent in parents.values():
        if parent is not None and parent not in parents:
            raise ValueError(f"The space {parent} is not among the spaces.")
    whole = {parent for parent in parents.values() if parent is not None}
    found: dict[int, set[int]] = {space: set() for space in parents}
    for leaf in parents.keys() - whole:
        above: int | None = leaf
        while above is not None:
            if leaf in found[above]:
                raise ValueError("A space cannot be a part of itself.")
            found[above].add(leaf)
            above = parents[above]
    if any(not leaves for leaves in found.values()):
        raise ValueError("A space cannot be a part of itself.")
    alone = {space: frozenset(leaves) for space, leaves in found.items()}
    for space, thing in equipment:
        found[space] |= alone[thing]
    return {space: tuple(sorted(leaves)) for space, leaves in found.items()}
