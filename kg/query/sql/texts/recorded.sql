-- title: Which claims came into the graph and which left it since an earlier day on its own clock
-- before: since, a date
SELECT CASE WHEN now = 1 THEN 'came' ELSE 'went' END AS change, claim, relation, document
FROM (
  SELECT claim, max(relation) AS relation, max(document) AS document, sum(now) AS now, sum(past) AS past
  FROM (
    SELECT claim, relation, document, 1 AS now, 0 AS past FROM admitted
    UNION ALL
    SELECT claim, relation, document, 0 AS now, 1 AS past FROM before_admitted
  ) said
  GROUP BY claim
) counted
WHERE now <> past
ORDER BY change, claim
