-- title: Which claims came into the graph and which left it since an earlier day on its own clock
-- before: since, a date
SELECT CASE WHEN b.claim IS NULL THEN 'came' ELSE 'went' END AS change, coalesce(c.claim, b.claim) AS claim,
  coalesce(c.relation, b.relation) AS relation, coalesce(c.document, b.document) AS document
FROM claims c FULL OUTER JOIN before_claims b ON c.claim = b.claim
WHERE c.claim IS NULL OR b.claim IS NULL
ORDER BY change, claim
