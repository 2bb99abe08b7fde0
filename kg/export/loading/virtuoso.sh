#!/bin/sh
# For: virtuoso; nquads turtle
# Loads the parts into a running Virtuoso: sh virtuoso.sh [HOST:PORT [USER [PASSWORD [LOADERS]]]]
# DirsAllowed in virtuoso.ini must name the folder of the parts; give LOADERS about three quarters of the cores.
set -eu
cd "$(dirname "$0")/.."
ask() { "$(command -v isql-vt || command -v isql-v || command -v isql)" "$@"; }
at=${1:-localhost:1111} user=${2:-dba} password=${3:-dba}
# It takes no file twice, and parts may have been written anew under the same names.
ask "$at" "$user" "$password" "exec=DELETE FROM DB.DBA.LOAD_LIST WHERE ll_file LIKE '$PWD/part-%';"
ask "$at" "$user" "$password" "exec=ld_dir('$PWD', 'part-*.{ending}.gz', '{derived}');"
loaders=${4:-1}
while [ "$loaders" -gt 0 ]; do
  ask "$at" "$user" "$password" "exec=rdf_loader_run();" &
  loaders=$((loaders - 1))
done
wait
ask "$at" "$user" "$password" "exec=checkpoint;"
failed="SELECT ll_file, ll_error FROM DB.DBA.LOAD_LIST WHERE ll_file LIKE '$PWD/part-%' AND (ll_state < 2 OR ll_error IS NOT NULL)"
ask "$at" "$user" "$password" "exec=$failed;" | tee /dev/stderr | grep -q '^0 Rows'
# For bif:contains in queries, an index of all literals, once:
#   exec=DB.DBA.RDF_OBJ_FT_RULE_ADD(null, null, 'all'); DB.DBA.VT_INC_INDEX_DB_DBA_RDF_OBJ();
