#!/bin/sh
# Creates the topics of topics.txt that are not there yet. Safe to run again; changes nothing of a topic that exists.
#
#   KAFKA_BROKERS              host:port[,host:port]           (needed)
#   KAFKA_TOPICS_COMMAND       how to run Kafka's TopicCommand (kafka-topics.sh)
#   KAFKA_COMMAND_CONFIG       a client properties file, for SASL and TLS
#   KAFKA_REPLICATION_FACTOR   copies of each partition        (the broker's default)
#
# usage: create.sh [LIST]
set -euf

list=${1:-$(dirname "$0")/topics.txt}
: "${KAFKA_BROKERS:?the brokers, as host:port}"

topics() {
  # shellcheck disable=SC2086 # the command is several words
  ${KAFKA_TOPICS_COMMAND:-kafka-topics.sh} --bootstrap-server "$KAFKA_BROKERS" \
    ${KAFKA_COMMAND_CONFIG:+--command-config "$KAFKA_COMMAND_CONFIG"} "$@"
}

existing=$(topics --list)
pending=
while read -r topic partitions hours; do
  case $topic in '' | '#'*) continue ;; esac
  if printf '%s\n' "$existing" | grep -qxF "$topic"; then continue; fi
  # Together: each is a JVM that mostly starts up.
  topics --create --if-not-exists --topic "$topic" --partitions "$partitions" \
    ${KAFKA_REPLICATION_FACTOR:+--replication-factor "$KAFKA_REPLICATION_FACTOR"} \
    --config "retention.ms=$((hours * 3600000))" </dev/null &
  pending="$pending $!"
done <"$list"

for job in $pending; do wait "$job"; done
