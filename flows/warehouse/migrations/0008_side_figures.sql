-- What stands beside the score, never inside it, and what a rank owes to one organisation or source.
CREATE TABLE signals.side_figures (
    technology_id VARCHAR NOT NULL, as_of DATE NOT NULL, tier INTEGER, hype_gap DOUBLE, hype_gap_variance DOUBLE,
    leading_organisation_share DOUBLE, stream_mix_support DOUBLE NOT NULL, maturity_words_support DOUBLE NOT NULL,
    share_trend_support DOUBLE NOT NULL, run_id VARCHAR NOT NULL);
COMMENT ON TABLE signals.side_figures IS 'One row per technology or topic and as-of: figures shown beside the score, never inside it.';
COMMENT ON COLUMN signals.side_figures.technology_id IS 'The technology (or topic) judged.';
COMMENT ON COLUMN signals.side_figures.as_of IS 'Day of the verdict: only what was available then counts.';
COMMENT ON COLUMN signals.side_figures.tier IS '1 = cannot be told from the first by the 80 % intervals, then 2, 3 ...; NULL = not ranked.';
COMMENT ON COLUMN signals.side_figures.hype_gap IS 'z of its share of recent news less z of its share of recent papers and patents; NULL = one side is missing.';
COMMENT ON COLUMN signals.side_figures.hype_gap_variance IS 'Variance of hype_gap.';
COMMENT ON COLUMN signals.side_figures.leading_organisation_share IS 'Share of the recent works naming an organisation that name the most frequent one, 0 to 1; NULL = none named.';
COMMENT ON COLUMN signals.side_figures.stream_mix_support IS 'How far the mix of streams speaks for the named stage: log of its likelihood over the mean; 0 = not at all.';
COMMENT ON COLUMN signals.side_figures.maturity_words_support IS 'The same for maturity words (pilot, mass production, 中试 ...).';
COMMENT ON COLUMN signals.side_figures.share_trend_support IS 'The same for the trend of its share.';
COMMENT ON COLUMN signals.side_figures.run_id IS 'Run that wrote the row.';

CREATE TABLE signals.left_out (
    technology_id VARCHAR NOT NULL, as_of DATE NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, works INTEGER NOT NULL,
    score DOUBLE, rank INTEGER, reason VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
COMMENT ON TABLE signals.left_out IS 'One row per ranked technology or topic, as-of and kind: where it would stand without the organisation or source that speaks most of it.';
COMMENT ON COLUMN signals.left_out.technology_id IS 'The technology (or topic) judged.';
COMMENT ON COLUMN signals.left_out.as_of IS 'Day of the verdict.';
COMMENT ON COLUMN signals.left_out.kind IS 'organisation or source.';
COMMENT ON COLUMN signals.left_out.name IS 'The organisation or source left out: that of most of its works of the last two years.';
COMMENT ON COLUMN signals.left_out.works IS 'Its works that go with it, all years.';
COMMENT ON COLUMN signals.left_out.score IS 'Score without them; NULL = the evidence would not suffice.';
COMMENT ON COLUMN signals.left_out.rank IS 'Place without them; NULL = the evidence would not suffice.';
COMMENT ON COLUMN signals.left_out.reason IS 'Why it would have no place, as a sentence; empty where it has one.';
COMMENT ON COLUMN signals.left_out.run_id IS 'Run that wrote the row.';
