import { en } from './en';
import type { Language } from './index';
import { pt } from './pt';

/** A language's name in that language. */
export function languageName(language: Language): string {
  return language === 'en' ? en.name : pt.name;
}
