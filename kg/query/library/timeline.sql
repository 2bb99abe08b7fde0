WITH about AS (
  SELECT * FROM claims WHERE subject_id = $company
  UNION ALL
  SELECT * FROM claims WHERE object_id = $company
), told AS (
  SELECT *, known_from AS date, 'known' AS what FROM about
  UNION ALL
  SELECT *, start AS date, 'starts' AS what FROM about
  UNION ALL
  SELECT *, as_of AS date, 'holds' AS what FROM about
  UNION ALL
  SELECT *, "end" AS date, 'ends' AS what FROM about
)
SELECT date, what, subject, relation, coalesce(object, value_text || ' ' || unit) AS object, modality,
  amount_text AS amount, currency, percent_text AS percent, percent_of, document, quote AS sentence, claim
FROM told
WHERE date IS NOT NULL
ORDER BY told.date, told.what, told.subject, told.relation, object, told.claim
