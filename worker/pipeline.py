"""What happens to a list of documents: claim, open, read, extract, complete."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from fhir_mapping.documents import relations
from fhir_mapping.extraction import model_records
from fhir_mapping.findings import labels
from fhir_mapping.findings.policy import Policy, least_scores
from worker.attachments import Attachments
from worker.backoff import backoff
from worker.document_job import DocumentJob, decode_attachments
from worker.failures import Failure, cost
from worker.isolate_failures import blame, isolate, isolate_one
from worker.lease_keeper import HeartbeatLeaseKeeper, LeaseKeeper
from worker.locks import SharedLock
from worker.memory_ports import Claim, Inbox, Results
from worker.metrics.measured import Measures, Stopwatch, Unmeasured
from worker.outcome import Outcome, measures, outcome
from worker.reading import Reader, extraction, now, read_jobs
from worker.settings import Settings


class Pipeline:
    """Takes lists of inbox rows from claim to completion; shared by the threads of a worker.

    `lease_keeper` keeps their leases; without one a thread of this process does. The pipeline is to
    be left by `with`, so that the processes end in which it converts attachments. `measures` hears
    of each list that was read.

    Raises:
        LabelsWithoutResource: no reading of this model could become a resource.
    """

    def __init__(  # noqa: PLR0913, PLR0917 what a worker is made of
        self,
        inbox: Inbox,
        results: Results,
        reader: Reader,
        settings: Settings,
        lease_keeper: LeaseKeeper | None = None,
        measures: Measures | None = None,
    ) -> None:
        self._inbox = inbox
        self._results = results
        self._reader = reader
        self._settings = settings
        least = least_scores(settings.least_score)
        self._policy = Policy(settings.negated, settings.sign_symptom, least)
        self._attachments = Attachments(settings)
        self._lease_keeper = lease_keeper or HeartbeatLeaseKeeper(inbox, settings)
        self._measures = measures or Unmeasured()
        self._lock = SharedLock()
        labels.require_resources(reader.identity, self._policy)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._attachments.__exit__()

    def process(self, rows: Sequence[int]) -> Outcome:
        """Read the documents of these rows that are free; a bad one fails alone.

        Those never tried are read together. Each other one is read while this process reads
        nothing else: if the process dies again, it is known who was there.

        Raises:
            DatabaseUnavailable: nothing is lost; the leases expire and the sweeper rings again.
        """
        free = self._inbox.free(rows, max_attempts=self._settings.max_attempts)
        total = Outcome()
        if free.fresh:
            with self._lock.shared():
                total += self._process_claims(self._claim(free.fresh, fresh=True), alone=False)
        for row in free.tried:
            with self._lock.alone():
                total += self._process_claims(self._claim([row], fresh=False), alone=True)
        return total

    def _claim(self, rows: Sequence[int], *, fresh: bool) -> Sequence[Claim]:
        lease, most = self._settings.lease_seconds, self._settings.max_attempts
        return self._inbox.claim(rows, lease_seconds=lease, max_attempts=most, fresh=fresh)

    def _process_claims(self, claims: Sequence[Claim], *, alone: bool) -> Outcome:
        if not claims:
            return Outcome()
        watch = Stopwatch()
        with self._lease_keeper.reading(claims, alone=alone):
            decoded = [self._decode(claim) for claim in claims]
            read = read_jobs(self._reader, decoded)
            extracted = [self._extract(job) for job in read]
            stored = self._store(extracted)
            failures = [self._give_up(job, job.failure) for job in stored if job.failure]
        found = outcome(len(claims), sum(job.done for job in stored), failures)
        waited = [job.claim.waited_seconds + watch.seconds for job in stored if job.done]
        self._measures.list_read(measures(found, failures, waited, watch.seconds))
        return found

    def _decode(self, claim: Claim) -> DocumentJob:
        most, job = self._settings.max_attempts, DocumentJob(claim, started=now())
        return decode_attachments(job, self._attachments, max_attempts=most)

    def _extract(self, job: DocumentJob) -> DocumentJob:
        if job.failure:
            return job
        return job.or_failed(isolate_one(self._extracted, job, blame=blame("extract")))

    def _extracted(self, job: DocumentJob) -> DocumentJob:
        read = job.notes, job.readings, job.unread
        found = extraction(self._reader, *read, started=job.started, policy=self._policy)
        # A document without notes may retract, and its Provenance names the model too.
        records = found.records or model_records(self._reader.identity, self._reader.card)
        replaces = relations.replaces(job.resource)
        return replace(job, extraction=replace(found, records=records, replaces=replaces))

    def _store(self, jobs: Sequence[DocumentJob]) -> list[DocumentJob]:
        ready = [job for job in jobs if job.extraction]
        stored = isolate(self._complete, ready, blame=blame("store"))
        return [
            *(job for job in jobs if not job.extraction),
            *(job.or_failed(end) for job, end in zip(ready, stored, strict=True)),
        ]

    def _complete(self, jobs: Sequence[DocumentJob]) -> list[DocumentJob]:
        extractions = {job.claim.row: job.extraction for job in jobs if job.extraction}
        done = set(self._results.complete(jobs[0].claim.token, extractions))
        return [replace(job, done=job.claim.row in done) for job in jobs]

    def _give_up(self, job: DocumentJob, failure: Failure) -> Failure:
        claim, code, reason = job.claim, failure.code, failure.reason
        if failure.retry:
            delay = backoff(self._settings.retry_seconds, claim.attempt + claim.lapses)
            self._inbox.release(
                claim.token,
                claim.row,
                code=code,
                reason=reason,
                delay_seconds=delay,
                cost=cost(failure),
            )
        else:
            self._inbox.fail(claim.token, claim.row, code=code, reason=reason, unread=job.unread)
        return failure
