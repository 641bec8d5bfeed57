import { HighlightStyle, StreamLanguage, type StringStream } from '@codemirror/language';
import { tags } from '@lezer/highlight';

/** Colours of an expression, in both languages: they share texts, numbers and names with `$`. */
export const expressionLanguage = StreamLanguage.define({
  name: 'expression',
  token: (stream: StringStream) => {
    if (stream.eatSpace()) return null;
    if (stream.match(/^(\{%|%\})/)) return 'meta';
    if (stream.match(/^\/\*.*?\*\//)) return 'comment';
    if (stream.match(/^("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)/)) return 'string';
    if (stream.match(/^`[^`]*`?/)) return 'propertyName';
    if (stream.match(/^\$states\b/)) return 'keyword';
    if (stream.match(/^\$[A-Za-z_]\w*(?=\s*\()/) || stream.match(/^States\.\w+/)) return 'variableName.function';
    if (stream.match(/^\$[\w$]*/) || stream.match(/^@/)) return 'variableName';
    if (stream.match(/^-?\d+(\.\d+)?([eE][+-]?\d+)?/)) return 'number';
    if (stream.match(/^(and|or|in|true|false|null|function)\b/)) return 'keyword';
    if (stream.match(/^[A-Za-z_]\w*/)) return 'propertyName';
    stream.next();
    return 'operator';
  },
});

export const expressionColours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--j-k)' },
  { tag: tags.string, color: 'var(--j-s)' },
  { tag: [tags.number, tags.keyword], color: 'var(--j-n)' },
  { tag: [tags.function(tags.variableName), tags.variableName], color: 'var(--g-focus)' },
  { tag: [tags.meta, tags.comment], color: 'var(--g-sub)' },
]);
