WITH changed AS (
  SELECT *, known_from AS date, 'known' AS change FROM claims
  UNION ALL
  SELECT *, start AS date, 'starts' AS change FROM claims
  UNION ALL
  SELECT *, "end" AS date, 'ends' AS change FROM claims
)
SELECT date, change, subject, relation, coalesce(object, value_text || ' ' || unit) AS object, modality,
  amount_text AS amount, currency, percent_text AS percent, percent_of, document, quote AS sentence, claim
FROM changed
WHERE date || substr('-99-99', length(date) - 3) >= $from
  AND substr(date, 1, length($to)) <= $to
  AND ($company IS NULL OR subject_id = $company OR object_id = $company)
  AND ($only IS NULL OR relation = $only)
  AND (
    (($who IS NULL OR subject_id = $who) AND ($whom IS NULL OR object_id = $whom))
    OR (relation IN ('competes-with', 'partners-with', 'merges-with')
      AND ($who IS NULL OR object_id = $who) AND ($whom IS NULL OR subject_id = $whom))
  )
ORDER BY changed.date, changed.change, changed.subject, changed.relation, object, changed.claim
