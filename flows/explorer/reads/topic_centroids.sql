-- Where the topics in use lie, in the space of the vectors they were found in.
SELECT topic_id, centroid FROM core.topics WHERE retired_on IS NULL ORDER BY topic_id
