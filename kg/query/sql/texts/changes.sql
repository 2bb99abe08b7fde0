-- title: Which facts came and which went between two days
-- parameter: from, a date
-- parameter: to, a date
SELECT CASE WHEN after = 1 THEN 'came' ELSE 'went' END AS change, relation, party_a, party_b, claims
FROM (
  SELECT relation, party_a, party_b, count(*) AS claims,
    max(CASE WHEN valid_from <= CAST($from AS DATE)
      AND (valid_until IS NULL OR valid_until >= CAST($from AS DATE)) THEN 1 ELSE 0 END) AS before,
    max(CASE WHEN valid_from <= CAST($to AS DATE)
      AND (valid_until IS NULL OR valid_until >= CAST($to AS DATE)) THEN 1 ELSE 0 END) AS after
  FROM claims
  WHERE valid_from IS NOT NULL
  GROUP BY relation, party_a, party_b
) held
WHERE before <> after
ORDER BY change, relation, party_a, party_b
