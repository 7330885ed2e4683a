#!/usr/bin/env bash
# One Apache Kafka broker on this machine, from the jars of Maven Central: no container, no root.
#
#   scripts/infra/kafka.sh up | status | down
#
# Safe to repeat. A broker that was killed with SIGKILL is started again by `up`, on the data that it had.
#
# Settings, with their defaults:
#   CARBON_INFRA_DIR       folder of all engines                       [<checkout>/.infra]
#   CARBON_KAFKA_PORT      client port on 127.0.0.1                    [9092]
#   CARBON_KAFKA_CONTROLLER_PORT                                       [client port + 1]
#   CARBON_KAFKA_LIB       folder of the jars, which instances share   [<checkout>/.infra/kafka/lib-<version>]
#   CARBON_KAFKA_VERSION   org.apache.kafka:kafka_2.13                 [4.3.1]
#   CARBON_KAFKA_HEAP      heap of the broker                          [256m]
#   CARBON_KAFKA_PROPS     file of further broker properties; they win over those written here
#   CARBON_KAFKA_FRESH     1: `up` of a broker that does not run begins with empty data
#   CARBON_KAFKA_WAIT      seconds until it must be ready              [90]
#
# Needs Java 17 or newer; Maven for the first time only. Exit codes: 0 up (or down after `down`), 1 failed,
# 3 `status`: not running, 4 something has to be installed first: the line says what.
set -euo pipefail
umask 022
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dir=${CARBON_INFRA_DIR:-$root/.infra}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)/kafka
host=127.0.0.1
port=${CARBON_KAFKA_PORT:-9092}
controller=${CARBON_KAFKA_CONTROLLER_PORT:-$((port + 1))}
version=${CARBON_KAFKA_VERSION:-4.3.1}
lib=${CARBON_KAFKA_LIB:-$root/.infra/kafka/lib-$version}
heap=${CARBON_KAFKA_HEAP:-256m}
props=${CARBON_KAFKA_PROPS:-}
wait=${CARBON_KAFKA_WAIT:-90}
data=$dir/data conf=$dir/server.properties pidfile=$dir/broker.pid log=$dir/broker.log

say() { printf 'kafka: %s\n' "$*"; }
die() { printf 'kafka: %s\n' "$1" >&2; exit "${2:-1}"; }

# A pid counts as ours only while that process carries our folder on its command line.
running() {
  local p
  [ -s "$pidfile" ] || return 1
  p=$(cat "$pidfile")
  kill -0 "$p" 2>/dev/null || return 1
  if [ -r "/proc/$p/cmdline" ]; then
    tr '\0' '\n' <"/proc/$p/cmdline" | grep -qxF -- "-Dcarbon.kafka.dir=$dir" || return 1
  fi
  printf '%s\n' "$p"
}
is_open() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }

install() {
  if [ -f "$lib/.complete" ]; then return 0; fi
  command -v mvn >/dev/null || die 'Maven (mvn) fetches the jars and is not installed: apt-get install maven' 4
  mkdir -p "$(dirname "$lib")"
  # Fetched aside and moved when whole: a kill half-way leaves nothing that looks finished.
  local fresh
  fresh=$(mktemp -d "$(dirname "$lib")/.fetch-XXXXXX")
  # kafka-tools-api was not published for every version; the broker runs without it.
  cat >"$fresh/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version>
    </dependency>
  </dependencies>
</project>
XML
  mvn -B -ntp -q -f "$fresh/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$fresh" -DincludeScope=runtime -Dstyle.color=never >"$dir/install.log" 2>&1 || {
    tail -n 20 "$dir/install.log" >&2
    rm -rf -- "$fresh"
    die "the jars of Kafka $version could not be fetched, see $dir/install.log"
  }
  : >"$fresh/.complete"
  rm -rf -- "$lib"
  mv "$fresh" "$lib"
}

write_config() {
  cat >"$conf" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@$host:$controller
listeners=PLAINTEXT://$host:$port,CONTROLLER://$host:$controller
advertised.listeners=PLAINTEXT://$host:$port
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$data
num.network.threads=2
num.io.threads=2
background.threads=2
num.recovery.threads.per.data.dir=1
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=16777216
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
num.partitions=2
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# A broker that was killed is let in again once the controller has missed it: 9 s by default.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
# Without these a member that joins waits a whole heartbeat (5 s) for its first partitions.
group.consumer.assignment.interval.ms=0
group.consumer.assignor.offload.enable=false
group.consumer.heartbeat.interval.ms=1000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.session.timeout.ms=10000
group.consumer.min.session.timeout.ms=6000
CONF
  if [ -n "$props" ]; then
    printf '\n# from %s\n' "$props" >>"$conf"
    cat "$props" >>"$conf"
  fi
  cat >"$dir/log4j2.properties" <<'LOG'
status=error
appender.c.type=Console
appender.c.name=c
appender.c.target=SYSTEM_ERR
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=%d{ISO8601} %-5p %m (%c{1})%n%throwable
rootLogger.level=INFO
rootLogger.appenderRef.c.ref=c
logger.cfg.name=org.apache.kafka.common.config.AbstractConfig
logger.cfg.level=WARN
LOG
}

format() {
  if [ -f "$data/meta.properties" ]; then return 0; fi
  # Any 16 random bytes in URL-safe base64 are a cluster id; a leading '-' would read as an option.
  local cluster
  cluster=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=' | sed 's/^-/A/')
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx96m -Dlog4j2.configurationFile="$dir/log4j2.properties" \
    -cp "$lib/*" kafka.tools.StorageTool format -t "$cluster" -c "$conf" >"$dir/format.log" 2>&1 || {
    tail -n 20 "$dir/format.log" >&2
    die 'the data folder could not be formatted'
  }
}

# A process that was killed a moment ago holds its ports until the system has taken it down: two seconds are given.
gets_free() {
  local tries=0
  while is_open "$1"; do
    tries=$((tries + 1))
    [ "$tries" -le 20 ] || return 1
    sleep 0.1
  done
}

up() {
  local p i=0 from
  command -v java >/dev/null || die 'Java 17 or newer is not installed: apt-get install openjdk-17-jre-headless' 4
  mkdir -p "$dir"
  # Two that start it at once: the second waits, and finds it running.
  if command -v flock >/dev/null; then exec 9>"$dir/lock"; flock 9; fi
  # One that is there may be on its way up, or, killed a moment ago, on its way out: it counts while it listens.
  while p=$(running); do
    if is_open "$port"; then
      sleep 0.2
      if p=$(running) && is_open "$port"; then say "already up on $host:$port, pid $p"; return 0; fi
    fi
    i=$((i + 1))
    [ "$i" -le $((wait * 10)) ] || die "pid $p is there, but port $port does not answer, see $log"
    sleep 0.1
  done
  i=0
  install
  if ! gets_free "$port"; then die "port $port is in use by another process; choose one with CARBON_KAFKA_PORT"; fi
  if ! gets_free "$controller"; then
    die "port $controller is in use by another process; choose one with CARBON_KAFKA_CONTROLLER_PORT"
  fi
  if [ "${CARBON_KAFKA_FRESH:-}" = 1 ]; then rm -rf -- "$data"; fi
  write_config
  format
  touch "$log"
  from=$(($(wc -c <"$log") + 1))
  # A session of its own: what stops the shell that called us does not stop the broker.
  setsid nohup java -Xms"$heap" -Xmx"$heap" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:+ExitOnOutOfMemoryError \
    -XX:MaxDirectMemorySize=128m -XX:ReservedCodeCacheSize=64m -Xss512k -Djava.awt.headless=true \
    -Dcarbon.kafka.dir="$dir" -Dlog4j2.configurationFile="$dir/log4j2.properties" \
    -cp "$lib/*" kafka.Kafka "$conf" >>"$log" 2>&1 </dev/null 9>&- &
  p=$!
  printf '%s\n' "$p" >"$pidfile"
  until is_open "$port" && tail -c +"$from" "$log" | grep -q 'Kafka Server started'; do
    kill -0 "$p" 2>/dev/null || { tail -n 20 "$log" >&2; rm -f "$pidfile"; die "the broker ended while starting, see $log"; }
    i=$((i + 1))
    [ "$i" -le $((wait * 10)) ] || die "not ready after $wait s, see $log"
    sleep 0.1
  done
  say "up on $host:$port, pid $p, Kafka $version, data in $data"
}

down() {
  local p i=0
  p=$(running) || { rm -f "$pidfile"; say 'down (was not running)'; return 0; }
  kill -TERM "$p"
  while kill -0 "$p" 2>/dev/null; do
    i=$((i + 1))
    if [ "$i" -gt 300 ]; then kill -KILL "$p" 2>/dev/null || true; fi
    sleep 0.1
  done
  rm -f "$pidfile"
  say 'down'
}

status() {
  local p
  p=$(running) || { say 'not running'; return 3; }
  is_open "$port" || { say "pid $p, but port $port does not answer"; return 1; }
  say "up on $host:$port, pid $p, data in $data"
}

case ${1:-} in
  up) up ;;
  down) down ;;
  status) status ;;
  *) sed -n '2,20p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
esac
