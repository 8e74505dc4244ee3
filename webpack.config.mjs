import path from 'node:path';

const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

/** @returns {import('webpack').Configuration} */
const bundle = (name, entry, externals, target = 'node20') => ({
  name,
  target,
  mode: 'production',
  entry: { [name]: entry },
  output: {
    path: path.join(root, 'dist'),
    filename: '[name].js',
    chunkFilename: '[name].js',
    ...(target === 'web' ? {} : { libraryTarget: 'commonjs2' }),
  },
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [
      {
        test: /\.ts$/,
        exclude: /node_modules/,
        use: {
          loader: 'ts-loader',
          options: { transpileOnly: true, compilerOptions: { noEmit: false, incremental: false } },
        },
      },
    ],
  },
  externals,
  devtool: 'source-map',
  // What a verb loads when it is asked for is one file beside the bundle.
  optimization: { minimize: false, splitChunks: false },
  performance: { hints: false },
  stats: 'errors-warnings',
});

// `vscode` exists only inside the extension host.
export default [
  bundle('extension', './extension/main.ts', { vscode: 'commonjs vscode' }),
  bundle('adapter', './adapter/main.ts', {}),
  // The page in the history panel.
  bundle('history', './extension/history/webview/main.ts', {}, 'web'),
];
