"""Things done at the very same time, each in a thread and a database connection of its own."""

import threading

from django.db import connection


def in_threads(*calls):
    """Run each call in a thread and connection of its own, at once. Returns what each gave or raised, in their order."""
    results, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(index, call):
        try:
            barrier.wait(timeout=60)
            results[index] = call()
        except Exception as raised:
            results[index] = raised
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results
