"""Send due messages as signed requests, each retried until it is delivered or given up."""

import asyncio
import hmac
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import httpx

from ewarn.alerting import webhook_urls
from ewarn.alerting.webhook_urls import Resolve, Target
from ewarn.core.errors import BadInput
from ewarn.database import Database, now, subscriptions
from ewarn.database.subscriptions import Delivery, Subscription

SECONDS = 15.0  # for all of a request; less than the shortest wait until the next try
_AT_ONCE = 10
_MOST = 1_000  # messages a round
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """How a round went: messages that arrived, and that did not."""

    arrived: int
    failed: int


@dataclass(frozen=True)
class Post:
    """How messages are sent: `is_anywhere` and `resolve` as in `targets.checked`."""

    is_anywhere: bool = False
    resolve: Resolve = webhook_urls.resolved
    seconds: float = SECONDS


def deliver(database: Database, post: Post, clock: Callable[[], datetime] = now) -> Sent:
    """Send each message that is due now, once; what fails is due again after its wait.

    The address a host is checked to have is the one connected to, and redirects are not followed.
    Raises Unreachable.
    """
    with database.reading() as session:
        due = subscriptions.due(session, clock(), _MOST)
    arrived = asyncio.run(_all(database, post, clock, due))
    return Sent(arrived.count(True), arrived.count(False))


def headers(secret: str, delivery_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a message, by the Standard Webhooks specification.

    The signature is HMAC-SHA256 over `webhook-id`.`webhook-timestamp`.body, in base64 after "v1,".
    """
    seconds = str(int(at.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((delivery_id.encode(), seconds.encode(), body))
    signature = b64encode(hmac.digest(key, signed, sha256)).decode()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature}",
        "Content-Type": "application/json",
        "User-Agent": "ewarn",
    }


async def _all(
    database: Database,
    post: Post,
    clock: Callable[[], datetime],
    due: list[tuple[Delivery, Subscription]],
) -> list[bool | None]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(delivery: Delivery, to: Subscription) -> bool | None:
        async with places:
            return await _one(database, post, clock, delivery, to)

    return await asyncio.gather(*(one(delivery, to) for delivery, to in due))


async def _one(
    database: Database,
    post: Post,
    clock: Callable[[], datetime],
    delivery: Delivery,
    to: Subscription,
) -> bool | None:
    """Return whether a message arrived; None where another process sends it. The database is
    queried in threads: while it is slow, the time of requests under way must not run out.
    """
    at = clock()
    if not await asyncio.to_thread(_claim, database, delivery, at):
        return None
    body = delivery.body.encode()
    is_taken, result = await _sent(post, to.url, headers(to.secret, delivery.id, at, body), body)
    await asyncio.to_thread(_settle, database, delivery.id, is_taken, result, clock())
    _log.info("message %s, try %d: %s", delivery.id, delivery.attempts + 1, result)
    return is_taken


def _claim(database: Database, delivery: Delivery, at: datetime) -> bool:
    with database.writing() as session:
        return subscriptions.claim(session, delivery, at)


def _settle(
    database: Database, delivery_id: str, is_taken: bool, result: str, at: datetime
) -> None:
    with database.writing() as session:
        subscriptions.settle(session, delivery_id, is_taken, result, at)


async def _sent(post: Post, url: str, said: dict[str, str], body: bytes) -> tuple[bool, str]:
    """Return whether the receiver accepted it, and the result in words, without the address."""
    try:
        async with asyncio.timeout(post.seconds):
            look_up = asyncio.to_thread(
                webhook_urls.checked, url, is_anywhere=post.is_anywhere, resolve=post.resolve
            )
            status = await _status(await look_up, said, body)
    except BadInput as error:
        return False, str(error)
    except TimeoutError:
        return False, f"no answer in {post.seconds:g} s"
    except httpx.HTTPError as error:
        return False, f"no answer: {type(error).__name__}"
    return 200 <= status < 300, f"answered {status}"


async def _status(target: Target, said: dict[str, str], body: bytes) -> int:
    """Return the status that the first address that takes the connection answers; its body is not
    read.
    """
    url = httpx.URL(target.url)
    reported = said | {"Host": url.netloc.decode("ascii")}
    # TLS is for the name, the connection goes to the address; no proxy is used.
    async with httpx.AsyncClient(
        timeout=SECONDS, trust_env=False, follow_redirects=False
    ) as client:
        for place, address in enumerate(target.addresses):
            request = client.build_request(
                "POST",
                url.copy_with(host=address, port=target.port),
                headers=reported,
                content=body,
                extensions={"sni_hostname": target.host},
            )
            try:
                answer = await client.send(request, stream=True)
            except httpx.ConnectError:
                if place + 1 == len(target.addresses):
                    raise
                continue
            await answer.aclose()
            return answer.status_code
    raise httpx.ConnectError("no address")
