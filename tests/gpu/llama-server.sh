#!/usr/bin/env bash
# Prints the tokens per second of llama-server with 1, 8 and 32 streams of 64 tokens.
#   tests/gpu/llama-server.sh PROGRAM MODEL
set -euo pipefail
port=$((20000 + RANDOM % 20000))
"$1" --model "$2" --port "$port" --host 127.0.0.1 --parallel 32 --ctx-size 16384 --n-gpu-layers 99 --no-webui >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null' EXIT
for _ in $(seq 300); do curl -sf "http://127.0.0.1:$port/health" >/dev/null && break; sleep 0.2; done
request='{"prompt": "Tell a long story about a gardener and an orchard.", "n_predict": 64, "ignore_eos": true, "cache_prompt": false}'
for streams in 1 8 32; do
  start=$(date +%s%N)
  clients=()
  for _ in $(seq "$streams"); do
    curl -sf "http://127.0.0.1:$port/completion" -d "$request" >/dev/null &
    clients+=($!)
  done
  wait "${clients[@]}"
  echo "$streams streams: $((streams * 64 * 1000000000 / ($(date +%s%N) - start))) tokens/s"
done
