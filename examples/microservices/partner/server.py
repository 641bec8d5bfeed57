#!/usr/bin/env python3
"""The partner's risk service: `server.py PORT`. It wants its key, and is busy when it first hears of an order.

Orders of more than 1,000.00 are risky.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "open-sesame"
LIMIT_CENTS = 100_000


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["X-Partner-Key"] != KEY:
            return self.answer(401, {"message": "who are you?"})
        with self.server.lock:
            is_new = body["orderId"] not in self.server.asked
            self.server.asked.setdefault(body["orderId"], []).append(body)
        if is_new:
            return self.answer(503, {"message": "busy, come again"})
        self.answer(200, {"risk": "high" if body["totalCents"] > LIMIT_CENTS else "low"})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Says nothing for each request."""


def serve(port):
    """A server that listens; `asked` has each order that it was asked about."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.lock, server.asked = threading.Lock(), {}
    return server


if __name__ == "__main__":
    serve(int(sys.argv[1])).serve_forever()
