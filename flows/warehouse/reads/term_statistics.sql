-- One row per candidate term with at least 5 works at $as_of: how often, where in the text, how recently, how far from
-- the corpus's mix of classification codes. A work is dated by its earliest document; recent = the last two years.
--   abstract_* count only works that have an abstract: where a work is nothing but a title, standing in the title says nothing.
--   code_divergence = Kullback-Leibler divergence in nats of the term's codes from the corpus's (arXiv category or the first
--   four signs of CPC, IPC, USPC), each scheme for itself, weighted by the works that carry it; the term's shares are
--   mixed with 5 works' worth of the corpus's, so that rare terms do not look far away. NULL below 5 coded works.
--   code_entropy = entropy in nats of the corpus's codes with the same weights: what a divergence can be measured against.
-- Terms and works are numbered along the way, for numbers group and join several times faster than their names.
WITH works AS MATERIALIZED (
    SELECT works.work_id, row_number() OVER () AS work_number,
           min(documents.available_on) AS available_on,
           min(documents.available_on) > $as_of::DATE - INTERVAL 2 YEAR AS is_recent,
           arg_min(documents.document_id, (documents.available_on, documents.document_id)) AS document_id
    FROM core.works_at($as_of::DATE) AS works JOIN core.documents AS documents USING (document_id)
    WHERE documents.available_on <= $as_of::DATE
    GROUP BY works.work_id
), versions AS MATERIALIZED (
    SELECT counted.version_id, dated.work_number, coalesce(withheld.abstract_length, length(documents.abstract)) >= 80 AS has_abstract
    FROM core.versions_at($as_of::DATE) AS counted
    JOIN works AS dated USING (work_id)
    JOIN core.documents AS documents USING (version_id)
    LEFT JOIN core.withheld_texts AS withheld USING (version_id)
), frequent AS MATERIALIZED (
    SELECT term_key, row_number() OVER () AS term_number
    FROM (SELECT term_key FROM core.term_mentions SEMI JOIN versions USING (version_id) GROUP BY term_key HAVING count(*) >= 5)
), mentions AS MATERIALIZED (
    SELECT frequent.term_number, versions.work_number, mentions.surface, mentions.is_in_title, mentions.is_acronym, versions.has_abstract
    FROM core.term_mentions AS mentions JOIN frequent USING (term_key) JOIN versions USING (version_id)
), term_works AS MATERIALIZED (
    SELECT term_number, work_number,
           bool_or(is_in_title) AS is_in_title, bool_or(is_acronym) AS is_acronym, bool_or(has_abstract) AS has_abstract,
           bool_or(is_in_title AND has_abstract) AS is_title_chosen
    FROM mentions
    GROUP BY term_number, work_number
), counted AS MATERIALIZED (
    SELECT term_number,
           count(*) AS works,
           count(*) FILTER (is_in_title) AS title_works,
           count(*) FILTER (is_recent) AS recent_works,
           count(*) FILTER (is_recent AND is_in_title) AS recent_title_works,
           count(*) FILTER (has_abstract) AS abstract_works,
           count(*) FILTER (is_title_chosen) AS abstract_title_works,
           count(*) FILTER (is_recent AND has_abstract) AS recent_abstract_works,
           count(*) FILTER (is_recent AND is_title_chosen) AS recent_abstract_title_works,
           min(available_on) AS first_on,
           arg_min(document_id, (available_on, document_id)) AS first_document_id,
           count(*) FILTER (is_acronym) / count(*) AS acronym_share
    FROM term_works JOIN works USING (work_number)
    GROUP BY term_number
    HAVING count(*) >= 5
), surfaces AS (
    SELECT term_number, arg_min(surface, (-surface_count, surface)) AS surface
    FROM (SELECT term_number, surface, count(*) AS surface_count FROM mentions GROUP BY term_number, surface)
    GROUP BY term_number
), work_codes AS MATERIALIZED (
    SELECT DISTINCT versions.work_number, codes.scheme,
           CASE codes.scheme WHEN 'arxiv' THEN codes.code ELSE left(codes.code, 4) END AS code
    FROM core.codes AS codes JOIN versions USING (version_id)
    WHERE codes.scheme IN ('arxiv', 'cpc', 'ipc', 'uspc')
), corpus_codes AS MATERIALIZED (
    SELECT scheme, code, row_number() OVER () AS code_number, count(*) / sum(count(*)) OVER (PARTITION BY scheme) AS share FROM work_codes GROUP BY scheme, code
), scheme_entropy AS (
    SELECT scheme, -sum(share * ln(share)) AS entropy FROM corpus_codes GROUP BY scheme
), numbered_codes AS MATERIALIZED (
    SELECT work_number, code_number FROM work_codes JOIN corpus_codes USING (scheme, code)
), term_codes AS (
    SELECT term_number, code_number, count(*) AS code_works
    FROM term_works SEMI JOIN counted USING (term_number) JOIN numbered_codes USING (work_number)
    GROUP BY term_number, code_number
), mixed AS (
    SELECT term_number, scheme, corpus_codes.share AS corpus_share, code_works,
           sum(code_works) OVER (PARTITION BY term_number, scheme) AS total
    FROM term_codes JOIN corpus_codes USING (code_number)
), divergences AS (
    -- Codes the term never carries hold 5 / (total + 5) of their corpus share: their sum has the closed form of the last line.
    SELECT term_number, scheme, any_value(total) AS total,
           sum((code_works + 5 * corpus_share) / (total + 5) * ln((code_works + 5 * corpus_share) / ((total + 5) * corpus_share)))
           + 5 / (any_value(total) + 5) * ln(5 / (any_value(total) + 5)) * (1 - sum(corpus_share)) AS divergence
    FROM mixed
    GROUP BY term_number, scheme
), coded AS (
    SELECT term_number, sum(total * divergence) / sum(total) AS code_divergence, sum(total * entropy) / sum(total) AS code_entropy
    FROM divergences JOIN scheme_entropy USING (scheme)
    GROUP BY term_number
    HAVING sum(total) >= 5
)
SELECT term_key, surface, works, title_works, recent_works, recent_title_works,
       abstract_works, abstract_title_works, recent_abstract_works, recent_abstract_title_works,
       first_on, first_document_id, acronym_share, round(code_divergence, 9) AS code_divergence, round(code_entropy, 9) AS code_entropy
FROM counted JOIN frequent USING (term_number) JOIN surfaces USING (term_number) LEFT JOIN coded USING (term_number)
ORDER BY term_key;
