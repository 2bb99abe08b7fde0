WITH rivals AS (
  SELECT subject_id AS one, object_id AS other, claim, document, quote
  FROM claims WHERE relation = 'competes-with' AND is_live AND subject_id <> object_id
  UNION ALL
  SELECT object_id AS one, subject_id AS other, claim, document, quote
  FROM claims WHERE relation = 'competes-with' AND is_live AND subject_id <> object_id
)
SELECT claims.subject, claims.relation, claims.object, claims.amount_text AS amount, claims.currency,
  claims.percent_text AS percent, claims.percent_of, claims.modality, claims.known_from, claims.document,
  claims.quote AS sentence, rivals.document AS rivalry_document, rivals.quote AS rivalry_sentence
FROM claims JOIN rivals ON claims.subject_id = rivals.one AND claims.object_id = rivals.other
WHERE claims.is_live AND claims.relation <> 'competes-with'
  AND ($company IS NULL OR claims.subject_id = $company OR claims.object_id = $company)
ORDER BY claims.subject, claims.object, claims.relation, claims.claim, rivals.claim
