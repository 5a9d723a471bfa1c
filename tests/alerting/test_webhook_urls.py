"""Where webhooks may lead: public addresses, found once; no resolver but a made-up one."""

import pytest

from ewarn.alerting import webhook_urls
from ewarn.core.errors import BadInput

PUBLIC = "93.184.215.14"


def to(*addresses):
    return lambda _host, _port: list(addresses)


def test_a_target_has_the_addresses_that_were_checked():
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]

    target = webhook_urls.checked("https://Hooks.Example.org/in?x=1", resolve=resolve)
    assert asked == [("hooks.example.org", 443)]  # once: what DNS says later is of no use
    assert target.addresses == (PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    assert (target.host, target.port) == ("hooks.example.org", 443)
    assert target.url == "https://Hooks.Example.org/in?x=1"
    assert webhook_urls.checked("https://e.org:8443/", resolve=to(PUBLIC)).port == 8443


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::"),  # noqa: S104
        *("10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1"),
        *("169.254.169.254", "fe80::1", "fe80::1%eth0", "fd00:ec2::254"),
        *("100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.88.99.1"),
        *("224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"),
        *("240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.5", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", f"::ffff:{PUBLIC}", "::127.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "5f00::1", "not an address"),
    ],
)
def test_an_address_inside_is_refused_alone_and_beside_a_public_one(address):
    assert not webhook_urls.is_public(address)
    for found in ([address], [PUBLIC, address]):
        with pytest.raises(BadInput, match="not public") as raised:
            webhook_urls.checked("https://inside.example.org/", resolve=to(*found))
        assert address not in str(raised.value)  # nobody learns what our resolver knows


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "172.32.0.1", "2606:4700::1111"])
def test_a_public_address_is_taken(address):
    assert webhook_urls.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://e.org/",
            "ftp://e.org/",
            "file:///etc/passwd",
            "//e.org/",
            "e.org",
            "",
            "https://",
        ),
        *(
            "https://user@e.org/",
            "https://user:word@e.org/",
            "https://e.org:0/",
            "https://e.org:x/",
        ),
        *("https://e.org:99999/", "https://e.org\\@inside/", "https://e.org/\r\nHost: x"),
        *("https://[::1/", "https://e.org/é", " https://e.org/", "https:///path"),
    ],
)
def test_what_is_no_https_address_is_refused_before_it_is_looked_up(url):
    def resolve(host, _port):
        raise AssertionError(host)

    with pytest.raises(BadInput, match="webhook"):
        webhook_urls.checked(url, resolve=resolve)


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]"])
def test_other_ways_to_write_an_inside_address_are_seen_through(host):
    with pytest.raises(BadInput, match="not public"):
        webhook_urls.checked(f"https://{host}/")  # what the system's resolver makes of it


def test_a_host_without_an_address_is_refused():
    def fails(_host, _port):
        raise OSError("Name or service not known")

    with pytest.raises(BadInput, match="no address"):
        webhook_urls.checked("https://nowhere.example.org/", resolve=fails)
    with pytest.raises(BadInput, match="not public"):
        webhook_urls.checked("https://nowhere.example.org/", resolve=to())
    with pytest.raises(BadInput, match="no address"):
        webhook_urls.checked(f"https://{'a' * 70}.org/")  # a label that is too long for DNS


def test_anywhere_takes_what_tests_have():
    target = webhook_urls.checked("http://127.0.0.1:9/in", is_anywhere=True)
    assert (target.addresses, target.port) == (("127.0.0.1",), 9)
    assert webhook_urls.checked("http://e.org/", is_anywhere=True, resolve=to(PUBLIC)).port == 80
    with pytest.raises(BadInput):
        webhook_urls.checked("ftp://127.0.0.1/", is_anywhere=True)
