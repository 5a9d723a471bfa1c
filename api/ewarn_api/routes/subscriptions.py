"""Webhooks: where the alerts of a watch list are sent, each message, and sending it again."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from ewarn.alerting import webhook_urls
from ewarn.core import columns
from ewarn.database import Database, now, subscriptions, watchlists
from ewarn.database.subscriptions import Delivery, Subscription
from ewarn_api import access
from ewarn_api.access import Caller
from ewarn_api.requests.parameters import Nothing, Paged, Whole
from ewarn_api.responses import openapi, private

router = APIRouter(tags=["alerts"])
Owner = Annotated[Caller, access.needs("watchlists")]
Id = Annotated[str, Path(description=columns.of("subscription").sentence)]
DeliveryId = Annotated[str, Path(description=columns.of("delivery").sentence)]
COLUMNS = columns.TABLES["subscriptions"]
DELIVERY = columns.TABLES["deliveries"]
_DOCUMENT = openapi.rows("Subscription", COLUMNS, "subscriptions")


class SubscriptionAsked(BaseModel):
    """A webhook to make."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    watchlist: str = Field(
        description=columns.of("watchlist").sentence, examples=[columns.of("watchlist").example]
    )
    url: str = Field(
        max_length=2000,
        description=f"{columns.of('url').sentence} https, and a host on the public internet.",
        examples=[columns.of("url").example],
    )


@router.get("/v1/subscriptions", **_DOCUMENT)
async def every_subscription(
    request: Request, query: Annotated[Paged, Query()], caller: Owner
) -> Response:
    """Return the webhooks of the key's watch lists, the oldest first."""

    def read(database: Database) -> list[dict[str, Any]]:
        with database.reading() as session:
            own = [one.id for one in watchlists.of_key(session, caller.key_id)]
            return [_row(one) for one in subscriptions.of_lists(session, own)]

    return await _answer(request, query, caller, "subscriptions", read)


@router.post(
    "/v1/subscriptions",
    **openapi.written("SubscriptionWritten", (*COLUMNS, "secret"), "subscriptions"),
)
async def subscribe(
    request: Request,
    asked: SubscriptionAsked,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """Have the alerts of a watch list sent to a webhook. The answer has the secret that signs each
    message; it is not shown again.
    """
    is_anywhere = request.app.state.is_anywhere
    target = await run_in_threadpool(webhook_urls.checked, asked.url, is_anywhere=is_anywhere)

    def write(database: Database) -> dict[str, Any]:
        with database.writing() as session:
            stored = watchlists.find(session, caller.key_id, asked.watchlist)
            built = subscriptions.add(session, stored, target.url, now())
            return _row(built) | {"secret": built.secret}

    built = await private.query(request, write)
    path = f"{request.scope.get('root_path', '')}/v1/subscriptions/{built['subscription']}"
    return private.written(request, await private.newest(request), built, 201, path)


@router.get("/v1/subscriptions/{subscription_id}", **_DOCUMENT)
async def subscription(
    request: Request, subscription_id: Id, query: Annotated[Whole, Query()], caller: Owner
) -> Response:
    """Return one webhook."""

    def read(database: Database) -> list[dict[str, Any]]:
        with database.reading() as session:
            return [_row(subscriptions.find(session, caller.key_id, subscription_id))]

    return await _answer(request, query, caller, "subscriptions", read)


@router.delete(
    "/v1/subscriptions/{subscription_id}", status_code=204, responses=openapi.failures(404, 422)
)
async def unsubscribe(
    request: Request,
    subscription_id: Id,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """End a webhook, and all messages to it."""

    def write(database: Database) -> None:
        with database.writing() as session:
            stored = subscriptions.find(session, caller.key_id, subscription_id)
            subscriptions.remove(session, [stored.id])

    await private.query(request, write)
    return Response(status_code=204)


@router.get(
    "/v1/subscriptions/{subscription_id}/deliveries",
    **openapi.rows("Delivery", DELIVERY, "deliveries"),
)
async def deliveries(
    request: Request, subscription_id: Id, query: Annotated[Paged, Query()], caller: Owner
) -> Response:
    """Return the messages to a webhook, the newest first: due, arrived, or given up."""

    def read(database: Database) -> list[dict[str, Any]]:
        with database.reading() as session:
            stored = subscriptions.find(session, caller.key_id, subscription_id)
            return [_message(one) for one in subscriptions.deliveries(session, stored.id)]

    return await _answer(request, query, caller, "deliveries", read)


@router.post(
    "/v1/subscriptions/{subscription_id}/deliveries/{delivery_id}/resend",
    **openapi.written("DeliveryWritten", DELIVERY, "deliveries", status=202),
)
async def resend(
    request: Request,
    subscription_id: Id,
    delivery_id: DeliveryId,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
    caller: Owner,
) -> Response:
    """Have a message be due again now, with all its tries and the same `webhook-id`."""

    def write(database: Database) -> dict[str, Any]:
        with database.writing() as session:
            to = subscriptions.find(session, caller.key_id, subscription_id)
            stored = subscriptions.find_delivery(session, to.id, delivery_id)
            subscriptions.send_again(session, stored, now())
            return _message(stored)

    return private.written(
        request, await private.newest(request), await private.query(request, write), 202
    )


def _row(one: Subscription) -> dict[str, Any]:
    return {
        "subscription": one.id,
        "watchlist": one.watchlist_id,
        "url": one.url,
        "created_at": one.created_at.isoformat(),
    }


def _message(one: Delivery) -> dict[str, Any]:
    moments = ("created_at", "next_attempt_at", "delivered_at", "dead_at")
    reported = {name: at.isoformat() if (at := getattr(one, name)) else None for name in moments}
    reported |= {"delivery": one.id, "subscription": one.subscription_id, "issue": one.issue_id}
    reported |= {"attempts": one.attempts, "result": one.result}
    return {name: reported[name] for name in DELIVERY}


async def _answer(request: Request, query: Whole, caller: Caller, of: str, read: Any) -> Response:
    some = await private.query(request, read)
    return private.rows(
        request, query, await private.newest(request), caller, columns.TABLES[of], some, of
    )
