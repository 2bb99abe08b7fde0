-- title: On which stakes sources differ by more than some percentage points, on a day
-- parameter: day, a date
-- parameter: points, a number
SELECT subject_id AS holder, object_id AS issuer, percent_of, min(percent) AS lowest, max(percent) AS highest,
  count(DISTINCT document) AS documents
FROM claims
WHERE relation = 'holds-stake' AND percent IS NOT NULL
  AND valid_from <= CAST($day AS DATE) AND (valid_until IS NULL OR valid_until >= CAST($day AS DATE))
GROUP BY subject_id, object_id, percent_of
HAVING max(percent) - min(percent) > CAST($points AS DECIMAL(9, 3))
ORDER BY holder, issuer, coalesce(percent_of, '')
