SELECT any_value(name) AS name, any_value(type) AS type, count(*) AS claims, id
FROM (
  SELECT subject_id AS id, subject AS name, subject_type AS type FROM claims
  UNION ALL
  SELECT object_id AS id, object AS name, object_type AS type FROM claims WHERE object_id <> subject_id
) AS ends
GROUP BY id
ORDER BY claims DESC, name, id
