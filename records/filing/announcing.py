"""Telling the worker, after commit and without leaning on it."""

from collections.abc import Callable, Sequence

from django.db import transaction


def after_commit(listeners: Sequence[Callable[[int], object]], keys: Sequence[int]) -> None:
    """Call each listener with each key once the transaction is committed. The first error is logged and ends it.

    A broker that does not answer costs seconds a key, and the rows stand: the periodic sweep takes the rest.
    """

    def tell_all() -> None:
        for tell in listeners:
            for key in keys:
                tell(key)

    transaction.on_commit(tell_all, robust=True)
