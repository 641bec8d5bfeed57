"""A mail server: what it has accepted it keeps, and its users follow the links in what they get."""

import email
import email.policy
import re
import threading
import urllib.request

from aiosmtpd.controller import Controller
from server import quiet_port

LINK = re.compile(r"https?://\S+")


class Inbox:
    """A real SMTP server on a port of its own."""

    def __init__(self):
        self._mails: list[email.message.EmailMessage] = []
        self._lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=quiet_port())
        self._controller.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        """Called by aiosmtpd for each mail."""
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self._lock:
            self._mails.append(mail)
        return "250 accepted"

    def subjects(self, to: str) -> list[str]:
        """The subjects of what came for an address, without the questions whether it wants to."""
        return [mail["Subject"] for mail in self._to(to) if "Subscription Confirmation" not in mail["Subject"]]

    def texts(self, to: str, subject: str) -> list[str]:
        """The mails for an address with a subject."""
        return [mail.get_content().strip() for mail in self._to(to) if mail["Subject"] == subject]

    def confirm(self, to: str) -> int:
        """Follows the link of every question whether `to` wants these mails; gives how many there were."""
        asked = [mail for mail in self._to(to) if "Subscription Confirmation" in mail["Subject"]]
        for mail in asked:
            urllib.request.urlopen(LINK.search(mail.get_content())[0], timeout=30).close()
        return len(asked)

    def close(self) -> None:
        self._controller.stop()

    def _to(self, to: str) -> list[email.message.EmailMessage]:
        with self._lock:
            return [mail for mail in self._mails if to in mail["To"]]
