-- Which curve a candidate's life follows, and what it has reached of its ceiling.
ALTER TABLE signals.side_figures ADD COLUMN flat_curve_share DOUBLE;
ALTER TABLE signals.side_figures ADD COLUMN exponential_curve_share DOUBLE;
ALTER TABLE signals.side_figures ADD COLUMN logistic_curve_share DOUBLE;
ALTER TABLE signals.side_figures ADD COLUMN ceiling_share DOUBLE;
ALTER TABLE signals.side_figures ADD COLUMN ceiling_share_low DOUBLE;
ALTER TABLE signals.side_figures ADD COLUMN ceiling_share_high DOUBLE;
COMMENT ON COLUMN signals.side_figures.flat_curve_share IS 'Weight of a flat share among the curves that could fit its works per quarter, 0 to 1; NULL = too few works.';
COMMENT ON COLUMN signals.side_figures.exponential_curve_share IS 'Weight of an exponential share among them.';
COMMENT ON COLUMN signals.side_figures.logistic_curve_share IS 'Weight of a logistic that adds up to a ceiling among them.';
COMMENT ON COLUMN signals.side_figures.ceiling_share IS 'What the best logistic has reached of its ceiling, 0 to 1.';
COMMENT ON COLUMN signals.side_figures.ceiling_share_low IS 'Lower end of its 80 % interval.';
COMMENT ON COLUMN signals.side_figures.ceiling_share_high IS 'Upper end of its 80 % interval.';
