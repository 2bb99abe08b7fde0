-- title: How many claims there are of each relation and modality
SELECT relation, modality, count(*) AS claims, count(DISTINCT document) AS documents
FROM claims
GROUP BY relation, modality
ORDER BY relation, modality
