-- title: How concentrated suppliers' revenue is, by year, in points of the Herfindahl–Hirschman index
-- parameter: least, a number of customers
SELECT supplier, year, customers, known, round(squares, 4) AS hhi_low,
  round(squares + CASE WHEN known < 100 THEN (100 - known) * (100 - known) ELSE 0 END, 4) AS hhi_high
FROM (
  SELECT supplier, year, count(*) AS customers, sum(share) AS known, sum(CAST(share * share AS DECIMAL(18, 4))) AS squares
  FROM (
    SELECT subject_id AS supplier, object_id AS customer, substr(coalesce(as_of, start, known_from), 1, 4) AS year,
      max(CAST(percent AS DECIMAL(9, 2))) AS share
    FROM claims
    WHERE relation = 'supplies' AND percent_of = 'revenue' AND percent IS NOT NULL AND modality = 'asserted'
      AND coalesce(as_of, start, known_from) IS NOT NULL
    GROUP BY subject_id, object_id, substr(coalesce(as_of, start, known_from), 1, 4)
  ) shares
  GROUP BY supplier, year
) indexed
WHERE customers >= CAST($least AS INTEGER)
ORDER BY supplier, year
