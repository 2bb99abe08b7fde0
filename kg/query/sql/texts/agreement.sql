-- title: Which facts of a day most sources agree on
-- parameter: day, a date
-- parameter: least, a number of documents
SELECT relation, party_a, party_b, count(DISTINCT document) AS documents, count(*) AS claims,
  min(known_from_first) AS first_told, max(known_from_first) AS last_told
FROM claims
WHERE valid_from <= CAST($day AS DATE) AND (valid_until IS NULL OR valid_until >= CAST($day AS DATE))
GROUP BY relation, party_a, party_b
HAVING count(DISTINCT document) >= CAST($least AS INTEGER)
ORDER BY documents DESC, relation, party_a, party_b
