import type { graph as en } from './graph.en';

/** Palavras do desenho de um fluxo. */
export const graph: typeof en = {
  drawing: 'Desenhando',
  old: 'O desenho é anterior à definição: o servidor não responde. Será refeito assim que responder.',
  exportPng: 'Imagem (PNG)',
};
