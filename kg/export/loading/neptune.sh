#!/bin/sh
# For: neptune; nquads
# Loads the parts into Amazon Neptune by way of S3: sh neptune.sh https://CLUSTER:8182 s3://BUCKET/PREFIX ROLE-ARN REGION
# Runs where the cluster is reached. What it answers has a loadId: GET /loader/LOADID tells how far it is. Full-text
# search is that of an OpenSearch cluster beside it.
set -eu
cluster=${1:?give the address of the cluster} bucket=${2:?} role=${3:?} region=${4:?}
cd "$(dirname "$0")/.."
aws s3 cp . "$bucket/" --recursive --exclude '*' --include 'part-*.{ending}.gz'
exec curl --fail-with-body -H 'Content-Type: application/json' "$cluster/loader" --data "{
  \"source\": \"$bucket/\", \"format\": \"nquads\", \"iamRoleArn\": \"$role\", \"region\": \"$region\",
  \"failOnError\": \"TRUE\", \"parallelism\": \"HIGH\" }"
