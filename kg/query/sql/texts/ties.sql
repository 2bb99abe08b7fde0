-- title: What ties a company to others on a day
-- parameter: company, an entity's id
-- parameter: day, a date
SELECT relation, subject_id, object_id, count(*) AS claims, count(DISTINCT document) AS documents,
  max(percent) AS percent, min(valid_from) AS since
FROM claims
WHERE (subject_id = $company OR object_id = $company) AND object_id IS NOT NULL
  AND valid_from <= CAST($day AS DATE) AND (valid_until IS NULL OR valid_until >= CAST($day AS DATE))
GROUP BY relation, subject_id, object_id
ORDER BY relation, subject_id, object_id
