#!/usr/bin/env node
// vscode-host.cjs: given to @vscode/test-electron as VS Code's executable; main.ts does the work.
require('tsx/cjs');
require('./main.ts')
  .main(process.argv.slice(2))
  .then(
    (code) => process.exit(code),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
