"""A web server that confirms the subscriptions it is asked about and keeps the notifications it gets."""

import http.server
import json
import threading
import urllib.request


class WebHook:
    """Somebody's service that SNS tells of things."""

    def __init__(self):
        self.notifications: list[dict] = []
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                hook.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/news"

    def take(self, message: dict) -> None:
        if message["Type"] == "SubscriptionConfirmation":
            urllib.request.urlopen(message["SubscribeURL"], timeout=30).close()
        else:
            self.notifications.append(message)

    def __enter__(self) -> "WebHook":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
