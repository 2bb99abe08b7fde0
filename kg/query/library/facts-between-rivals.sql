WITH facts AS (
  SELECT * FROM claims
  WHERE valid_from <= CAST($today AS DATE) AND coalesce(valid_until >= CAST($today AS DATE), true)
), rivals AS (
  SELECT subject_id AS one, object_id AS other, claim, document, quote
  FROM facts WHERE relation = 'competes-with' AND subject_id <> object_id
  UNION ALL
  SELECT object_id AS one, subject_id AS other, claim, document, quote
  FROM facts WHERE relation = 'competes-with' AND subject_id <> object_id
)
SELECT facts.subject, facts.relation, facts.object, facts.amount_text AS amount, facts.currency,
  facts.percent_text AS percent, facts.percent_of, facts.modality, facts.known_from, facts.document,
  facts.quote AS sentence, rivals.document AS rivalry_document, rivals.quote AS rivalry_sentence,
  facts.claim
FROM facts JOIN rivals ON facts.subject_id = rivals.one AND facts.object_id = rivals.other
WHERE facts.relation <> 'competes-with'
  AND ($company IS NULL OR facts.subject_id = $company OR facts.object_id = $company)
ORDER BY facts.subject, facts.object, facts.relation, facts.claim, rivals.claim
