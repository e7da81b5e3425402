"""What ops can set: by environment (`LEADSLA_BROKER`), by a TOML file (`LEADSLA_CONFIG`), secrets by files.

The environment goes before the file, the file before the defaults.
"""

import os
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from streams.clock import Clock, FastClock, wall_clock

Port = Annotated[int, Field(ge=0, le=65_535)]


class Settings(BaseSettings):
    """Settings of a worker; each is documented where it stands, and `docs/settings.md` is made from here."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(env_prefix="LEADSLA_", extra="forbid", frozen=True)

    broker: str = Field("127.0.0.1:9092", description="Kafka brokers to start from, `host:port`, separated by commas.")
    agreements: Path = Field(Path("agreements"), description="File or folder of the agreements to run.")
    group: str = Field("leadsla", description="Consumer group and prefix of the changelog; all workers share it.")
    metrics_host: str = Field("127.0.0.1", description="Address that `/metrics` is served on.")
    metrics_port: Port = Field(9464, description="Port that `/metrics` is served on; 0 takes a free one.")
    data_dir: Path = Field(Path("/tmp/leadsla"), description="Folder for the worker's own files.")  # noqa: S108
    batch_records: int = Field(2_000, ge=1, description="Most records taken from the broker at once.")
    session_timeout_seconds: float = Field(30.0, gt=0, description="After this silence a worker is taken for dead.")
    request_timeout_seconds: float = Field(40.0, gt=0, description="How long the broker may take to answer.")
    historic_after_seconds: float = Field(
        86_400.0, gt=0, description="A breach whose deadline passed this long before its hand-off arrived pages nobody."
    )
    future_tolerated_seconds: float = Field(
        300.0, ge=0, description="How far ahead of its arrival an event's time may lie before it is rejected."
    )
    rejected_run_limit: int | None = Field(
        None, ge=1, description="A worker stops rather than put away more records of a partition in a row than this."
    )
    rejected_share_limit: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="A worker stops rather than put away a larger share of a partition's last records than this.",
    )
    rejected_share_records: int = Field(1_000, ge=1, description="How many last records that share is taken of.")
    rejected_share_minimum: int = Field(100, ge=1, description="With fewer last records the share is not judged.")
    patience_seconds: float = Field(
        60.0, gt=0, description="How long something may wait while nothing moves before `/livez` calls for a restart."
    )
    clock: str | None = Field(None, description="For demonstrations: a fast clock as `began,starts at,speed`.")
    log_level: str = Field("INFO", description="Least severity that is logged.")
    log_format: Literal["console", "json"] = Field(
        "console", description="How a line of the log looks: `console` for people, `json` for programs."
    )
    stop_within_seconds: float = Field(
        25.0, gt=0, description="How long a worker that is asked to stop may take to finish what it has in hand."
    )

    @field_validator("clock")
    @classmethod
    def _is_a_clock(cls, text: str | None) -> str | None:
        if text is not None:
            FastClock.parse(text)
        return text

    @property
    def brokers(self) -> list[str]:
        """The brokers, one by one."""
        return [broker.strip() for broker in self.broker.split(",") if broker.strip()]

    def new_clock(self) -> Clock:
        """The clock to live by."""
        return wall_clock if self.clock is None else FastClock.parse(self.clock)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the TOML file, then secret files."""
        file = os.environ.get("LEADSLA_CONFIG")
        toml = TomlConfigSettingsSource(settings_cls, file) if file else None
        return tuple(source for source in (init_settings, env_settings, toml, file_secret_settings) if source)
