# shellcheck shell=sh
# sourced by tests of what looks at past runs: journals written by hand, so
# that times and names are the same each time
XDG_STATE_HOME=$dir/state
TZ=UTC
export XDG_STATE_HOME TZ
state=$XDG_STATE_HOME/pseq

# past JOB RUN <RECORDS: its directory is $run
past() {
	run=$state/$1/$2
	mkdir -p "$run/lanes"
	cat >"$run/journal"
}

# log LANE <BYTES: what a lane of the last one wrote
log() { cat >"$run/lanes/$(printf %06u "$1").log"; }

# run_record JOB RUN TIME: the first record of a journal
run_record() {
	printf '{"type":"run","time":%s,"at":0.000000,"schema":1,"pseq":"0.1",' "$3"
	printf '"run":"%s","job":"%s","files":["/srv/%s.job"],' "$2" "$1" "$1"
	printf '"args":["/usr/bin/pseq","run","%s.job"],"dir":"/srv",' "$1"
	printf '"host":"here","user":"me","pid":77,"log":"lanes"}\n'
}

# a run with all kinds of ends: a is ok after 2 tries, b fails, c is cancelled
mixed() {
	{
		run_record "$1" "$2" 1700000000.000000
		cat <<'END'
{"type":"lane_start","lane":1,"time":1700000000.0,"at":0.000000,"name":"work[a]","tag":"a","sequence":"work","index":1}
{"type":"lane_start","lane":2,"time":1700000000.0,"at":0.000000,"name":"work[b]","tag":"b","sequence":"work","index":2,"host":"web1"}
{"type":"step_start","lane":1,"time":1700000000.0,"at":0.000000,"in":"work","step":"fetch","entry":1,"attempt":1,"command":"curl x"}
{"type":"step_end","lane":1,"time":1700000001.5,"at":1.500000,"in":"work","step":"fetch","entry":1,"attempt":1,"result":"exit","code":6,"stderr_tail":"no host\n","seconds":1.500000,"again":true,"log":[0,8],"err":8}
{"type":"step_start","lane":2,"time":1700000001.5,"at":1.500000,"in":"work","step":"fetch","entry":1,"attempt":1,"command":"curl x\tand\ny"}
{"type":"say","lane":2,"time":1700000001.6,"at":1.600000,"text":"on it"}
{"type":"step_start","lane":1,"time":1700000002.0,"at":2.000000,"in":"work","step":"fetch","entry":1,"attempt":2,"command":"curl x"}
{"type":"step_end","lane":1,"time":1700000004.0,"at":4.000000,"in":"work","step":"fetch","entry":1,"attempt":2,"result":"ok","code":0,"seconds":2.000000,"log":[8,20],"out":12}
{"type":"lane_end","lane":1,"time":1700000004.0,"at":4.000000,"name":"work[a]","sequence":"work","verdict":"ok","seconds":4.000000,"result":"ok","code":0,"tries":2,"facts":{"n":3}}
{"type":"warn","lane":2,"time":1700000004.2,"at":4.200000,"text":"slow"}
{"type":"step_end","lane":2,"time":1700000005.0,"at":5.000000,"in":"work","step":"fetch","entry":1,"attempt":1,"result":"exit","code":7,"message":"it <says> no","stderr_tail":"bad & worse\n","seconds":3.500000,"reaction":"fail","log":[0,12],"err":12}
{"type":"lane_end","lane":2,"time":1700000005.0,"at":5.000000,"name":"work[b]","sequence":"work","verdict":"failed","seconds":5.000000,"result":"exit","code":7,"step":"fetch","message":"it <says> no","stderr_tail":"bad & worse\n"}
{"type":"lane_start","lane":3,"time":1700000005.0,"at":5.000000,"name":"work[c]","tag":"c","sequence":"work","index":3}
{"type":"step_start","lane":3,"time":1700000005.0,"at":5.000000,"in":"work","step":"wait","entry":1,"attempt":1,"command":"sleep 9"}
{"type":"step_end","lane":3,"time":1700000006.0,"at":6.000000,"in":"work","step":"wait","entry":1,"attempt":1,"result":"cancelled","seconds":1.000000}
{"type":"lane_end","lane":3,"time":1700000006.0,"at":6.000000,"name":"work[c]","sequence":"work","verdict":"cancelled","seconds":1.000000,"result":"cancelled"}
{"type":"unstarted","time":1700000006.0,"at":6.000000,"sequence":"work","count":4}
{"type":"run_end","time":1700000006.0,"at":6.000000,"status":1,"why":"drain","lanes":{"ok":1,"rescued":0,"failed":1,"cancelled":1,"unstarted":4},"seconds":6.000000}
END
	} >records
	past "$1" "$2" <records
	printf 'no host\ngot 12 byte\n' | log 1
	printf 'bad & worse\n' | log 2
}

# one that was cut off in the middle of its only lane
cut_off() {
	{
		run_record "$1" "$2" 1700000100.000000
		cat <<'END'
{"type":"lane_start","lane":1,"time":1700000100.0,"at":0.000000,"name":"work","tag":"work","sequence":"work","index":1}
{"type":"step_start","lane":1,"time":1700000100.0,"at":0.000000,"in":"work","step":"long","entry":1,"attempt":1,"command":"sleep 99"}
END
		printf '{"type":"step_end","lane":1,"time":17000'
	} >records
	past "$1" "$2" <records
	printf 'half a li' | log 1
}
