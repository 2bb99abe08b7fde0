-- title: Which companies have most partners on a day
-- parameter: day, a date
SELECT company, count(*) AS partners, sum(relations) AS ties
FROM (
  SELECT CASE WHEN side = 1 THEN one ELSE other END AS company, relations
  FROM (
    SELECT one, other, count(*) AS relations
    FROM (
      SELECT DISTINCT relation, least(subject_id, object_id) AS one, greatest(subject_id, object_id) AS other
      FROM claims
      WHERE object_id IS NOT NULL
        AND valid_from <= CAST($day AS DATE) AND (valid_until IS NULL OR valid_until >= CAST($day AS DATE))
    ) held
    GROUP BY one, other
  ) pairs
  CROSS JOIN (SELECT 1 AS side UNION ALL SELECT 2 AS side) sides
  WHERE side = 1 OR one <> other
) ends
GROUP BY company
ORDER BY partners DESC, ties DESC, company
LIMIT 1000
