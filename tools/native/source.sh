# The source of llama.cpp at the release that the engine's libraries have. Sourced by the scripts that compile parts of it.

# The version of the npm packages in src/Orchard.Engine/Native/Assets/package.json, the hash of the package that contains the source, and the
# commit in it.
version=3.22.1
integrity=sha512-bltIipuWmc123H7tMIgDGKSsSrhmhlQYeVUC48XTjVW7XGJJiJJyCdlTMzQ/LiWoPkGDpcL4FviDpgw7qfTiDw==
commit=de3ff815ea7d559ee917f063901b8986f038abc6
release=0.5.0

# fetch_source FOLDER: downloads the source from the npm package node-llama-cpp, checks it, and clones it into FOLDER.
fetch_source() {
  local download
  download=$(dirname "$1")
  (cd "$download" && npm pack --silent "node-llama-cpp@$version" >/dev/null) || fail "npm could not download node-llama-cpp@$version"
  local archive=$download/node-llama-cpp-$version.tgz digest
  digest=sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)
  [ "$digest" = "$integrity" ] || fail "node-llama-cpp@$version has another hash than it should have: $digest"
  tar xzf "$archive" -C "$download" package/llama/gitRelease.bundle
  clone_source "$download/package/llama/gitRelease.bundle" "$1"
}

# clone_source FROM FOLDER: clones the source into FOLDER, which is there only if it is complete.
clone_source() {
  rm -rf "$2.new"
  git clone --quiet --no-hardlinks "$1" "$2.new" 2>/dev/null || fail "the source in $1 could not be cloned"
  check_source "$2.new"
  mv "$2.new" "$2"
}

# check_source FOLDER: fails unless FOLDER is a clone at the commit of the release.
check_source() {
  local head
  head=$(git -C "$1" rev-parse HEAD 2>/dev/null) || fail "$1 is not a clone of llama.cpp"
  [ "$head" = "$commit" ] || fail "$1 is at commit $head, and release $release is $commit"
}
