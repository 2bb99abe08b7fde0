SELECT subject, relation, value_text AS value, unit, start, "end", as_of, modality, known_from, document,
  quote AS sentence, claim
FROM claims
WHERE unit IS NOT NULL AND ($company IS NULL OR subject_id = $company) AND ($only IS NULL OR relation = $only)
  AND starts_with(coalesce(as_of, ''), coalesce($on, ''))
ORDER BY claims.subject, claims.relation, claims.as_of NULLS FIRST, claims.claim
