-- What every stored table and column means: grain, unit, and what NULL stands for. DuckDB has no comments on schemas.

COMMENT ON TABLE meta.migrations IS 'One row per migration this file has been through.';
COMMENT ON COLUMN meta.migrations.number IS 'Number of the migration, from 1.';
COMMENT ON COLUMN meta.migrations.name IS 'File name without .sql.';
COMMENT ON COLUMN meta.migrations.checksum IS 'sha256 of its text.';
COMMENT ON COLUMN meta.migrations.applied_at IS 'When it was applied, UTC.';

COMMENT ON TABLE meta.runs IS 'One row per run of a flow. The truth about runs.';
COMMENT ON COLUMN meta.runs.run_id IS 'flow-day-random.';
COMMENT ON COLUMN meta.runs.flow IS 'scan, backfill, import, demo, report ...';
COMMENT ON COLUMN meta.runs.logical_on IS 'Day the run stands for, whatever the clock said.';
COMMENT ON COLUMN meta.runs.state IS 'running, done, partial, failed or crashed.';
COMMENT ON COLUMN meta.runs.started_at IS 'Start, UTC.';
COMMENT ON COLUMN meta.runs.finished_at IS 'End, UTC; NULL while running.';
COMMENT ON COLUMN meta.runs.process_id IS 'Process that ran it.';
COMMENT ON COLUMN meta.runs.boot_id IS 'Boot of the machine it ran in.';
COMMENT ON COLUMN meta.runs.code_version IS 'Version of this software.';
COMMENT ON COLUMN meta.runs.note IS 'Problems, one sentence each.';

COMMENT ON TABLE meta.stages IS 'One row per stage of a run.';
COMMENT ON COLUMN meta.stages.run_id IS 'Run that wrote the row.';
COMMENT ON COLUMN meta.stages.stage IS 'Name of the stage.';
COMMENT ON COLUMN meta.stages.state IS 'running, done, failed or crashed.';
COMMENT ON COLUMN meta.stages.row_count IS 'Rows it wrote; NULL = not counted.';
COMMENT ON COLUMN meta.stages.note IS 'Why it failed; NULL otherwise.';
COMMENT ON COLUMN meta.stages.started_at IS 'Start, UTC.';
COMMENT ON COLUMN meta.stages.finished_at IS 'End, UTC; NULL while running.';

COMMENT ON TABLE meta.windows IS 'One row per source and span of days asked for.';
COMMENT ON COLUMN meta.windows.source IS 'Name of the source.';
COMMENT ON COLUMN meta.windows.from_on IS 'First day asked for.';
COMMENT ON COLUMN meta.windows.to_on IS 'Last day asked for.';
COMMENT ON COLUMN meta.windows.is_complete IS 'True when every page of the span arrived.';
COMMENT ON COLUMN meta.windows.capture_count IS 'Responses received.';
COMMENT ON COLUMN meta.windows.document_count IS 'Documents found in them.';
COMMENT ON COLUMN meta.windows.reject_count IS 'Records that could not be read.';
COMMENT ON COLUMN meta.windows.problems IS 'What went wrong, one sentence each.';
COMMENT ON COLUMN meta.windows.run_id IS 'Run that wrote the row.';
COMMENT ON COLUMN meta.windows.loaded_at IS 'When the span was loaded, UTC.';

COMMENT ON TABLE meta.cursors IS 'One row per source: how far it is gathered without a gap.';
COMMENT ON COLUMN meta.cursors.source IS 'Name of the source.';
COMMENT ON COLUMN meta.cursors.covered_to_on IS 'Last day covered.';
COMMENT ON COLUMN meta.cursors.run_id IS 'Run that wrote the row.';
COMMENT ON COLUMN meta.cursors.moved_at IS 'When the cursor moved there, UTC.';

COMMENT ON TABLE meta.check_results IS 'One row per check and run.';
COMMENT ON COLUMN meta.check_results.run_id IS 'Run that wrote the row.';
COMMENT ON COLUMN meta.check_results.check_name IS 'File name of the check without .sql.';
COMMENT ON COLUMN meta.check_results.severity IS 'fail or warn.';
COMMENT ON COLUMN meta.check_results.failed_count IS 'Offending rows; 0 = passed.';
COMMENT ON COLUMN meta.check_results.sample IS 'The first offending rows as text; NULL when passed.';
COMMENT ON COLUMN meta.check_results.checked_at IS 'When it was checked, UTC.';

COMMENT ON TABLE meta.models IS 'One row per model used by a run.';
COMMENT ON COLUMN meta.models.model IS 'Name of the model.';
COMMENT ON COLUMN meta.models.revision IS 'Its revision or digest.';
COMMENT ON COLUMN meta.models.purpose IS 'What it was used for.';
COMMENT ON COLUMN meta.models.run_id IS 'Run that wrote the row.';
COMMENT ON COLUMN meta.models.used_at IS 'When it was loaded, UTC.';

COMMENT ON TABLE meta.judged IS 'One row per as-of whose verdict is stored.';
COMMENT ON COLUMN meta.judged.as_of IS 'Day of the verdict: only what was available then counts.';
COMMENT ON COLUMN meta.judged.input_digest IS 'Digest of everything the verdict depends on: unchanged = not judged again.';
COMMENT ON COLUMN meta.judged.run_id IS 'Run that wrote the row.';
COMMENT ON COLUMN meta.judged.judged_at IS 'When it was judged, UTC.';

COMMENT ON TABLE meta.facts IS 'One row per fact about this file.';
COMMENT ON COLUMN meta.facts.key IS 'Name of the fact.';
COMMENT ON COLUMN meta.facts.value IS 'Its value.';

COMMENT ON TABLE raw.captures IS 'One row per response received.';
COMMENT ON COLUMN raw.captures.capture_id IS 'Digest of source, request and body.';
COMMENT ON COLUMN raw.captures.source IS 'Name of the source.';
COMMENT ON COLUMN raw.captures.from_on IS 'First day of the window asked for; NULL = none.';
COMMENT ON COLUMN raw.captures.to_on IS 'Last day of the window asked for; NULL = none.';
COMMENT ON COLUMN raw.captures.sequence IS 'Place in the window, from 0.';
COMMENT ON COLUMN raw.captures.url IS 'Address asked.';
COMMENT ON COLUMN raw.captures.status IS 'HTTP status.';
COMMENT ON COLUMN raw.captures.sha256 IS 'Digest of the body.';
COMMENT ON COLUMN raw.captures.size_bytes IS 'Size of the body in bytes.';
COMMENT ON COLUMN raw.captures.path IS 'File under the landing folder.';
COMMENT ON COLUMN raw.captures.fetched_at IS 'When it was received, UTC.';
COMMENT ON COLUMN raw.captures.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE raw.rejects IS 'One row per record that could not be read.';
COMMENT ON COLUMN raw.rejects.reject_id IS 'Digest of source, capture, place and reason.';
COMMENT ON COLUMN raw.rejects.source IS 'Name of the source.';
COMMENT ON COLUMN raw.rejects.capture_id IS 'The response it was in; NULL for an import.';
COMMENT ON COLUMN raw.rejects.position IS 'Place in the response or file, from 0.';
COMMENT ON COLUMN raw.rejects.record_id IS 'Identity at the source where one could be read.';
COMMENT ON COLUMN raw.rejects.reason IS 'A short fixed word.';
COMMENT ON COLUMN raw.rejects.detail IS 'What is wrong, as a sentence.';
COMMENT ON COLUMN raw.rejects.run_id IS 'Run that wrote the row.';
COMMENT ON COLUMN raw.rejects.rejected_at IS 'When it was found, UTC.';

COMMENT ON TABLE core.documents IS 'One row per document version. It counts at an as-of T when available_on <= T and (superseded_on IS NULL or superseded_on > T).';
COMMENT ON COLUMN core.documents.document_id IS 'Identity over all versions: source:source_id.';
COMMENT ON COLUMN core.documents.version_id IS 'Digest of everything this version says.';
COMMENT ON COLUMN core.documents.source IS 'Name of the source.';
COMMENT ON COLUMN core.documents.source_id IS 'Identity at the source.';
COMMENT ON COLUMN core.documents.kind IS 'Stream: paper, patent, news or grant.';
COMMENT ON COLUMN core.documents.title IS 'Title as plain text.';
COMMENT ON COLUMN core.documents.abstract IS 'Abstract as plain text; empty where there is none.';
COMMENT ON COLUMN core.documents.lang IS 'Language of the text: en, zh or other.';
COMMENT ON COLUMN core.documents.published_on IS 'Day the record names as its publication; NULL where it names none.';
COMMENT ON COLUMN core.documents.date_precision IS 'How exactly published_on is known: day, month or year.';
COMMENT ON COLUMN core.documents.available_on IS 'First day the public could know this version; NULL = unknown, outside every as-of.';
COMMENT ON COLUMN core.documents.updated_on IS 'Day of the version described; NULL where the source does not say.';
COMMENT ON COLUMN core.documents.superseded_on IS 'Day the next version became available; NULL = current.';
COMMENT ON COLUMN core.documents.state IS 'live, withdrawn or deleted.';
COMMENT ON COLUMN core.documents.url IS 'Where to read it.';
COMMENT ON COLUMN core.documents.licence IS 'Licence or rights line of the record.';
COMMENT ON COLUMN core.documents.identifiers IS 'Scheme (doi, arxiv, family, url) to normalised value.';
COMMENT ON COLUMN core.documents.extras IS 'What else the source says, as JSON.';
COMMENT ON COLUMN core.documents.is_simulated IS 'True for the practice archive: not a real document.';
COMMENT ON COLUMN core.documents.capture_id IS 'The response it was read from; NULL for an import.';
COMMENT ON COLUMN core.documents.fetched_at IS 'When it was received, UTC.';
COMMENT ON COLUMN core.documents.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.actors IS 'One row per actor named by a document version.';
COMMENT ON COLUMN core.actors.version_id IS 'The document version read.';
COMMENT ON COLUMN core.actors.position IS 'Place in the record, from 0.';
COMMENT ON COLUMN core.actors.role IS 'author, inventor, assignee or organisation.';
COMMENT ON COLUMN core.actors.name IS 'Name as written.';
COMMENT ON COLUMN core.actors.name_key IS 'Normalised name; empty when nothing remains.';
COMMENT ON COLUMN core.actors.country IS 'ISO 3166 alpha-2 where the record states one.';
COMMENT ON COLUMN core.actors.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.codes IS 'One row per classification code of a document version.';
COMMENT ON COLUMN core.codes.version_id IS 'The document version read.';
COMMENT ON COLUMN core.codes.position IS 'Place in the record, from 0.';
COMMENT ON COLUMN core.codes.scheme IS 'arxiv, cpc, ipc, uspc or category.';
COMMENT ON COLUMN core.codes.code IS 'The code.';
COMMENT ON COLUMN core.codes.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.duplicate_keys IS 'One row per document version and key under which duplicates are looked for.';
COMMENT ON COLUMN core.duplicate_keys.version_id IS 'The document version read.';
COMMENT ON COLUMN core.duplicate_keys.reason IS 'What kind of key it is: identifier, exact or near.';
COMMENT ON COLUMN core.duplicate_keys.key IS 'The key: equal keys are candidates for one work.';
COMMENT ON COLUMN core.duplicate_keys.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.works IS 'One row per document: the work (family) it belongs to.';
COMMENT ON COLUMN core.works.work_id IS 'Identity of the work.';
COMMENT ON COLUMN core.works.document_id IS 'The document.';
COMMENT ON COLUMN core.works.linked_to_document_id IS 'Document it was joined to; NULL = the first of its work.';
COMMENT ON COLUMN core.works.reason IS 'Why it was joined.';
COMMENT ON COLUMN core.works.similarity IS 'How alike the two are, 0 to 1; NULL where the reason is an identifier.';
COMMENT ON COLUMN core.works.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.readings IS 'One row per document version read for terms.';
COMMENT ON COLUMN core.readings.version_id IS 'The document version read.';
COMMENT ON COLUMN core.readings.pipeline IS 'Pipeline and revision that read it.';
COMMENT ON COLUMN core.readings.mention_count IS 'Distinct terms found.';
COMMENT ON COLUMN core.readings.cue_counts IS 'Maturity words found per stage, in the order incubation, early industrialisation, scaling, mature, declining.';
COMMENT ON COLUMN core.readings.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.term_mentions IS 'One row per document version and term.';
COMMENT ON COLUMN core.term_mentions.version_id IS 'The document version read.';
COMMENT ON COLUMN core.term_mentions.term_key IS 'Normalised term: equal keys mean the same term.';
COMMENT ON COLUMN core.term_mentions.surface IS 'Its most frequent spelling in this text.';
COMMENT ON COLUMN core.term_mentions.mention_count IS 'Times title and abstract name it.';
COMMENT ON COLUMN core.term_mentions.is_in_title IS 'True when the title names it.';
COMMENT ON COLUMN core.term_mentions.is_acronym IS 'True for single tokens such as CRISPR or 6G.';
COMMENT ON COLUMN core.term_mentions.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.term_aliases IS 'One row per equivalence a text states: an abbreviation or a translation.';
COMMENT ON COLUMN core.term_aliases.version_id IS 'The document version read.';
COMMENT ON COLUMN core.term_aliases.alias_key IS 'Normalised short or foreign form.';
COMMENT ON COLUMN core.term_aliases.alias_surface IS 'That form as written.';
COMMENT ON COLUMN core.term_aliases.term_key IS 'Normalised long or English form.';
COMMENT ON COLUMN core.term_aliases.term_surface IS 'That form as written.';
COMMENT ON COLUMN core.term_aliases.pattern IS 'acronym or bilingual.';
COMMENT ON COLUMN core.term_aliases.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.entity_mentions IS 'One row per document version and named thing that is no technology.';
COMMENT ON COLUMN core.entity_mentions.version_id IS 'The document version read.';
COMMENT ON COLUMN core.entity_mentions.entity_type IS 'organisation, region, product, standard or programme.';
COMMENT ON COLUMN core.entity_mentions.name_key IS 'Normalised name.';
COMMENT ON COLUMN core.entity_mentions.surface IS 'Name as written.';
COMMENT ON COLUMN core.entity_mentions.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.embeddings IS 'One row per document version and model: its vector.';
COMMENT ON COLUMN core.embeddings.version_id IS 'The document version read.';
COMMENT ON COLUMN core.embeddings.model IS 'Model and revision that made it.';
COMMENT ON COLUMN core.embeddings.vector IS 'Vector of unit length.';
COMMENT ON COLUMN core.embeddings.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.track_scores IS 'One row per document version and track.';
COMMENT ON COLUMN core.track_scores.version_id IS 'The document version read.';
COMMENT ON COLUMN core.track_scores.track IS 'manufacturing, information, materials, energy, space or health.';
COMMENT ON COLUMN core.track_scores.score IS 'How much the text belongs to the track, 0 to 1.';
COMMENT ON COLUMN core.track_scores.is_assigned IS 'True when the score is above the calibrated threshold.';
COMMENT ON COLUMN core.track_scores.code_score IS 'The same from classification codes alone; NULL without codes.';
COMMENT ON COLUMN core.track_scores.evidence IS 'What the score rests on, as JSON.';
COMMENT ON COLUMN core.track_scores.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.track_readings IS 'One row per document version scored for tracks.';
COMMENT ON COLUMN core.track_readings.version_id IS 'The document version read.';
COMMENT ON COLUMN core.track_readings.scorer IS 'Scorer and revision that read it.';
COMMENT ON COLUMN core.track_readings.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.technologies IS 'One row per technology ever found.';
COMMENT ON COLUMN core.technologies.technology_id IS 'Identity, the same at every as-of.';
COMMENT ON COLUMN core.technologies.name IS 'Canonical name.';
COMMENT ON COLUMN core.technologies.name_zh IS 'Chinese name; NULL where none was found.';
COMMENT ON COLUMN core.technologies.aliases IS 'Other names.';
COMMENT ON COLUMN core.technologies.term_keys IS 'Normalised terms that mean it, the canonical one first.';
COMMENT ON COLUMN core.technologies.first_on IS 'Day of its first evidence.';
COMMENT ON COLUMN core.technologies.first_document_id IS 'Document of its first evidence.';
COMMENT ON COLUMN core.technologies.taxonomy_name IS 'Name in the policy lexicon it was matched to; NULL = none.';
COMMENT ON COLUMN core.technologies.tracks IS 'All its tracks, strongest first.';
COMMENT ON COLUMN core.technologies.track IS 'Primary track; NULL = none.';
COMMENT ON COLUMN core.technologies.merged_into_technology_id IS 'The technology it was found to be the same as; NULL = stands by itself.';
COMMENT ON COLUMN core.technologies.seen_as_of IS 'Last as-of at which it was found.';
COMMENT ON COLUMN core.technologies.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.technology_documents IS 'One row per technology and document version that names it.';
COMMENT ON COLUMN core.technology_documents.technology_id IS 'The technology.';
COMMENT ON COLUMN core.technology_documents.document_id IS 'The document.';
COMMENT ON COLUMN core.technology_documents.version_id IS 'The document version read.';
COMMENT ON COLUMN core.technology_documents.mention_count IS 'Times title and abstract name it.';
COMMENT ON COLUMN core.technology_documents.is_in_title IS 'True when the title names it.';
COMMENT ON COLUMN core.technology_documents.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.topics IS 'One row per topic ever found.';
COMMENT ON COLUMN core.topics.topic_id IS 'Identity; never changes its meaning and is never used again.';
COMMENT ON COLUMN core.topics.label IS 'Name made of its foremost keywords.';
COMMENT ON COLUMN core.topics.keywords IS 'Words that set it apart, strongest first.';
COMMENT ON COLUMN core.topics.centroid IS 'Mean vector of its documents, unit length.';
COMMENT ON COLUMN core.topics.model IS 'Model of the vectors it was found in.';
COMMENT ON COLUMN core.topics.reject_below IS 'Cosine below which a document belongs to no topic.';
COMMENT ON COLUMN core.topics.born_on IS 'Day of the refit that found it.';
COMMENT ON COLUMN core.topics.retired_on IS 'Day of the refit that let it go; NULL = in use.';
COMMENT ON COLUMN core.topics.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.topic_documents IS 'One row per document version assigned by its nearest centroid.';
COMMENT ON COLUMN core.topic_documents.topic_id IS 'The topic; NULL = none near enough.';
COMMENT ON COLUMN core.topic_documents.version_id IS 'The document version read.';
COMMENT ON COLUMN core.topic_documents.similarity IS 'Cosine with the nearest centroid, -1 to 1.';
COMMENT ON COLUMN core.topic_documents.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE core.topic_lineage IS 'One row per thing that happened to a topic at a refit.';
COMMENT ON COLUMN core.topic_lineage.refit_on IS 'Day of the refit.';
COMMENT ON COLUMN core.topic_lineage.event IS 'born, continued, split, merged or retired.';
COMMENT ON COLUMN core.topic_lineage.from_topic_id IS 'The older topic; NULL when born.';
COMMENT ON COLUMN core.topic_lineage.to_topic_id IS 'The newer topic; NULL when retired.';
COMMENT ON COLUMN core.topic_lineage.overlap_share IS 'Share of the older topic''s documents found in the newer, 0 to 1.';
COMMENT ON COLUMN core.topic_lineage.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE signals.indicators IS 'One row per technology or topic, as-of and indicator.';
COMMENT ON COLUMN signals.indicators.technology_id IS 'The technology (or topic) measured.';
COMMENT ON COLUMN signals.indicators.as_of IS 'Day of the verdict: only what was available then counts.';
COMMENT ON COLUMN signals.indicators.indicator IS 'Name of the indicator.';
COMMENT ON COLUMN signals.indicators.value IS 'In the indicator''s own unit, larger = more emergent; NULL = cannot be computed.';
COMMENT ON COLUMN signals.indicators.variance IS 'Variance of the value, in its unit squared.';
COMMENT ON COLUMN signals.indicators.cohort_rank IS 'Rank among the ranked of the same streams, 0 to 1.';
COMMENT ON COLUMN signals.indicators.robust_z IS '(value - median) / MAD, clipped at -4 and 4.';
COMMENT ON COLUMN signals.indicators.points IS 'What it adds to the score, in points of 100; NULL = nothing.';
COMMENT ON COLUMN signals.indicators.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE signals.emergence IS 'One row per technology or topic and as-of: the verdict.';
COMMENT ON COLUMN signals.emergence.technology_id IS 'The technology (or topic) judged.';
COMMENT ON COLUMN signals.emergence.as_of IS 'Day of the verdict: only what was available then counts.';
COMMENT ON COLUMN signals.emergence.level IS 'technology or topic.';
COMMENT ON COLUMN signals.emergence.name IS 'Its name at that as-of.';
COMMENT ON COLUMN signals.emergence.track IS 'Primary track; NULL = none.';
COMMENT ON COLUMN signals.emergence.is_ranked IS 'True when the evidence suffices for a place.';
COMMENT ON COLUMN signals.emergence.is_weak_signal IS 'True when it is listed apart for want of evidence.';
COMMENT ON COLUMN signals.emergence.reason IS 'Why it has no place, as a sentence; empty when ranked.';
COMMENT ON COLUMN signals.emergence.rank IS 'Place over all tracks, 1 = first; NULL = not ranked.';
COMMENT ON COLUMN signals.emergence.rank_low IS 'Best place of the 80 % interval.';
COMMENT ON COLUMN signals.emergence.rank_high IS 'Worst place of the 80 % interval.';
COMMENT ON COLUMN signals.emergence.track_rank IS 'Place within its track.';
COMMENT ON COLUMN signals.emergence.score IS 'Emergence score, 0 to 100; NULL = not ranked.';
COMMENT ON COLUMN signals.emergence.score_low IS 'Lower end of the 80 % interval.';
COMMENT ON COLUMN signals.emergence.score_high IS 'Upper end of the 80 % interval.';
COMMENT ON COLUMN signals.emergence.top20_share IS 'Share of resamplings in which it stood among the first twenty, 0 to 1.';
COMMENT ON COLUMN signals.emergence.works IS 'Works that name it, all years.';
COMMENT ON COLUMN signals.emergence.recent_works IS 'Works in the recent window (8 quarters).';
COMMENT ON COLUMN signals.emergence.organisations IS 'Organisations behind them; NULL where none is known.';
COMMENT ON COLUMN signals.emergence.streams IS 'Streams it was seen in.';
COMMENT ON COLUMN signals.emergence.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE signals.stages IS 'One row per technology or topic and as-of: how mature it is.';
COMMENT ON COLUMN signals.stages.technology_id IS 'The technology (or topic) judged.';
COMMENT ON COLUMN signals.stages.as_of IS 'Day of the verdict: only what was available then counts.';
COMMENT ON COLUMN signals.stages.stage IS 'The most probable stage.';
COMMENT ON COLUMN signals.stages.incubation IS 'Probability, 0 to 1.';
COMMENT ON COLUMN signals.stages.early_industrialisation IS 'Probability, 0 to 1.';
COMMENT ON COLUMN signals.stages.scaling IS 'Probability, 0 to 1.';
COMMENT ON COLUMN signals.stages.mature IS 'Probability, 0 to 1.';
COMMENT ON COLUMN signals.stages.declining IS 'Probability, 0 to 1.';
COMMENT ON COLUMN signals.stages.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE signals.timeline IS 'One row per technology, quarter and stream with at least one work.';
COMMENT ON COLUMN signals.timeline.technology_id IS 'The technology.';
COMMENT ON COLUMN signals.timeline.quarter_on IS 'First day of the quarter.';
COMMENT ON COLUMN signals.timeline.stream IS 'paper, patent, news or grant.';
COMMENT ON COLUMN signals.timeline.works IS 'Works of the quarter that name it.';
COMMENT ON COLUMN signals.timeline.stream_works IS 'All works of the stream in the quarter.';
COMMENT ON COLUMN signals.timeline.run_id IS 'Run that wrote the row.';

COMMENT ON TABLE signals.alerts IS 'One row per alert raised at an as-of.';
COMMENT ON COLUMN signals.alerts.alert_id IS 'Identity of the alert.';
COMMENT ON COLUMN signals.alerts.as_of IS 'Day of the verdict: only what was available then counts.';
COMMENT ON COLUMN signals.alerts.technology_id IS 'The technology it is about.';
COMMENT ON COLUMN signals.alerts.alert IS 'Kind of alert.';
COMMENT ON COLUMN signals.alerts.detail IS 'What happened, as a sentence.';
COMMENT ON COLUMN signals.alerts.run_id IS 'Run that wrote the row.';
