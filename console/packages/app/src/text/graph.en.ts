/** Words of the picture of a workflow. */
export const graph = {
  drawing: 'Drawing the picture',
  old: 'The picture is older than the definition: the server does not answer. It is drawn anew as soon as it does.',
  exportPng: 'Picture (PNG)',
};
