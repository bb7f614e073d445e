"""The views for auditors: from a resource to its words, and back.

MENTION_AUDIT and RESOURCE_AUDIT are as migration 0001 makes them; RESOURCE_AUDIT_BY_INDEX has the
same columns and rows, and takes the place of the second one in migration 0006.
"""

MENTION_AUDIT = """
CREATE VIEW mention_audit AS
SELECT
    document.tenant AS tenant,
    document.fhir_id AS document_id,
    document.version AS document_version,
    document.key AS document_key,
    document.subject AS patient,
    note.content_index AS content_index,
    note.sha256 AS note_sha256,
    mention.id AS mention_id,
    mention.start_char AS start_char,
    mention.end_char AS end_char,
    substr(note.text, mention.start_char + 1, mention.end_char - mention.start_char) AS words,
    mention.label AS label,
    mention.score AS score,
    mention.negated AS negated,
    mention.uncertain AS uncertain,
    mention.historical AS historical,
    mention.hypothetical AS hypothetical,
    mention.experiencer AS experiencer,
    run.id AS run_id,
    run.started_at AS run_started_at,
    run.finished_at AS run_finished_at,
    model.name AS model_name,
    model.revision AS model_revision,
    model.weights_sha256 AS model_weights_sha256,
    model.code_version AS model_code_version
FROM mention
JOIN note ON note.id = mention.note_id
JOIN document ON document.id = note.document_id
JOIN run ON run.id = mention.run_id
JOIN model ON model.id = run.model_id
"""

RESOURCE_AUDIT = """
CREATE VIEW resource_audit AS
SELECT
    resource.tenant AS tenant,
    resource.type AS resource_type,
    resource.id AS resource_id,
    stated.version AS resource_version,
    stated.version = resource.version AS is_current,
    stated.recorded_at AS recorded_at,
    stated.run_id AS written_by_run_id,
    resource.patient AS patient,
    finding.id AS finding_id,
    finding.text AS finding_text,
    mention_audit.document_id AS document_id,
    mention_audit.document_version AS document_version,
    mention_audit.content_index AS content_index,
    mention_audit.mention_id AS mention_id,
    mention_audit.start_char AS start_char,
    mention_audit.end_char AS end_char,
    mention_audit.words AS words,
    mention_audit.label AS label,
    mention_audit.score AS score,
    mention_audit.negated AS negated,
    mention_audit.uncertain AS uncertain,
    mention_audit.historical AS historical,
    mention_audit.hypothetical AS hypothetical,
    mention_audit.experiencer AS experiencer,
    run.id AS run_id,
    run.started_at AS run_started_at,
    run.finished_at AS run_finished_at,
    model.name AS model_name,
    model.revision AS model_revision,
    model.weights_sha256 AS model_weights_sha256,
    model.code_version AS model_code_version
FROM resource
JOIN resource_version AS stated
    ON stated.tenant = resource.tenant
    AND stated.type = resource.type
    AND stated.id = resource.id
LEFT JOIN finding
    ON finding.tenant = stated.tenant
    AND finding.resource_type = stated.type
    AND finding.resource_id = stated.id
    AND finding.resource_version = stated.version
LEFT JOIN finding_mention ON finding_mention.finding_id = finding.id
LEFT JOIN mention_audit ON mention_audit.mention_id = finding_mention.mention_id
JOIN run ON run.id = coalesce(finding.run_id, stated.run_id)
JOIN model ON model.id = run.model_id
"""

# Two parts, for versions with words and without, so that either end of the way leads along indexes:
# a view inside an outer join is made whole by SQLite before one row of it is looked at.
RESOURCE_AUDIT_BY_INDEX = """
CREATE VIEW resource_audit AS
SELECT
    resource.tenant AS tenant,
    resource.type AS resource_type,
    resource.id AS resource_id,
    stated.version AS resource_version,
    stated.version = resource.version AS is_current,
    stated.recorded_at AS recorded_at,
    stated.run_id AS written_by_run_id,
    resource.patient AS patient,
    finding.id AS finding_id,
    finding.text AS finding_text,
    document.fhir_id AS document_id,
    document.version AS document_version,
    note.content_index AS content_index,
    mention.id AS mention_id,
    mention.start_char AS start_char,
    mention.end_char AS end_char,
    substr(note.text, mention.start_char + 1, mention.end_char - mention.start_char) AS words,
    mention.label AS label,
    mention.score AS score,
    mention.negated AS negated,
    mention.uncertain AS uncertain,
    mention.historical AS historical,
    mention.hypothetical AS hypothetical,
    mention.experiencer AS experiencer,
    run.id AS run_id,
    run.started_at AS run_started_at,
    run.finished_at AS run_finished_at,
    model.name AS model_name,
    model.revision AS model_revision,
    model.weights_sha256 AS model_weights_sha256,
    model.code_version AS model_code_version
FROM finding_mention
JOIN finding ON finding.id = finding_mention.finding_id
JOIN resource_version AS stated
    ON stated.tenant = finding.tenant
    AND stated.type = finding.resource_type
    AND stated.id = finding.resource_id
    AND stated.version = finding.resource_version
JOIN resource
    ON resource.tenant = stated.tenant
    AND resource.type = stated.type
    AND resource.id = stated.id
JOIN mention ON mention.id = finding_mention.mention_id
JOIN note ON note.id = mention.note_id
JOIN document ON document.id = note.document_id
JOIN run ON run.id = finding.run_id
JOIN model ON model.id = run.model_id
UNION ALL
SELECT
    resource.tenant AS tenant,
    resource.type AS resource_type,
    resource.id AS resource_id,
    stated.version AS resource_version,
    stated.version = resource.version AS is_current,
    stated.recorded_at AS recorded_at,
    stated.run_id AS written_by_run_id,
    resource.patient AS patient,
    finding.id AS finding_id,
    finding.text AS finding_text,
    NULL AS document_id,
    NULL AS document_version,
    NULL AS content_index,
    NULL AS mention_id,
    NULL AS start_char,
    NULL AS end_char,
    NULL AS words,
    NULL AS label,
    NULL AS score,
    NULL AS negated,
    NULL AS uncertain,
    NULL AS historical,
    NULL AS hypothetical,
    NULL AS experiencer,
    run.id AS run_id,
    run.started_at AS run_started_at,
    run.finished_at AS run_finished_at,
    model.name AS model_name,
    model.revision AS model_revision,
    model.weights_sha256 AS model_weights_sha256,
    model.code_version AS model_code_version
FROM resource
JOIN resource_version AS stated
    ON stated.tenant = resource.tenant
    AND stated.type = resource.type
    AND stated.id = resource.id
LEFT JOIN finding
    ON finding.tenant = stated.tenant
    AND finding.resource_type = stated.type
    AND finding.resource_id = stated.id
    AND finding.resource_version = stated.version
JOIN run ON run.id = coalesce(finding.run_id, stated.run_id)
JOIN model ON model.id = run.model_id
WHERE NOT EXISTS (SELECT 1 FROM finding_mention WHERE finding_mention.finding_id = finding.id)
"""
