"""Declares the operator's settings: environment variables that begin with HYPERPLANE_, and command line flags."""

import difflib
import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis.connection import parse_url

from app.labs import LABS
from app.serving.addresses import network
from app.serving.base_path import is_path

_MOST_WORKERS = 8  # by default: each takes 55 MiB or more


PREFIX = "HYPERPLANE_"
_OTHER_VARIABLES = {"HYPERPLANE_CACHE", "HYPERPLANE_CHROMIUM"}  # of the engine and of the tests
Names = Annotated[list[str], NoDecode]  # in a variable: separated by commas, or as JSON


class Config(BaseSettings):
    """How the server runs. Every field is documented in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    host: str = Field(default="127.0.0.1", description="address to listen at")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen at")
    root_path: str = Field(default="", description="path below which a proxy has the server, as /playground")
    threads: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, le=256, description="threads that train; one per core"
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, _MOST_WORKERS) if sys.platform == "linux" else 1,
        ge=1,
        le=64,
        description="processes that share the sessions, and the threads; one per core, but at most 8",
    )
    sessions: int = Field(default=256, ge=1, description="sessions kept at once; a newcomer beyond is turned away")
    reserve: float = Field(default=0.1, ge=0, lt=1, description="share of them for pages that come back")
    connections: int = Field(default=2_000, ge=1, description="websockets at once, whether they have a session or not")
    trusted_proxies: Names = Field(
        default=[],
        description="addresses or networks of proxies that name the visitor's address; without one none is limited",
    )
    sessions_per_address: int = Field(default=100, ge=1, le=1_000, description="most sessions of one address")
    new_sessions_per_minute: int = Field(default=100, ge=1, le=1_000, description="most new ones of one address")
    keep_seconds: float = Field(default=120, ge=0, description="how long a session waits for its page to come back")
    pause_seconds: float = Field(default=5, ge=0, description="how long it trains on without a page")
    frames_per_second: float = Field(default=120, gt=0, le=240, description="most frames per second for one page")
    store: str = Field(
        default="",
        description="file that keeps sessions beyond the server's life, empty for one in the user's data folder; "
        "or redis://host:port/0, which several servers can share",
    )
    no_store: bool = Field(default=False, description="keep no sessions beyond the server's life")
    lease_seconds: float = Field(
        default=6, ge=1, description="how long a server keeps a session that others could have, unless it renews it"
    )
    store_hours: float = Field(default=24, gt=0, description="how long an abandoned session is kept there")
    store_sessions: int = Field(default=50_000, ge=1, description="most sessions there; the oldest leave")
    message_bytes: int = Field(default=256 * 1024, ge=4096, description="most bytes of a page's message")
    message_fragments: int = Field(default=64, ge=1, description="most pieces in which it may come")
    messages_per_second: float = Field(default=300, gt=0, description="of one page, over some seconds")
    request_seconds: float = Field(default=60, ge=1, description="how long a request and its answer may take")
    hello_seconds: float = Field(default=5, gt=0, description="how long a page may take to say hello")
    ping_seconds: float = Field(default=20, gt=0, description="how often, and how long, a silent page is asked")
    log_format: Literal["plain", "json"] = Field(default="plain", description="for people, or an object on each line")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="warning", description="least that is told")
    parameters: int = Field(
        default=40_000,
        ge=1_000,
        le=max(lab.most_parameters for lab in LABS.values()),
        description="most weights and biases of a network",
    )
    allowed_hosts: Names = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="names under which pages reach this server, without port; others are refused",
    )
    frame_ancestors: Names = Field(
        default=[], description="sites whose pages may show the playground in a frame: https://host, or * for all"
    )

    @field_validator("host")
    @classmethod
    def _check_host(cls, host: str) -> str:
        """Refuses invalid names of machines early: their use would raise several kinds of errors."""
        try:
            host.encode("idna")
        except UnicodeError:
            raise ValueError(f"{host[:100]!r} came, expected the name or address of this machine") from None
        return host

    @field_validator("store")
    @classmethod
    def _check_store(cls, store: str) -> str:
        """Refuses a bad address at the start; otherwise the first session would fail."""
        try:
            if _is_redis(store):
                parse_url("redis" + store.removeprefix("valkey").removeprefix("redis"))  # type: ignore[no-untyped-call]
        except ValueError as error:
            raise ValueError(f"{store[:100]!r} came, expected redis://host:port/number: {error}") from None
        return store

    @field_validator("root_path")
    @classmethod
    def _check_root_path(cls, path: str) -> str:
        """Removes the slash at the end, except from / alone, which means no path, whatever a proxy's header says."""
        found = path.rstrip("/")
        if path in {"", "/"} or is_path(found):
            return found or path
        raise ValueError(
            f"{path[:100]!r} came, expected a path such as /playground: it begins with /, has letters, numbers and "
            "- . _ ~ between slashes, and is none of the server's own addresses"
        )

    @property
    def share(self) -> "Config":
        """The settings of each of several workers, with its share of threads, sessions and connections."""
        bounds = {name: -(-getattr(self, name) // self.workers) for name in ("threads", "sessions", "connections")}
        return self.model_copy(update=bounds)

    @property
    def has_redis(self) -> bool:
        """Whether sessions are kept in Redis or Valkey rather than in a file."""
        return _is_redis(self.store)

    @field_validator("allowed_hosts", "frame_ancestors", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, names: Any) -> Any:
        """Parse a list from a variable."""
        if not isinstance(names, str):
            return names
        if names.lstrip().startswith("["):
            try:
                return json.loads(names)
            except ValueError:
                raise ValueError(f"{names[:100]!r} came, expected names by commas, or a JSON list") from None
        return [name.strip() for name in names.split(",") if name.strip()]

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, proxies: list[str]) -> list[str]:
        for proxy in proxies:
            try:
                network(proxy)
            except ValueError:
                raise ValueError(f"{proxy[:100]!r} came, expected an address or a network: 10.0.0.0/8") from None
        return proxies

    @field_validator("frame_ancestors")
    @classmethod
    def _check_sites(cls, sites: list[str]) -> list[str]:
        """Refuses other text, because sites become part of a header."""
        for site in sites:
            if not re.fullmatch(r"\*|https?://(\*\.)?[\w.-]+(:\d+)?", site, re.ASCII):
                raise ValueError(f"{site[:100]!r} came, expected https://host, http://host:port or *")
        return sites


def unknown_variables(names: Iterable[str]) -> dict[str, str]:
    """Variables that look like settings but are not, each with the setting that may be meant, or ""."""
    known = {PREFIX + name.upper() for name in Config.model_fields} | _OTHER_VARIABLES
    unknown = sorted(name for name in names if name.startswith(PREFIX) and name not in known)
    return {name: next(iter(difflib.get_close_matches(name, known, 1)), "") for name in unknown}


def _is_redis(store: str) -> bool:
    return store.startswith(("redis://", "rediss://", "valkey://", "valkeys://"))
