"""The operator's settings: environment variables that begin with HYPERPLANE_, and the command line's flags."""

import os
import re

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.settings import MAX_PARAMETERS


class Config(BaseSettings):
    """How the server runs. Every field is documented in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="HYPERPLANE_", frozen=True)

    host: str = Field(default="127.0.0.1", description="address to listen at")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen at")
    threads: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, le=256, description="threads that train; one per core"
    )
    sessions: int = Field(default=256, ge=1, description="sessions kept at once; a newcomer beyond is turned away")
    keep_seconds: float = Field(default=120, ge=0, description="how long a session waits for its page to come back")
    pause_seconds: float = Field(default=5, ge=0, description="how long it trains on without a page")
    frames_per_second: float = Field(default=120, gt=0, le=240, description="most frames per second for one page")
    store: str = Field(
        default="", description="file that keeps sessions beyond the server's life; empty for the user's data folder"
    )
    no_store: bool = Field(default=False, description="keep no sessions beyond the server's life")
    store_hours: float = Field(default=24, gt=0, description="how long an abandoned session is kept there")
    parameters: int = Field(
        default=40_000, ge=1_000, le=MAX_PARAMETERS, description="most weights and biases of a network"
    )
    allowed_hosts: list[str] = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="names under which pages reach this server, without port; others are refused",
    )
    frame_ancestors: list[str] = Field(
        default=[], description="sites whose pages may show the playground in a frame: https://host, or * for all"
    )

    @field_validator("frame_ancestors")
    @classmethod
    def _check_sites(cls, sites: list[str]) -> list[str]:
        """They become part of a header."""
        for site in sites:
            if not re.fullmatch(r"\*|https?://(\*\.)?[\w.-]+(:\d+)?", site, re.ASCII):
                raise ValueError(f"{site[:100]!r} came, expected https://host, http://host:port or *")
        return sites
