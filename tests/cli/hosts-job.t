#!/bin/sh
# lanes on hosts, as far as no other host is needed: via = local
# shellcheck source=tests/cli/lib.sh
. "${0%/*}/lib.sh"

cat >sets.job <<'END'
[vars]
n = 3
[hosts web]
hosts = web[01-0${n}] !web02 @db
via = local
user = deploy
var zone = north
var url = http://${host}:80
[hosts db]
hosts = db1
user = postgres
var zone = east
[host web03]
address = 10.0.0.3
var zone = south

[sequence s]
hosts = @web plain
via = local
run = echo "$host $address [$user] ${zone-none} ${url-}"
END
pseq run --no-tag sets.job
ok 'a lane for each host of the set' status 0
ok 'it has the variables of its groups and of its own' same_sorted out <<'END'
db1 db1 [postgres] east http://db1:80
plain plain [] none 
web01 web01 [deploy] north http://web01:80
web03 10.0.0.3 [deploy] south http://web03:80
END
pseq run sets.job -v zone=mine --no-tag
ok '-v is stronger than what groups and hosts say' sh -c \
    'test "$(grep -c " mine" out)" = 4'
pseq plan sets.job
ok 'lanes are named by their hosts' has out "s[web01] s[web03] s[db1] s[plain]"
done_testing
