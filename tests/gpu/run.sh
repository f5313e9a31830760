#!/usr/bin/env bash
# Checks a GPU in at most ten minutes: the end-to-end suite, how models are fitted into its memory, that unloading and killing the engine
# return the memory, and throughput beside the raw decode loop and llama-server. Builds nothing: build the solution first, in Debug, and the
# benchmarks in Release. Prints figures for tests/Orchard.Benchmarks/RESULTS.md, and writes them to OUT/figures.md.
#
#   tests/gpu/run.sh [--dry-run] [--native FOLDER] [--device cuda0] [--model FILE] [--out OUT] [--no-suite]
#
# --native    folder with the engine's libraries and the one of the GPU (default: that of the built engine)
# --device    as in ORCHARD_DEVICES (default: cuda0); with vulkan0 it also runs on a software device
# --model     model for the throughput and the fit (default: a random model of 0.6 billion parameters, which is written first)
# --no-suite  leaves out the end-to-end suite, which takes a software device too long
# --dry-run   says what is there and what would run, and runs nothing
# ORCHARD_LLAMA_SERVER is the path of a llama-server of the same release; without it, there is no comparison with it.
set -uo pipefail
cd "$(dirname "$0")/../.."

suite_runs=1 dry='' device=cuda0 model='' out=$(mktemp -d) native=''
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry=1 ;;
    --no-suite) suite_runs='' ;;
    --device) device=$2; shift ;;
    --native) native=$2; shift ;;
    --model) model=$2; shift ;;
    --out) out=$2; shift ;;
    *) echo "run.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done

suite=artifacts/bin/Orchard.EndToEnd.Tests/debug/Orchard.EndToEnd.Tests
engine_tests=artifacts/bin/Orchard.Engine.Tests/debug/Orchard.Engine.Tests
cli=artifacts/bin/Orchard.Cli/debug/orchard-cli
benchmarks=artifacts/bin/Orchard.Benchmarks/release/orchard-benchmarks
engine=$(dirname "$suite")/engine/orchard-engine
native=${native:-$PWD/$(dirname "$engine")/native}
root=$(mktemp -d /tmp/orc.XXXXXX)
trap 'stop; rm -rf "$root"' EXIT
end=$((SECONDS + 585))
failures=0
mkdir -p "$out"
figures=$out/figures.md

export ORCHARD_NATIVE_PATH=$native ORCHARD_DEVICES=$device ORCHARD_GPU_TESTS=1 ORCHARD_CACHE_ROOT=$root ORCHARD_ENGINE_PATH=$PWD/$engine
export ORCHARD_ENGINE_GRACE_SECONDS=60

say() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
note() { printf '%s\n' "$1" | tee -a "$figures"; }
fail() { failures=$((failures + 1)); note "FAILED: $1"; }
left() { local rest=$((end - SECONDS)); echo $((rest < $1 ? (rest > 1 ? rest : 1) : $1)); }
pid() { cat "$root/engine.pid" 2>/dev/null; }
stop() { [ -n "$dry" ] || [ ! -x "$cli" ] || timeout 20 "$cli" stop >/dev/null 2>&1; }

# step LIMIT COMMAND…: runs a command within its limit and within the ten minutes.
step() {
  if [ -n "$dry" ]; then
    echo "would run, at most $1 s: ${*:2}"
  else
    timeout "$(left "$1")" "${@:2}"
  fi
}

# Memory that processes use on the GPU, in MiB; of a software device that of the engine.
memory() {
  if [ "${device#cuda}" != "$device" ] && command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits | head -n 1
  elif [ -n "$(pid)" ] && [ -r "/proc/$(pid)/status" ]; then
    awk '/^VmRSS/ { printf "%d\n", $2 / 1024 }' "/proc/$(pid)/status"
  else
    echo 0
  fi
}

# Memory of the GPU that is in use by anything, in MiB, as ORCHARD_DEVICE_MEMORY counts it; a software device has that of the system.
in_use() {
  if [ "${device#cuda}" != "$device" ]; then
    memory
  else
    awk '/^MemTotal/ { total = $2 } /^MemAvailable/ { printf "%d\n", (total - $2) / 1024 }' /proc/meminfo
  fi
}

# returned WHAT BEFORE: waits until the memory is back at what it was before, give or take 64 MiB.
returned() {
  local limit=$((SECONDS + 20)) now
  while now=$(memory) && [ "$now" -gt $(($2 + 64)) ] && [ "$SECONDS" -lt "$limit" ]; do sleep 0.2; done
  note "- $1: $2 MiB before, $now MiB after"
  [ "$now" -le $(($2 + 64)) ] || fail "$1 did not return the memory"
}

say "What is there"
for file in "$suite" "$engine_tests" "$cli" "$engine"; do
  [ -x "$file" ] && echo "found $file" || { echo "missing $file"; [ -n "$dry" ] || exit 2; }
done
[ -x "$benchmarks" ] && echo "found $benchmarks" || echo "missing $benchmarks: no throughput, and the starter model instead of a random one"
ls "$native" | grep -E 'cuda|vulkan' || echo "no GPU library in $native"
command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
[ -z "${ORCHARD_LLAMA_SERVER:-}" ] || ls "$ORCHARD_LLAMA_SERVER"
step 60 "$engine" --devices | tee "$out/devices.txt"
if [ -z "$dry" ]; then
  note "## GPU check of $(git rev-parse --short HEAD 2>/dev/null || echo unknown), $(grep ': used' "$out/devices.txt" || echo 'no GPU library used')"
  grep -q ': used' "$out/devices.txt" || { fail "no GPU library is used: $(cat "$out/devices.txt")"; exit 1; }
fi

if [ -n "$suite_runs" ]; then
  say "End-to-end suite"
  step 200 "$suite" -noColor -showLiveOutput -class '*GpuTests' -class '*ChatTests' -class '*EmbeddingTests' -class '*PromptTests' >"$out/e2e.log" 2>&1 ||
    fail "end-to-end suite, see e2e.log"
  [ -n "$dry" ] && cat "$out/e2e.log" || note "- end to end: $(grep -E 'Total:' "$out/e2e.log" | tail -n 1 | xargs); $(grep -oE '[0-9]+ of [0-9]+ greedy answers are equal' "$out/e2e.log" | tail -n 1)"
  step 100 "$engine_tests" -noColor -class '*GpuOffloadTests' >"$out/offload.log" 2>&1 || fail "experts on the host, see offload.log"
  [ -n "$dry" ] && cat "$out/offload.log" || note "- offload: $(grep -E 'Total:' "$out/offload.log" | tail -n 1 | xargs)"
fi

say "Model"
if [ -z "$model" ] && [ ! -x "$benchmarks" ]; then
  model=$PWD/$(dirname "$suite")/models/starter.gguf
elif [ -z "$model" ]; then
  model=$root/model.gguf
  step 60 "$benchmarks" gguf --shape 600m --out "$model" || fail "the model was not written"
fi

say "Fit: less and less memory on the device"
limit='' full=0
for share in 100 50 10 2; do
  [ -n "$dry" ] || stop
  [ "$share" = 100 ] || limit=$((base + full * share / 100 + 1))
  ORCHARD_DEVICE_MEMORY=$limit step 60 "$cli" bench "$model" --streams 1 --tokens 4 </dev/null >"$out/fit-$share.log" 2>&1 ||
    fail "fit into $share %, see fit-$share.log"
  if [ -n "$dry" ]; then
    cat "$out/fit-$share.log"
    base=0
    continue
  fi
  plan=$(grep -hoE 'of [0-9]+ layers .*tokens|all layers on the processor' "$root/engine.log" | tail -n 1)
  note "- fit into $share %: $plan"
  if [ "$share" = 100 ]; then
    full=$(grep -oE '\([0-9,]+ MiB\)' <<<"$plan" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }')
    step 20 "$cli" stop "$model" >/dev/null # the driver keeps some of the memory for the engine itself
    sleep 1
    base=$(in_use)
  fi
done

say "Memory after the unload and after the death of the engine"
if [ -n "$dry" ]; then
  echo "would load the model, unload it, load it again, kill the engine, and compare the memory"
else
  stop
  step 60 "$cli" bench starter --streams 1 --tokens 4 </dev/null >/dev/null 2>&1 # so that the driver is initialized
  idle=$(memory)
  step 60 "$cli" bench "$model" --streams 1 --tokens 4 </dev/null >/dev/null 2>&1 || fail "load before the unload"
  note "- the model takes $(($(memory) - idle)) MiB"
  step 20 "$cli" stop "$model" || fail "unload"
  returned "unload" "$idle"
  stop
  sleep 1
  before=$(memory)
  "$cli" bench "$model" --streams 1 --tokens 2000 </dev/null >/dev/null 2>&1 &
  running=$!
  while [ -z "$(pid)" ] || ! grep -q 'is ready' "$root/engine.log" 2>/dev/null; do sleep 0.1; [ "$SECONDS" -lt "$end" ] || break; done
  kill -KILL "$(pid)"
  kill -KILL "$running" 2>/dev/null
  wait "$running" 2>/dev/null
  rm -f "$root/engine.pid"
  returned "death of the engine" "$before"
fi

say "Throughput, beside the raw loop"
stop
if [ -x "$benchmarks" ] || [ -n "$dry" ]; then
  step 150 "$benchmarks" engine --models 100m,starter --streams 1,8,32 --runs 3 --no-interference >"$out/throughput.txt" 2>&1 ||
    fail "throughput, see throughput.txt"
  [ -n "$dry" ] && cat "$out/throughput.txt" || { note ""; note '```'; note "$(cat "$out/throughput.txt")"; note '```'; }
fi
if [ -n "${ORCHARD_LLAMA_SERVER:-}" ]; then
  step 100 tests/gpu/llama-server.sh "$ORCHARD_LLAMA_SERVER" "$model" >"$out/llama-server.txt" 2>&1 || fail "llama-server, see llama-server.txt"
  step 60 "$cli" bench "$model" --streams 1 8 32 --tokens 64 >"$out/orchard.txt" 2>&1 || fail "orchard bench, see orchard.txt"
  [ -n "$dry" ] && cat "$out/llama-server.txt" || note "- llama-server: $(tr '\n' ';' <"$out/llama-server.txt") Orchard: $(tr '\n' ';' <"$out/orchard.txt")"
else
  echo "no llama-server: set ORCHARD_LLAMA_SERVER"
fi

say "End"
[ -n "$dry" ] || note "- $SECONDS s, $failures failures"
echo "figures: $figures"
[ "$failures" = 0 ]
