-- title: Which companies have most partners on a day
-- parameter: day, a date
WITH held AS (
  SELECT DISTINCT relation, subject_id, object_id FROM claims
  WHERE object_id IS NOT NULL
    AND valid_from <= CAST($day AS DATE) AND (valid_until IS NULL OR valid_until >= CAST($day AS DATE))
)
SELECT company, count(*) AS partners, sum(relations) AS ties
FROM (
  SELECT company, partner, count(*) AS relations
  FROM (
    SELECT relation, subject_id AS company, object_id AS partner FROM held
    UNION
    SELECT relation, object_id AS company, subject_id AS partner FROM held
  ) sides
  GROUP BY company, partner
) counted
GROUP BY company
ORDER BY partners DESC, ties DESC, company
LIMIT 1000
