"""Mails to users, through the SMTP server that ``AXIS_SMTP_URL`` names, sent by a thread of their own."""

from __future__ import annotations

import logging
import queue
import smtplib
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

import attrs

from axis_core.errors import InputError
from axis_http.problems import problem


__all__ = ["Letter", "Postman"]

LOG = logging.getLogger("axis_http")
SECONDS, TRIES = 10.0, 3
MOST_WAITING = 1000


@attrs.frozen(kw_only=True)
class Letter:
    """A mail in plain text."""

    to: str
    subject: str
    text: str


def _checked(url: str) -> SplitResult | None:
    """Return the parts of the setting; None without one.

    Raises
    ------
    InputError
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise InputError("AXIS_SMTP_URL is none, expected smtp://, smtp+starttls:// or smtps://USER:PASSWORD@HOST:PORT")
    return parts


class Postman:
    """Takes letters, or the making of letters, and sends them in the order in which they came.

    What waits is in memory: a secret in a letter is nowhere else. Who misses a mail asks for another.

    Parameters
    ----------
    url : str
        ``smtp://``, ``smtp+starttls://`` or ``smtps://``; empty for none.
    sender : str
        Address that letters come from.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._server, self._sender = _checked(url), sender
        self._waiting: queue.Queue[Callable[[], Letter | None]] = queue.Queue(MOST_WAITING)

    @property
    def is_configured(self) -> bool:
        """Whether there is a server to send through."""
        return self._server is not None

    @property
    def has_room(self) -> bool:
        """Whether a letter would be taken now."""
        return self.is_configured and self._waiting.qsize() < MOST_WAITING // 2

    def needed(self) -> None:
        """Pass, or refuse.

        Raises
        ------
        Problem
            503 ``not_configured`` without a server.
        """
        if self._server is None:
            raise problem("not_configured", "this server sends no mail", detail="See AXIS_SMTP_URL.")

    def post(self, make: Callable[[], Letter | None]) -> None:
        """Have a letter made and sent soon; whoever asks learns neither when nor whether.

        Raises
        ------
        Problem
            503 without a server; 429 where too many letters wait.
        """
        self.needed()
        try:
            self._waiting.put_nowait(make)
        except queue.Full as exc:
            raise problem("rate_limited", "too many mails are waiting", retry_after=60.0) from exc

    def work(self, stopping: threading.Event) -> None:
        """Send what waits until ``stopping`` is set."""
        while not stopping.is_set():
            try:
                make = self._waiting.get(timeout=0.2)
            except queue.Empty:
                continue
            letter = make()
            if letter is not None:
                self._sent(letter, stopping)

    def _sent(self, letter: Letter, stopping: threading.Event) -> None:
        for attempt in range(TRIES):
            try:
                self._send(letter)
            except (OSError, smtplib.SMTPException) as exc:
                LOG.warning("a mail could not be sent: %s", type(exc).__name__)
                if isinstance(exc, smtplib.SMTPRecipientsRefused) or stopping.wait(2.0**attempt):
                    return
            else:
                return

    def _send(self, letter: Letter) -> None:
        assert self._server is not None
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2] or "localhost")
        message.set_content(letter.text)
        with _connected(self._server) as connection:
            connection.send_message(message)


def _connected(server: SplitResult) -> smtplib.SMTP:
    """Return a connection that has spoken TLS and logged in where the URL says so."""
    host, tls = str(server.hostname), ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=SECONDS, context=tls)
    else:
        connection = smtplib.SMTP(host, server.port or 587, timeout=SECONDS)
    try:
        if server.scheme == "smtp+starttls":
            connection.starttls(context=tls)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection
