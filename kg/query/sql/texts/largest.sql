-- title: The largest sums that a relation names, by currency
-- parameter: relation, a relation
-- parameter: most, a number
SELECT currency, amount, subject_id, object_id, modality, known_from, claim
FROM (
  SELECT currency, amount, subject_id, object_id, modality, known_from, claim,
    row_number() OVER (PARTITION BY currency ORDER BY amount DESC, claim) AS place
  FROM claims
  WHERE relation = $relation AND amount IS NOT NULL AND currency IS NOT NULL
) ranked
WHERE place <= CAST($most AS INTEGER)
ORDER BY currency, place
