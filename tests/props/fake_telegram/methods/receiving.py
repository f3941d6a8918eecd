"""getUpdates, setWebhook, deleteWebhook, getWebhookInfo."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from fake_telegram.calls import Call
from fake_telegram.refusals import Json, bad_request
from fake_telegram.world import World
from telegram.constants import WebhookLimit

PORTS = (80, 88, 443, 8443)
_SECRET = re.compile(r"^[A-Za-z0-9_-]*$")


async def get_updates(world: World, call: Call) -> list[Any]:
    _allow(world, call)
    return await world.updates.get(call.integer("offset"), call.integer("limit", 100), float(call.integer("timeout")))


def set_webhook(world: World, call: Call) -> bool:
    address = call.text("url")
    if not address:
        return delete_webhook(world, call)
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = call.text("secret_token")
    if len(secret) > WebhookLimit.MAX_SECRET_TOKEN_LENGTH:
        raise bad_request("secret token is too long")
    if not _SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = call.integer("max_connections", 40)
    if not WebhookLimit.MIN_CONNECTIONS_LIMIT <= connections <= WebhookLimit.MAX_CONNECTIONS_LIMIT:
        connections = 40
    _allow(world, call)
    _drop_pending(world, call)
    world.webhook = {"url": address, "max_connections": connections, "secret": secret}
    world.updates.lead_to(address)
    return True


def delete_webhook(world: World, call: Call) -> bool:
    _drop_pending(world, call)
    world.webhook = {}
    world.updates.lead_to("")
    return True


def get_webhook_info(world: World, call: Call) -> Json:
    info: Json = {
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    info |= {name: value for name, value in world.webhook.items() if name not in ("url", "secret")}
    if world.updates.allowed is not None:
        info["allowed_updates"] = sorted(world.updates.allowed)
    return info


def _allow(world: World, call: Call) -> None:
    """Takes over the kinds of updates; if they are not sent, those of before stay."""
    if "allowed_updates" in call:
        world.updates.allow(call.array("allowed_updates"))


def _drop_pending(world: World, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        world.updates.pending.clear()


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
