-- title: Which facts of a day a source denies
-- parameter: day, a date
SELECT relation, party_a, party_b, sum(holds) AS asserting, sum(denies) AS denying
FROM (
  SELECT relation, party_a, party_b,
    CASE WHEN valid_from <= CAST($day AS DATE)
      AND (valid_until IS NULL OR valid_until >= CAST($day AS DATE)) THEN 1 ELSE 0 END AS holds,
    CASE WHEN modality = 'denied' THEN 1 ELSE 0 END AS denies
  FROM claims
  WHERE object_id IS NOT NULL
) said
GROUP BY relation, party_a, party_b
HAVING sum(holds) > 0 AND sum(denies) > 0
ORDER BY relation, party_a, party_b
