-- title: How many claims of each relation sources tell, by month
-- parameter: from, a month
-- parameter: to, a month
SELECT known AS month, relation, count(*) AS claims, count(DISTINCT document) AS documents,
  sum(CASE WHEN modality = 'asserted' THEN 1 ELSE 0 END) AS asserted
FROM claims
WHERE known >= $from AND known <= $to
GROUP BY known, relation
ORDER BY month, relation
