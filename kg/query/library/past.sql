SELECT subject, relation, coalesce(object, value_text || ' ' || unit) AS object, modality,
  amount_text AS amount, amount_min_text AS amount_min, amount_max_text AS amount_max, currency,
  percent_text AS percent, percent_min_text AS percent_min, percent_max_text AS percent_max,
  percent_of, goods, start, "end", as_of, duration, known_from, document,
  quote AS sentence, claim
FROM claims
WHERE modality IN ('past', 'ended')
  AND ($company IS NULL OR subject_id = $company OR object_id = $company)
  AND ($only IS NULL OR relation = $only)
  AND (
    (($who IS NULL OR subject_id = $who) AND ($whom IS NULL OR object_id = $whom))
    OR (relation IN ('competes-with', 'partners-with', 'merges-with')
      AND ($who IS NULL OR object_id = $who) AND ($whom IS NULL OR subject_id = $whom))
  )
ORDER BY claims.known_from DESC NULLS LAST, claims.subject, claims.relation, object, claims.claim
