#!/bin/sh
# Kafka's tools under the names that people type: mounted as kafka-topics and the like, it runs that tool of the image.
exec "/opt/kafka/bin/$(basename "$0").sh" "$@"
