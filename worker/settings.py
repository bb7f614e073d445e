"""Every setting of the system, read from the environment here and nowhere else."""

import os
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fhir_mapping.findings.policy import USUAL_LEAST_SCORES, least_scores
from models.audit_events import Signature
from models.db.sql.timeouts import Timeouts
from worker.url_rules import allowed

SQLITE = "sqlite:///"
DATABASE = "biomed-ner/biomed.db"
"""Where the database lies by default, in the folder in which this user's programs keep data."""

DEFAULT_DATABASE_URL = f"{SQLITE}~/.local/share/{DATABASE}"
PREFIX = "BIOMED_"

VISIBILITY_SECONDS = 900
"""How long Redis keeps an unacknowledged message to itself; a lease has to be shorter."""


class Settings(BaseSettings):
    """The settings, each from the variable `BIOMED_<NAME>`; the defaults run on one machine."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    tenant: str = Field(
        default="default",
        min_length=1,
        description="Whose documents these are; part of every identity. One database is one "
        "tenant.",
    )
    database_url: str = Field(
        default=DEFAULT_DATABASE_URL,
        validate_default=True,
        description="SQLAlchemy address of the database (SQLite or PostgreSQL). By default one "
        "file for this user, whatever the working directory, in `$XDG_DATA_HOME` where that is "
        "set; a relative path of your own starts at the working directory.",
    )
    statement_seconds: float = Field(
        default=120,
        ge=0,
        description="How long one statement may take in PostgreSQL; 0 is for ever. What the "
        "database's address says itself (`?options=…`) counts instead, for the next two as well.",
    )
    lock_seconds: float = Field(
        default=30,
        ge=0,
        description="How long PostgreSQL waits for a lock (0 is for ever), and SQLite for another "
        "writer (0 is not at all).",
    )
    idle_transaction_seconds: float = Field(
        default=120,
        ge=0,
        description="How long a transaction in PostgreSQL may do nothing before its connection is "
        "ended; 0 is for ever.",
    )
    broker_url: str | None = Field(
        default=None,
        description="Address of a Redis, such as `redis://host:6379/0`. Without it the processes "
        "of one user share a Redis of their own, kept beside the SQLite database; with PostgreSQL, "
        "in a folder beside the default one.",
    )

    model: str = Field(
        default="bundled", description="The model: `bundled`, a folder, or a hub name."
    )
    model_revision: str | None = Field(
        default=None, description="Revision of a model from the hub."
    )
    labels: str | None = Field(
        default=None,
        description="What the labels of a model mean that has others than ours: `label=type` and "
        "names of schemes (`i2b2-2010`, `n2c2-2018`, `bc5cdr`) with commas between them, or a "
        "JSON object ([below](#models-with-other-labels)).",
    )
    device: str = Field(
        default="auto",
        pattern=r"^(auto|cpu|cuda(:[0-9]+)?)$",
        description="Where the model runs: `auto` (the first GPU, else the CPU), `cpu`, `cuda` or "
        "`cuda:n`.",
    )

    concurrency: int = Field(
        default=4, ge=1, le=64, description="Lists of notes a worker has in hand."
    )
    threads: int | None = Field(
        default=None,
        ge=1,
        description="Threads that compute one batch of notes on a CPU; as many batches are "
        "computed at once as fill the cores. By default one batch for each list in hand.",
    )
    forward_seconds: int = Field(
        default=120,
        ge=1,
        description="How long the model may take over one batch before it counts as hung; its "
        "worker then gives its documents back and ends.",
    )
    reading_seconds: int = Field(
        default=900,
        ge=1,
        description="How long one list may take in a worker, from claim to completion. A list that "
        "takes longer is read document by document by the next worker; a document that takes "
        "longer alone fails.",
    )
    message_size: int = Field(default=64, ge=1, le=64, description="Most documents in one message.")
    lease_seconds: int = Field(
        default=300,
        ge=1,
        lt=VISIBILITY_SECONDS,
        description="How long a worker that says nothing keeps the documents it claimed.",
    )
    longest_seconds: int = Field(
        default=3600,
        ge=1,
        description="How long a list of `reprocess` or `deliver` may take; one that hangs longer "
        "loses it.",
    )
    max_attempts: int = Field(default=3, ge=1, description="How often one document is tried.")
    retry_seconds: int = Field(
        default=30,
        ge=0,
        description="Wait before the second attempt, to read or to send; doubled for each one "
        "after it.",
    )

    sweep_interval_seconds: float = Field(
        default=15, gt=0, description="How often the sweeper looks for work that nobody rang for."
    )
    queued_seconds: int = Field(
        default=600,
        ge=1,
        description="How much longer than the oldest message in Redis a queued document waits "
        "before the sweeper rings again.",
    )

    max_note_characters: int = Field(
        default=2_000_000, ge=1, description="Longest text that is read; a longer one fails."
    )
    conversion_seconds: float = Field(
        default=20,
        gt=0,
        description="Processor seconds that converting one HTML, RTF, CDA or PDF attachment may "
        "take; it fails after three times as long by the clock.",
    )
    conversion_megabytes: int = Field(
        default=1024,
        ge=256,
        description="Memory of a process that converts attachments; each list in hand may have "
        "one.",
    )
    attachment_hosts: str | None = Field(
        default=None,
        description="Servers from which `attachment.url` is fetched, with commas between them: "
        "`ehr.example.org`, `ehr.example.org:8443`, `http://ehr.example.org` where it may be in "
        "clear, and the networks in which such a server may be if they are not public, such as "
        "`10.2.0.0/16`. Without any nothing is fetched.",
    )
    attachment_seconds: float = Field(
        default=30, gt=0, description="How long fetching one `attachment.url` may take."
    )
    max_attachment_bytes: int = Field(
        default=48 * 1024 * 1024,
        ge=1,
        description="Largest attachment that is fetched; one in the document itself is limited by "
        "`BIOMED_MAX_BODY_BYTES`.",
    )
    max_body_bytes: int = Field(
        default=64 * 1024 * 1024, ge=1, description="Largest request that is accepted."
    )
    max_elements: int = Field(
        default=100_000,
        ge=1,
        description="Most JSON values in one request or document; each costs some 30 microseconds "
        "and 2 kB while it is checked.",
    )
    max_entries: int = Field(default=1000, ge=1, description="Most entries in one Bundle.")
    body_seconds: float = Field(
        default=60, gt=0, description="How long a request may take to arrive, and to wait its turn."
    )
    max_connections: int = Field(
        default=1000, ge=1, description="Most connections at once; one more is answered 503."
    )
    host: str = Field(default="127.0.0.1", description="Address the FHIR server listens on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port the FHIR server listens on.")
    base_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        description="Address of the FHIR base as clients see it, such as "
        "`https://notes.example.org/fhir`; every link begins with it. Without a path, `/fhir` is "
        "added. Without it only clients on this machine are answered, under the loopback name that "
        "they use.",
    )

    mllp_host: str = Field(
        default="127.0.0.1", description="Address at which HL7 v2 is taken over MLLP."
    )
    mllp_port: int = Field(
        default=2575, ge=0, le=65535, description="Port at which HL7 v2 is taken over MLLP."
    )
    mllp_tls_certificate: Path | None = Field(
        default=None,
        description="File of the MLLP server's certificate and its chain (PEM); without it the "
        "connections are not encrypted.",
    )
    mllp_tls_key: Path | None = Field(
        default=None,
        description="File of the certificate's private key, where it is not in the same file.",
    )
    mllp_tls_client_ca: Path | None = Field(
        default=None,
        description="File of the authorities (PEM) of which one has to have signed the "
        "certificate of whoever connects; without it nobody is asked for one.",
    )
    mllp_max_bytes: int = Field(
        default=10 * 1024 * 1024, ge=1024, description="Largest HL7 v2 message that is taken."
    )
    mllp_max_connections: int = Field(
        default=1000, ge=1, description="Most MLLP connections at once; one more is closed."
    )
    mllp_window: int = Field(
        default=32,
        ge=1,
        le=1000,
        description="Most messages of one connection that wait for their answer; more are not "
        "read meanwhile.",
    )
    mllp_idle_seconds: float = Field(
        default=3600,
        ge=0,
        description="How long an MLLP connection may be silent between messages; 0 is for ever.",
    )
    mllp_message_seconds: float = Field(
        default=60,
        gt=0,
        description="How long a message may take to arrive, and its answer to be taken.",
    )
    mllp_patience_seconds: float = Field(
        default=5,
        gt=0,
        description="How long senders wait for an answer. One that sends its next message later "
        "than this, without the answer, gave up: the connection is closed, so that the late "
        "answer is not taken for that to the next message.",
    )

    jwks_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#@]+(/[^\s#]*)?$",
        description="Where the issuer of tokens keeps its public keys (a JSON Web Key Set), over "
        "https. With the next two, clients need a token ([security](../SECURITY.md)).",
    )
    token_issuer: str | None = Field(default=None, description="What a token has to say as `iss`.")
    token_audience: str | None = Field(
        default=None,
        description="What a token has to say as `aud`: the address of the FHIR base, usually.",
    )
    token_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#@]+(/[^\s#]*)?$",
        description="Where clients get a token; told in `.well-known/smart-configuration`.",
    )
    api_keys_file: Path | None = Field(
        default=None,
        description="File of the keys that `biomed-ner api-key new` makes; with it, clients need "
        "one, or a token.",
    )
    allow_anybody: bool = Field(
        default=False,
        description="Whether the FHIR server listens for other machines although nothing says who "
        "may ask. `true` only where something before it asks them.",
    )
    requests_per_second: float = Field(
        default=100,
        ge=0,
        description="How many requests one client may send to one process for long; 0 is any "
        "number. One more is answered 429.",
    )
    requests_at_once: int = Field(
        default=1000, ge=1, description="How many it may send before that counts."
    )
    audit_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Key of the hashes that stand for patients in the audit log; the same for all "
        "processes. Without it one is used that lies in the database.",
    )

    negated: Literal["refuted", "nothing"] = Field(
        default="refuted",
        description="What a denied problem becomes: a `refuted` Condition, or `nothing`.",
    )
    sign_symptom: Literal["condition", "observation", "nothing"] = Field(
        default="condition",
        description="What a sign or symptom becomes: a `condition`, an `observation` or `nothing`.",
    )
    least_score: str = Field(
        default=USUAL_LEAST_SCORES,
        description="Least score of which a resource is made, 0 to 1: one for all types, or by "
        "type as in `0.5,Procedure=0.7`, where a score alone is that of the types not named. "
        "Mentions are stored all the same. docs/ward.md has what the default gives.",
    )

    deliver_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        description="Base of another FHIR server that gets everything which is found, such as "
        "`https://ehr.example.org/fhir`. The same for all processes; without it nothing is sent.",
    )
    deliver_token: SecretStr | None = Field(
        default=None, description="Bearer token for that server."
    )
    deliver_documents: bool = Field(
        default=True,
        description="Whether the documents that were read are sent too. `false` where they come "
        "from that very server.",
    )
    deliver_batch_size: int = Field(
        default=50, ge=1, le=1000, description="Most resources in one request to that server."
    )
    deliver_timeout_seconds: float = Field(
        default=60, gt=0, description="How long that server may take for one request."
    )
    deliver_interval_seconds: float = Field(
        default=5, gt=0, description="How often the deliverer looks for what is to be sent."
    )
    deliver_max_attempts: int = Field(
        default=30,
        ge=1,
        description="How often one resource is sent before it is dead; 30 take about a day.",
    )

    health_file: Path | None = Field(
        default=None,
        description="File that a worker, sweeper or deliverer touches while it is at work; "
        "`biomed-ner health` looks at it. One for each process.",
    )
    metrics_host: str = Field(
        default="127.0.0.1", description="Address at which BIOMED_METRICS_PORT listens."
    )
    metrics_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Port at which a worker (also one with `--ingest`), sweeper, deliverer or "
        "HL7 v2 listener answers `GET /metrics`; one for each process of a machine. Without it "
        "they tell no metrics. The FHIR server answers `/metrics` at its own port.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least important log lines that are written."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="How log lines look: for people or for machines."
    )

    @field_validator("least_score")
    @classmethod
    def _names_types_and_scores(cls, said: str) -> str:
        least_scores(said)
        return said

    @field_validator("attachment_hosts")
    @classmethod
    def _names_hosts(cls, said: str | None) -> str | None:
        allowed(said or "")
        return said

    @field_validator("database_url")
    @classmethod
    def _stands_in_one_place(cls, url: str) -> str:
        if url == DEFAULT_DATABASE_URL:
            return f"{SQLITE}{data_folder() / Path(DATABASE).name}"
        if url.startswith(f"{SQLITE}~/"):
            return f"{SQLITE}{Path(url.removeprefix(SQLITE)).expanduser()}"
        return url

    @model_validator(mode="after")
    def _lease_fits_the_longest_reading(self) -> Self:
        if self.longest_seconds < self.lease_seconds:
            raise ValueError("BIOMED_LONGEST_SECONDS is shorter than BIOMED_LEASE_SECONDS")
        return self

    @model_validator(mode="after")
    def _tokens_are_checked_whole(self) -> Self:
        told = (self.jwks_url, self.token_issuer, self.token_audience)
        if any(told) and not all(told):
            raise ValueError(
                "BIOMED_JWKS_URL, BIOMED_TOKEN_ISSUER and BIOMED_TOKEN_AUDIENCE go together"
            )
        return self

    @property
    def signature(self) -> Signature:
        """How a process signs what it writes into the audit log."""
        return Signature(secret=self.audit_key.get_secret_value() if self.audit_key else None)

    @property
    def threads_each(self) -> int:
        """Threads that compute one batch, so that a batch for each list fills the cores once."""
        return self.threads or max(1, _cores() // self.concurrency)

    @property
    def batches_at_once(self) -> int:
        """Batches that are computed at once, so that all their threads fill the cores once."""
        return max(1, _cores() // self.threads_each)

    @property
    def timeouts(self) -> Timeouts:
        """How long the database may keep this process waiting."""
        return Timeouts(self.statement_seconds, self.lock_seconds, self.idle_transaction_seconds)

    @cached_property
    def folder(self) -> Path:
        """Where local files lie: the folder of the SQLite database, else one for the database."""
        path = self.database_url.removeprefix(SQLITE).partition("?")[0]
        if self.database_url.startswith(SQLITE) and path not in {"", ":memory:"}:
            return Path(path).absolute().parent
        place = self.database_url.partition("://")[2].rpartition("@")[2]  # without a password
        return data_folder() / sha256(place.encode()).hexdigest()[:16]


def data_folder() -> Path:
    """Return the folder of this user's data (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_DATA_HOME", "")
    shared = Path(home) if Path(home).is_absolute() else Path("~/.local/share").expanduser()
    return shared / Path(DATABASE).parent


def _cores() -> int:
    """Return how many cores this process may use, as far as the system says so."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
