SELECT subject AS supplier, object AS customer, percent_text AS percent, percent_min_text AS percent_min,
  percent_max_text AS percent_max, as_of, modality, known_from, document, quote AS sentence, claim
FROM claims
WHERE percent_of = 'revenue' AND relation = 'supplies' AND ($company IS NULL OR subject_id = $company)
  AND ($whom IS NULL OR object_id = $whom)
  AND valid_from <= CAST($today AS DATE) AND coalesce(valid_until >= CAST($today AS DATE), true)
ORDER BY coalesce(claims.percent, claims.percent_min, claims.percent_max) DESC NULLS LAST, claims.subject,
  claims.object, claims.claim
