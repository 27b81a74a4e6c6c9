"""The proof in time: what a score of then says of what came after, against the baselines of the literature."""
