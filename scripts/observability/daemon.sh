# A server that stays: what prometheus.sh and alertmanager.sh have in common. Sourced after infra-engine.sh, with $port,
# $pidfile and $mark (a word of its command line that no other process has).

running() { pid_of "$pidfile" "$mark"; }
answers() { curl -fs -o /dev/null -m 2 "http://127.0.0.1:$port/-/ready"; }
# For a moment the new process is still the shell that becomes it: what counts is whether it lives.
answers_or_gone() { answers || ! lives "$(cat "$pidfile")"; }

# stays COMMAND...: starts it apart from the terminal, in the folder that its package counts from.
stays() {
  (cd "$bin/.." && exec setsid "$@") </dev/null >>"$log" 2>&1 9>&- &
  printf '%s\n' $! >"$pidfile"
  disown
}
# Waits until it answers; says the end of its log otherwise.
starts() {
  wait_until 30 answers_or_gone || true
  answers || { tail -n 5 "$log" >&2; die "not ready; see $log"; }
}

down() {
  local p
  if p=$(running); then ends "$p" 20; fi
  rm -f "$pidfile"
  say down
}
status() {
  local p
  if ! p=$(running) || ! answers; then say 'not running'; exit 3; fi
  say "running, http://127.0.0.1:$port/, pid $p"
}
