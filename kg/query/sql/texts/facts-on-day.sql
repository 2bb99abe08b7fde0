-- title: How many relationships are facts on a day, and of how many that is undecided
-- parameter: day, a date
SELECT relation, count(*) AS facts, sum(CASE WHEN surely = 0 THEN 1 ELSE 0 END) AS undecided
FROM (
  SELECT relation, party_a, party_b, max(CASE
    WHEN (surely_from IS NULL OR surely_from <= CAST($day AS DATE))
      AND (surely_until IS NULL OR surely_until >= CAST($day AS DATE)) THEN 1 ELSE 0 END) AS surely
  FROM claims
  WHERE valid_from <= CAST($day AS DATE) AND (valid_until IS NULL OR valid_until >= CAST($day AS DATE))
  GROUP BY relation, party_a, party_b
) held
GROUP BY relation
ORDER BY relation
