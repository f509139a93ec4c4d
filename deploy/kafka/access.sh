#!/bin/sh
# Gives each app a user at the broker that publishes and has the app's topics alone: the same lists that its sidecar
# holds it to (PUBLISHING_SCOPES, SUBSCRIPTION_SCOPES of deploy/dapr/values.env). The broker refuses everything else, also to
# who goes around the sidecar. Run it over a listener whose users are super users; safe to run again.
#
#   KAFKA_BROKERS              host:port[,host:port]                     (needed)
#   CHAT_API_KAFKA_PASSWORD, … the password of each app that the lists name (needed)
#   KAFKA_ACLS_COMMAND         how to run Kafka's AclCommand             (kafka-acls.sh)
#   KAFKA_CONFIGS_COMMAND      how to run Kafka's ConfigCommand          (kafka-configs.sh)
#   KAFKA_COMMAND_CONFIG       a client properties file, for SASL and TLS
#   PUBLISHING_SCOPES, SUBSCRIPTION_SCOPES   other lists                 (those of values.env)
#
# usage: access.sh [APP...] (all that the lists name)
set -euf

here=$(dirname "$0")
: "${KAFKA_BROKERS:?the brokers, as host:port}"

list() {
  eval "given=\${$1-}"
  if [ -n "$given" ]; then echo "$given"; else sed -n "s/^$1=//p" "$here/../dapr/values.env"; fi
}

run() {
  command=$1
  shift
  # shellcheck disable=SC2086 # the command is several words
  $command --bootstrap-server "$KAFKA_BROKERS" ${KAFKA_COMMAND_CONFIG:+--command-config "$KAFKA_COMMAND_CONFIG"} "$@" </dev/null
}

allow() {
  app=$1
  shift
  run "${KAFKA_ACLS_COMMAND:-kafka-acls.sh}" --add --allow-principal "User:$app" "$@" >/dev/null
}

# --topic NAME for each of an app's topics.
topics_of() {
  echo "$2" | tr ';' '\n' | sed -n "s/^$1=//p" | tr ',' '\n' | sed -n 's/^\(..*\)$/--topic \1/p'
}

user() {
  app=$1
  eval "password=\${$(echo "$app" | tr 'a-z-' 'A-Z_')_KAFKA_PASSWORD:?the password of $app at the broker}"
  run "${KAFKA_CONFIGS_COMMAND:-kafka-configs.sh}" --alter --entity-type users --entity-name "$app" \
    --add-config "SCRAM-SHA-512=[password=$password]" >/dev/null
}

publish=$(list PUBLISHING_SCOPES)
subscribe=$(list SUBSCRIPTION_SCOPES)
[ $# -gt 0 ] || set -- $(echo "$publish;$subscribe" | tr ';' '\n' | sed 's/=.*//' | sort -u)
pending=
# Together: each is a JVM that mostly starts up. Who may read or write a topic may look at it too.
together() {
  "$@" &
  pending="$pending $!"
}
for app; do
  together user "$app"
  topics=$(topics_of "$app" "$publish")
  # shellcheck disable=SC2086 # the topics are several words
  if [ -n "$topics" ]; then together allow "$app" --operation Write $topics; fi
  topics=$(topics_of "$app" "$subscribe")
  # shellcheck disable=SC2086
  if [ -n "$topics" ]; then together allow "$app" --operation Read $topics --group "$app"; fi
  # The broadcast has a group for each replica (taskflow-broadcast.yaml).
  if [ "$app" = notification-service ]; then
    together allow "$app" --operation Read --group "$app-" --resource-pattern-type prefixed
  fi
done
for job in $pending; do wait "$job"; done
