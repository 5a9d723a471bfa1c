"""Messages as a mail server on this machine receives them, and what it refuses."""

import ipaddress
import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support import mail_server
from tenacity.wait import wait_none

from ewarn.alerting import mail
from ewarn.alerting.mail import Letter, Server
from ewarn.core.errors import BadInput

NOW = datetime(2021, 1, 15, 8, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\nnot much of a picture"
LETTER = Letter(
    id="5f0c9e2a",
    to="desk@example.org",
    subject="Tillabéri : 3 hausses",
    text="Le risque est élevé.\n",
    html='<p>Le risque est élevé.</p><img src="cid:map">',
    picture=PNG,
    at=NOW,
    language="fr",
)


def server(port, **changed):
    given = {"host": "127.0.0.1", "port": port, "sender": "ewarn@example.net", "security": "none"}
    return Server(**given | changed)


def send(to, letter=LETTER):
    mail.send(to, letter, wait_none())


@pytest.fixture
def running():
    with mail_server.running() as (handler, port):
        yield handler, port


def test_a_message_arrives_as_text_or_html_with_one_picture(running):
    handler, port = running
    send(server(port))
    (got,) = handler.accepted
    assert got["Subject"] == LETTER.subject
    assert (got["From"], got["To"]) == ("ewarn@example.net", "desk@example.org")
    assert got["Message-ID"] == "<5f0c9e2a@example.net>"
    assert got["Date"].datetime == NOW
    assert (got["Content-Language"], got["Auto-Submitted"]) == ("fr", "auto-generated")
    types = [part.get_content_type() for part in got.walk()]
    assert types == [
        *("multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png")
    ]
    plain, related = got.iter_parts()
    html, picture = related.iter_parts()
    assert plain.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content().strip() == LETTER.html
    assert (picture["Content-ID"], picture.get_content()) == ("<map>", PNG)
    assert picture.get_content_disposition() == "inline"


@pytest.mark.parametrize("subject", [
    "[SIMULÉ] ewarn, Sahel\u00a0: données jusqu’en octobre 2023\u202f; 22 hausses, 1 baisse",
    "ewarn, " + "Tillabéri " * 30 + "end",
    "ewarn: " + "plain words " * 20 + "end",
])  # fmt: skip
def test_a_long_subject_keeps_its_spaces(running, subject):
    handler, port = running
    send(server(port), replace(LETTER, subject=subject))
    assert handler.accepted[0]["Subject"] == subject


def test_a_header_cannot_be_added_through_a_subject():
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        mail.message(replace(LETTER, subject="a\r\nBcc: all@example.org"), "a@example.net")


@pytest.mark.parametrize(
    "bad", ["", "desk", "a@b c", "a@b\r\nBcc: c@d", "A <a@b.c>", "a@b,c@d", "é@example.org", "a@b."]
)
def test_what_is_no_address_is_refused(bad):
    with pytest.raises(BadInput, match="one mail address"):
        mail.address(bad)


# What a server refuses


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
def test_a_message_refused_for_good_is_tried_once(running, where):
    handler, port = running
    setattr(handler, where, lambda _to, _n: "550 no such user")
    with pytest.raises(mail.Refused, match="550 no such user"):
        send(server(port))
    assert handler.tries == {LETTER.to: 1}


@pytest.mark.parametrize("where", ["at_rcpt", "at_data"])
def test_a_message_refused_for_now_is_tried_again_at_once(running, where):
    handler, port = running
    setattr(handler, where, lambda _to, n: "451 busy" if n < 3 else mail_server.OK)
    send(server(port))
    assert handler.tries == {LETTER.to: 3}
    assert len(handler.accepted) == 1


def test_after_three_tries_it_is_given_up_for_this_run(running):
    handler, port = running
    handler.at_rcpt = lambda _to, _n: "451 busy"
    with pytest.raises(mail.Later, match="451 busy"):
        send(server(port))
    assert handler.tries == {LETTER.to: 3}


def test_no_answer_after_the_data_is_not_tried_again_at_once(running):
    """The server had accepted it, and nothing shows that it did not."""
    handler, port = running
    handler.at_data = lambda _to, _n: mail_server.DROP
    with pytest.raises(mail.Unsure, match="may have arrived"):
        send(server(port))
    assert (handler.tries, len(handler.accepted)) == ({LETTER.to: 1}, 1)


def test_a_server_that_is_away_is_named():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(mail.Away, match=r"cannot be used: .*refused"):
        send(server(port))


# Security and logins


def certificate(folder):
    """A certificate of 127.0.0.1 signed by itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    at = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(at).not_valid_after(at + timedelta(days=1))
    made = made.add_extension(names, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(pem, form, serialization.NoEncryption())
    (folder / "here.pem").write_bytes(private + signed.public_bytes(pem))
    return folder / "here.pem"


@pytest.fixture
def secure(tmp_path):
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with mail_server.running(context) as (handler, port):
        yield handler, port, path


LOGIN = {"security": "starttls", "user": "ewarn", "password": "right"}


def test_the_password_is_sent_after_starttls(secure, monkeypatch):
    handler, port, path = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    send(server(port, **LOGIN))
    assert (handler.logins, len(handler.accepted)) == ([b"ewarn"], 1)


def test_a_wrong_password_is_tried_once_and_not_shown(secure, monkeypatch):
    handler, port, path = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(mail.Unusable, match="535") as raised:
        send(server(port, **LOGIN | {"password": "hushhush"}))
    assert handler.logins == [b"ewarn"] * 2  # by each of the two ways the server offers
    assert "hushhush" not in str(raised.value) + repr(server(port, **LOGIN))


def test_a_certificate_of_nobody_known_is_refused_before_the_password(secure):
    handler, port, _ = secure
    with pytest.raises(mail.Unusable, match="certificate"):
        send(server(port, **LOGIN))
    assert handler.logins == []


def test_a_server_without_starttls_is_refused(running):
    handler, port = running
    with pytest.raises(mail.Unusable, match="STARTTLS"):
        send(server(port, security="starttls"))
    assert handler.tries == {}


@pytest.mark.parametrize(
    ("changed", "setting"),
    [
        ({"host": ""}, "EWARN_SMTP_HOST"),
        ({"sender": ""}, "EWARN_MAIL_FROM"),
        ({"sender": "a\nb"}, "EWARN_MAIL_FROM"),
        ({"host": "mail.example.org", "user": "u"}, "EWARN_SMTP_SECURITY"),
    ],
)
def test_settings_that_cannot_work_are_named(changed, setting):
    with pytest.raises(BadInput, match=setting):
        server(25, **changed)
