"""Security and caching headers on every reply, errors and static files included."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SELF = ("script", "style", "font", "connect", "worker", "manifest", "media", "frame")
_POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in _SELF),
        "img-src 'self' data: blob:",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}
_FRAMED_NOWHERE = {
    "Content-Security-Policy": f"{_POLICY}; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# No frame-ancestors at all, not "*": a star does not match a slide deck opened from a file.
_FRAMED_ANYWHERE = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def is_below(path: str, root: str) -> bool:
    """Tell whether an address is `root` or lies under it."""
    return path == root or path.startswith(f"{root}/")


def security_headers(path: str) -> dict[str, str]:
    """Return the headers that a reply at `path` must carry, except for caching."""
    framing = _FRAMED_ANYWHERE if is_below(path, "/embed") else _FRAMED_NOWHERE
    return _ALWAYS | framing


class SecurityHeaders:
    """ASGI middleware: add the headers to whatever is inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(security_headers(path))
                if is_below(path, "/api"):
                    headers["Cache-Control"] = "no-store"
                else:
                    # A page names the hash of the static tree: ask anew each time.
                    headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        if scope["method"] == "HEAD":
            # What can be fetched can be asked about; the protocol leaves the body out.
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send_with_headers)
