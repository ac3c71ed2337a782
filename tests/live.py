"""The server that the browser asks: one that can come to rest, so that nobody asks while a test's database is emptied.

A browser that is closed does not take back what it has asked, and the page may ask once more while it closes (a draft saves
itself when it is put away). A test that emptied the database then would meet the locks of that request: a deadlock, and for the
next test rows of the one before.
"""

import socket
import sys
import threading
import traceback
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer

PATIENCE = 30.0  # seconds for what is asked already; far more than any page takes

Address = tuple[str, int]


class StillBusy(AssertionError):
    """The browser has left, and the server is not done with what it asked."""


class RestingServer(ThreadedWSGIServer):
    """A live server that knows its connections. Open: it takes new ones; at rest: it takes none, and none is left."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        self._changed = threading.Condition()
        self._connections: dict[socket.socket, threading.Thread | None] = {}
        self._refused: set[Address] = set()
        self._open = True
        super().__init__(*args, **facts)

    def open(self) -> None:
        with self._changed:
            self._open = True

    @property
    def connections(self) -> int:
        """How many connections are being answered, or kept open in case more is asked."""
        with self._changed:
            return len(self._connections)

    def rest(self, patience: float = PATIENCE) -> None:
        """Accept nobody more, let what is asked already be answered, and return when no connection is left.

        patience: seconds. StillBusy when it is over, with what the server is doing.
        """
        with self._changed:
            self._open = False
        self._see_everybody_in_the_queue(patience)
        with self._changed:
            for connection in self._connections:
                _say_no_more(connection)
            if not self._changed.wait_for(lambda: not self._connections, patience):
                raise StillBusy(self._busy_with(patience))

    def _see_everybody_in_the_queue(self, patience: float) -> None:
        """The system's queue is first come, first served: when we have been refused, nobody who came before us waits in it."""
        with socket.create_connection(self.server_address, timeout=patience) as ours, self._changed:
            us = ours.getsockname()
            if not self._changed.wait_for(lambda: us in self._refused, patience):
                raise StillBusy(f"The live server has not taken a new connection for {patience:g} s.")
            self._refused.clear()

    def _busy_with(self, patience: float) -> str:
        frames = sys._current_frames()
        threads = [thread for thread in self._connections.values() if thread]
        where = ["".join(traceback.format_stack(frames[each.ident])[-6:]) for each in threads if each.ident in frames]
        return "\n".join([f"The browser left {patience:g} s ago, and the live server still answers it:", *where])

    # -- what socketserver calls: the first two in the thread of the server, the last in that of the connection

    def verify_request(self, request: socket.socket, client_address: Address) -> bool:
        with self._changed:
            if not self._open:
                self._refused.add(client_address)
                self._changed.notify_all()
            return self._open

    def process_request(self, request: socket.socket, client_address: Address) -> None:
        with self._changed:
            self._connections[request] = None
            self._changed.notify_all()
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket.socket, client_address: Address) -> None:
        with self._changed:
            self._connections[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)  # closes the database's connections too
        finally:
            with self._changed:
                del self._connections[request]
                self._changed.notify_all()


def _say_no_more(connection: socket.socket) -> None:
    """A connection that is kept open in case more is asked ends here; one that is being answered is answered."""
    try:
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        return  # it is gone already
