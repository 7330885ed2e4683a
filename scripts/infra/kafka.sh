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
engine=kafka
# shellcheck source=scripts/infra-engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../infra-engine.sh"
host=127.0.0.1
port=${CARBON_KAFKA_PORT:-9092}
controller=${CARBON_KAFKA_CONTROLLER_PORT:-$((port + 1))}
version=${CARBON_KAFKA_VERSION:-4.3.1}
lib=${CARBON_KAFKA_LIB:-$repo/.infra/kafka/lib-$version}
heap=${CARBON_KAFKA_HEAP:-256m}
props=${CARBON_KAFKA_PROPS:-}
wait=${CARBON_KAFKA_WAIT:-90}
data=$dir/data conf=$dir/server.properties pidfile=$dir/broker.pid log=$dir/broker.log

running() { pid_of "$pidfile" "-Dcarbon.kafka.dir=$dir"; }

fetch_jars() {
  # kafka-tools-api was not published for every version; the broker runs without it.
  cat >"$1/pom.xml" <<XML
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
  mvn -B -ntp -q -f "$1/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$1" -DincludeScope=runtime -Dstyle.color=never
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

up() {
  local p i=0 from
  needs java openjdk-17-jre-headless
  # One that is there may be on its way up, or, killed a moment ago, on its way out: it counts while it listens.
  while p=$(running); do
    if port_taken "$port"; then
      sleep 0.2
      if p=$(running) && port_taken "$port"; then say "already up on $host:$port, pid $p"; return 0; fi
    fi
    i=$((i + 1))
    [ "$i" -le $((wait * 10)) ] || die "pid $p is there, but port $port does not answer, see $log"
    sleep 0.1
  done
  i=0
  fetched "$lib" fetch_jars
  if ! gets_free "$port"; then die "port $port is taken by another process; choose one with CARBON_KAFKA_PORT"; fi
  if ! gets_free "$controller"; then
    die "port $controller is taken by another process; choose one with CARBON_KAFKA_CONTROLLER_PORT"
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
  until port_taken "$port" && tail -c +"$from" "$log" | grep -q 'Kafka Server started'; do
    lives "$p" || { tail -n 20 "$log" >&2; rm -f "$pidfile"; die "the broker ended while starting, see $log"; }
    i=$((i + 1))
    [ "$i" -le $((wait * 10)) ] || die "not ready after $wait s, see $log"
    sleep 0.1
  done
  say "up on $host:$port, pid $p, Kafka $version, data in $data"
}

down() {
  local p
  if ! p=$(running); then rm -f "$pidfile"; say 'down (was not running)'; return 0; fi
  ends "$p" 30
  rm -f "$pidfile"
  say 'down'
}

status() {
  local p
  p=$(running) || { say 'not running'; return 3; }
  port_taken "$port" || { say "pid $p, but port $port does not answer"; return 1; }
  say "up on $host:$port, pid $p, data in $data"
}

case ${1:-} in
  up | down | status) "$1" ;;
  *) usage ;;
esac
