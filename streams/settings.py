"""What ops can set: by environment (`LEADSLA_BROKER`) or by a TOML file (`LEADSLA_CONFIG`).

The environment goes before the file, the file before the defaults. Secrets come from the environment or from files of
their own; a `SecretStr` is shown as stars wherever settings are printed.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from sla_rules.instants import parse_instant
from sla_rules.limits import Limits
from streams.clock import Clock, FastClock, wall_clock

Port = Annotated[int, Field(ge=0, le=65_535)]
Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]


MOST: Final = 1_000_000
"""Of anything that is counted; what is larger is a slip."""
SECRETS: Final = ("ssl_key_password", "sasl_password")
"""Each comes from its own variable or from the file that the same variable with `_FILE` names."""


class SettingsError(Exception):
    """Settings that do not fit together, or a file they name that cannot be used; the message shows no secret."""


LARGEST_FILE: Final = 64 * 1024
"""Bytes of the TOML file."""


class ConfigFile(TomlConfigSettingsSource):
    """The TOML file, which may lie among other configuration for all to read, so that it holds no secret."""

    def _read_files(self, files: Any, deep_merge: bool = False) -> dict[str, Any]:  # noqa: ARG002, FBT001, FBT002 - the library's
        """The one file, which has to be there: the library would go on without it."""
        try:
            with Path(files).open("rb") as opened:
                text = opened.read(LARGEST_FILE + 1)
            if len(text) > LARGEST_FILE:
                raise SettingsError(refusal("config", f"{files}: more than {LARGEST_FILE // 1024} KiB"))
            return tomllib.loads(text.decode())
        except OSError as wrong:
            raise SettingsError(refusal("config", f"{files}: {wrong.strerror}")) from None
        except RecursionError:
            raise SettingsError(refusal("config", f"{files}: nested too deep")) from None
        except ValueError as wrong:
            raise SettingsError(refusal("config", f"{files}: {wrong}")) from None

    def __call__(self) -> dict[str, Any]:
        """What the file sets."""
        found = super().__call__()
        for name in SECRETS:
            if name in found:
                raise SettingsError(refusal(name, f"not from the file of LEADSLA_CONFIG; it may set {name}_file"))
        return found


class Settings(BaseSettings):
    """Settings of a worker; each is documented where it stands, and `docs/settings.md` is made from here."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="LEADSLA_", extra="forbid", frozen=True, allow_inf_nan=False
    )

    broker: str = Field("127.0.0.1:9092", description="Kafka brokers to start from, `host:port`, separated by commas.")
    security_protocol: Protocol = Field(
        "PLAINTEXT", description="How to speak to the brokers: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`."
    )
    ssl_ca_file: FilePath | None = Field(
        None,
        description="PEM file of the authorities that the brokers' certificates are checked by; else the system's.",
    )
    ssl_certificate_file: FilePath | None = Field(
        None, description="PEM file of our own certificate with its chain, for brokers that ask for one."
    )
    ssl_key_file: FilePath | None = Field(
        None, description="PEM file of the certificate's key, if it is not in the certificate's file."
    )
    ssl_key_password: SecretStr | None = Field(
        None, min_length=1, description="Password that the key's file is encrypted with."
    )
    ssl_key_password_file: FilePath | None = Field(None, description="File that holds the key's password.")
    sasl_mechanism: Mechanism = Field(
        "SCRAM-SHA-512", description="How to prove who we are: `SCRAM-SHA-512`, `SCRAM-SHA-256` or `PLAIN`."
    )
    sasl_username: str | None = Field(None, min_length=1, description="User to log in to the brokers as.")
    sasl_password: SecretStr | None = Field(None, min_length=1, description="The user's password.")
    sasl_password_file: FilePath | None = Field(None, description="File that holds the user's password.")
    agreements: Path = Field(Path("agreements"), description="File or folder of the agreements to run.")
    clocks: bool = Field(
        True,  # noqa: FBT003 - pydantic's way to give a default
        description="Whether the open clocks of leads are written to `sla-clocks`; without, the topic is not needed.",
    )
    accept_changes: bool = Field(
        False,  # noqa: FBT003 - pydantic's way to give a default
        description="Take over agreements whose terms were rewritten after they had been worked with; clocks are judged again.",
    )
    group: str = Field("leadsla", description="Consumer group and prefix of the changelog; all workers share it.")
    metrics_host: str = Field("127.0.0.1", description="Address that `/metrics` is served on.")
    metrics_port: Port = Field(9464, description="Port that `/metrics` is served on; 0 takes a free one.")
    metrics_teams: int = Field(
        200,
        ge=0,
        le=MOST,
        description="Most teams with series of their own, beside those that agreements name; the rest are summed as `other`.",
    )
    data_dir: Path = Field(Path("/tmp/leadsla"), description="Folder for the worker's own files.")  # noqa: S108
    store: Literal["memory", "rocksdb"] = Field(
        "memory",
        description="Where leads lie: in memory, or on disk under the folder for files (`pip install leadsla[rocksdb]`).",
    )
    batch_records: int = Field(2_000, ge=1, le=MOST, description="Most records taken from the broker at once.")
    batch_max_bytes: int = Field(
        64 * 1024 * 1024,
        ge=1024 * 1024,
        description="Most bytes that a batch may unpack to: a worker's memory is bounded by a few times as many.",
    )
    unreadable_batches: Literal["dead_letter", "stop"] = Field(
        "dead_letter",
        description="What becomes of a batch of events that unpacks to more, or to nothing readable: `dead_letter` dead-letters it as it is, `stop` stops the worker.",
    )
    session_timeout_seconds: float = Field(30.0, gt=0, description="After this silence a worker is taken for dead.")
    request_timeout_seconds: float = Field(40.0, gt=0, description="How long the broker may take to answer.")
    historic_after_seconds: float = Field(
        86_400.0, gt=0, description="A breach whose deadline passed this long before its hand-off arrived pages nobody."
    )
    listening_since: str | None = Field(
        None,
        description="From when on the service listens for agreements that its group has not served before, as `2026-03-02T09:00:00Z`; "
        "unless set, the start of the first worker. What was over by then follows the facts.",
    )
    keep_days: int = Field(
        400,
        ge=1,
        le=36_525,
        description="How long a lead is kept after its last event and deadline; older events are dead-lettered as expired.",
    )
    future_tolerated_seconds: float = Field(
        300.0, ge=0, description="How far ahead of its arrival an event's time may lie before it is rejected."
    )
    lead_facts_limit: int = Field(
        10_000,
        ge=1,
        description="Most events kept of one lead; further ones are dead-lettered as `lead_full`. What begins or ends a clock "
        "or puts something right has an eighth more room, a deletion always gets in.",
    )
    lead_bytes_limit: int = Field(
        524_288, ge=1, description="Most bytes that the events kept of one lead may take; the same holds of it."
    )
    quarantine_limit: int = Field(
        10,
        ge=0,
        description="A worker stops rather than set aside more leads of a partition that cannot be judged than this, of "
        "those it has judged last.",
    )
    quarantine_of: int = Field(1_000, ge=1, description="How many leads judged last that limit is of.")
    rejected_run_limit: int | None = Field(
        None,
        ge=1,
        le=MOST,
        description="A worker stops rather than dead-letter more records of a partition in a row than this.",
    )
    rejected_share_limit: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="A worker stops rather than dead-letter a larger share of a partition's last records than this.",
    )
    rejected_share_records: int = Field(
        1_000, ge=1, le=MOST, description="How many last records that share is taken of."
    )
    rejected_share_minimum: int = Field(
        100, ge=1, le=MOST, description="With fewer last records the share is not judged."
    )
    patience_seconds: float = Field(
        60.0, gt=0, description="How long something may wait while nothing moves before `/livez` calls for a restart."
    )
    clock: str | None = Field(
        None,
        description="For demonstrations: a fast clock as `began,starts at,speed`; where the broker stamps events, its own counts.",
    )
    log_level: str = Field("INFO", description="Least severity that is logged.")
    log_format: Literal["console", "json"] = Field(
        "console", description="How a line of the log looks: `console` for people, `json` for programs."
    )
    stop_within_seconds: float = Field(
        25.0, gt=0, description="How long a worker that is asked to stop may take to finish what it has in hand."
    )

    @field_validator("listening_since")
    @classmethod
    def _is_an_instant(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                parse_instant(text)
            except OverflowError as beyond:
                raise ValueError(str(beyond)) from None
        return text

    @field_validator("clock")
    @classmethod
    def _is_a_clock(cls, text: str | None) -> str | None:
        if text is not None:
            FastClock.parse(text)
        return text

    @model_validator(mode="after")
    def _login_fits_the_protocol(self) -> Self:
        if self.logs_in:
            if self.sasl_username is None:
                raise SettingsError(refusal("sasl_username", f"{self.security_protocol} needs a user"))
            if self.sasl_password is None and self.sasl_password_file is None:
                raise SettingsError(refusal("sasl_password", f"{self.security_protocol} needs it, or a _FILE"))
        elif self.sasl_username is not None:
            why = f"{self.security_protocol} logs nobody in, yet there is LEADSLA_SASL_USERNAME"
            raise SettingsError(refusal("security_protocol", why))
        return self

    @model_validator(mode="after")
    def _files_fit_the_protocol(self) -> Self:
        for name in ("ssl_ca_file", "ssl_certificate_file"):
            if getattr(self, name) is not None and not self.encrypted:
                why = f"{self.security_protocol} is not TLS, yet there is {variable(name)}"
                raise SettingsError(refusal("security_protocol", why))
        if self.ssl_key_file is not None and self.ssl_certificate_file is None:
            raise SettingsError(refusal("ssl_certificate_file", "LEADSLA_SSL_KEY_FILE is nothing without it"))
        return self

    @model_validator(mode="after")
    def _secrets_have_one_source(self) -> Self:
        for name in SECRETS:
            if getattr(self, name) is not None and getattr(self, f"{name}_file") is not None:
                raise SettingsError(refusal(name, f"there is {variable(name)}_FILE too; only one of them can hold"))
        return self

    @model_validator(mode="after")
    def _a_full_lead_fits_a_record(self) -> Self:
        if not self.lead_limits.fit:
            why = f"with {variable('lead_facts_limit')}={self.lead_facts_limit} a full lead would not fit a record of 1 MiB"
            raise SettingsError(refusal("lead_bytes_limit", why))
        return self

    @property
    def lead_limits(self) -> Limits:
        """How large leads may grow, and how many may be set aside."""
        return Limits(self.lead_facts_limit, self.lead_bytes_limit, self.quarantine_limit, self.quarantine_of)

    @property
    def brokers(self) -> list[str]:
        """The brokers, one by one."""
        return [broker.strip() for broker in self.broker.split(",") if broker.strip()]

    @property
    def encrypted(self) -> bool:
        """Whether the brokers are spoken to over TLS."""
        return self.security_protocol.endswith("SSL")

    @property
    def logs_in(self) -> bool:
        """Whether the brokers want a user and a password."""
        return self.security_protocol.startswith("SASL")

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
        toml = ConfigFile(settings_cls, file) if file else None
        return tuple(source for source in (init_settings, env_settings, toml, file_secret_settings) if source)


def variable(name: str) -> str:
    """The environment's name of a setting."""
    return f"LEADSLA_{name.upper()}"


def refusal(name: str, why: str) -> str:
    """What to say about a setting that cannot be used."""
    return f"{variable(name)}: {why}"
