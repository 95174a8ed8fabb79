"""Settings from outside: names and values that nobody has checked yet."""

from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.sessions.rejections import refused
from engine.choices import Refused
from engine.labs.plane.settings import SETTING_NAMES, Settings

_settings: TypeAdapter[Settings] = TypeAdapter(Settings)


def build_settings(changes: dict[str, Any], base: Settings | None = None) -> Settings:
    """Settings with some changed. Raises Refused."""
    for name, value in changes.items():
        if name not in SETTING_NAMES:
            raise Refused(name[:40], value, f"a setting: one of {', '.join(SETTING_NAMES)}")
    try:
        return _settings.validate_python({**asdict(base or Settings()), **changes})
    except ValidationError as error:
        raise refused(error) from error
