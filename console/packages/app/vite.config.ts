import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the server is while one develops; `PASSO_URL=http://127.0.0.1:4566 npm run dev`. */
const server = process.env.PASSO_URL ?? 'http://127.0.0.1:4566';

/** Few chunks with names that stay: what a change does not touch keeps its hash, and its committed file. */
const CHUNKS: readonly (readonly [name: string, of: RegExp])[] = [
  [
    'cloudscape',
    /@cloudscape-design|node_modules\/(ace-|mnth|weekstart|balanced-match|@juggle|d3-shape|d3-path|intl-messageformat|@formatjs|date-fns|react-transition|@dnd-kit)/,
  ],
  ['xyflow', /@xyflow|node_modules\/(d3-|zustand|classcat)/],
  ['codemirror', /@codemirror|@lezer|style-mod|crelt|w3c-keyname/],
  ['react', /node_modules\/(react|react-dom|scheduler|use-sync-external-store)\//],
  ['tanstack', /@tanstack/],
];

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  worker: { format: 'es' },
  server: {
    proxy: {
      '/_passo': server,
      '/health': server,
      '^/$': { target: server, bypass: (request) => (request.method === 'POST' ? undefined : '/console/') },
    },
  },
  build: {
    target: 'es2023',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 3000,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        manualChunks: (id: string) => CHUNKS.find(([, of]) => of.test(id))?.[0],
      },
    },
  },
});
