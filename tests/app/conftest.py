"""The application as its clients see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings())) as session:
        yield session


@pytest.fixture
def client_with() -> Iterator[Callable[..., TestClient]]:
    """Make clients of applications with one more router or other settings."""
    opened: list[TestClient] = []

    def make(router: APIRouter | None = None, **settings: Any) -> TestClient:
        app = create_app(Settings(**settings))
        if router is not None:
            app.include_router(router)
        client = TestClient(app)
        client.__enter__()
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)
