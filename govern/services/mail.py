"""A letter to a mail server (SMTP, RFC 5321), and nothing more: what it says others have written."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from govern.services.outlets import MailServer, Tls
from govern.services.trying import NotSent

TIMEOUT_S = 10

STOP_AT = "List-Unsubscribe"


class _Policy(EmailPolicy):
    """That of SMTP, but for the address of a page, which stays whole: the library would write a long one
    as an encoded word, which no mail program reads as an address."""

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name == STOP_AT else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return (
            self.fold(name, value).encode() if name == STOP_AT else super().fold_binary(name, value)
        )


_POLICY = _Policy(linesep=SMTP.linesep)


@dataclass(frozen=True, slots=True)
class Letter:
    """`number` is the Message-ID without its host: the same however often the letter is tried. `html`
    is a page to attach, under `filename`. `stop_at` is the address of a page that ends such letters."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str | None
    filename: str | None
    number: str
    stop_at: str | None = None


def message(server: MailServer, letter: Letter, at: datetime) -> EmailMessage:
    """Text to read at once, and the page attached, if there is one. Line breaks cannot get into a
    header: the policy raises ValueError for one."""
    made = EmailMessage(policy=_POLICY)
    made["From"] = server.sender
    made["To"] = ", ".join(letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{letter.number}@{server.sender.partition('@')[2]}>"
    # Whoever is away answers people (RFC 3834).
    made["Auto-Submitted"] = "auto-generated"
    if letter.stop_at is not None:
        # A mail program may end them with one click (RFC 8058), a person by opening the page.
        made[STOP_AT] = f"<{letter.stop_at}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text)
    if letter.html is not None:
        made.add_attachment(letter.html, subtype="html", filename=letter.filename)
    return made


def send(server: MailServer, letter: Letter, *, at: datetime) -> int:
    """Hands the letter over; to how many of its addresses the server would not send it. Raises NotSent
    where it is to none of them."""
    import smtplib  # noqa: PLC0415 - only a tick with something to send needs it
    import ssl  # noqa: PLC0415

    made = message(server, letter, at)
    untaken: int | None = None
    try:
        context = ssl.create_default_context()
        if server.roots is not None:
            context.load_verify_locations(server.roots)
        if server.tls is Tls.FROM_THE_START:
            opened = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
        else:
            opened = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        with opened as connection:
            if server.tls is Tls.STARTTLS:
                connection.starttls(context=context)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password)
            untaken = len(connection.send_message(made, server.sender, letter.to))
    except smtplib.SMTPRecipientsRefused as refused:
        codes = sorted({code for code, _ in refused.recipients.values()})
        told = ", ".join(map(str, codes))
        raise NotSent(f"the mail server took none of the addresses ({told})") from refused
    except smtplib.SMTPResponseException as refused:
        if untaken is not None:  # it was taken, and only the farewell went wrong
            return untaken
        # What it says besides may hold an address.
        raise NotSent(f"the mail server answered {refused.smtp_code}") from refused
    except smtplib.SMTPException as error:
        # smtplib tells of an answer that did not come in time as of a connection that was closed.
        if isinstance(error.__context__, TimeoutError):
            raise _late() from error
        raise NotSent(f"the mail server did not do it: {type(error).__name__}") from error
    except TimeoutError as error:
        raise _late() from error
    except OSError as error:
        raise NotSent(f"the mail server cannot be reached: {type(error).__name__}") from error
    return untaken


def _late() -> NotSent:
    return NotSent(f"the mail server did not answer within {TIMEOUT_S} s")
