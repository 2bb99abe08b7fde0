SELECT documents.id AS document, title, documents.lang, published, count(claim) AS claims,
  count(*) FILTER (modality = 'asserted') AS asserted, url
FROM documents LEFT JOIN claims ON claims.document = documents.id
GROUP BY ALL
ORDER BY documents.id
