import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { en } from './en';
import { type Formats, formats } from './formats';
import { pt } from './pt';

export type Text = typeof en;
export type Language = 'en' | 'pt-BR';

export const LANGUAGES: readonly Language[] = ['en', 'pt-BR'];

const TEXTS: Record<Language, Text> = { en, 'pt-BR': pt };
const KEY = 'passo.language';

interface Words {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly text: Text;
  readonly format: Formats;
}

const Context = createContext<Words | undefined>(undefined);

/** The language that was chosen, or else the one that the browser asks for. */
function preferred(): Language {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'en' || chosen === 'pt-BR') return chosen;
  const wanted = navigator.languages.find((language) => /^(pt|en)/i.test(language));
  return wanted !== undefined && /^pt/i.test(wanted) ? 'pt-BR' : 'en';
}

export function TextProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState(preferred);
  const words = useMemo<Words>(() => {
    document.documentElement.lang = language;
    const setLanguage = (wanted: Language) => {
      localStorage.setItem(KEY, wanted);
      choose(wanted);
    };
    return { language, setLanguage, text: TEXTS[language], format: formats(language) };
  }, [language]);
  return <Context.Provider value={words}>{children}</Context.Provider>;
}

/** The words of the chosen language, and how it writes numbers and times. */
export function useText(): Words {
  const words = useContext(Context);
  if (words === undefined) throw new Error('useText stands outside of TextProvider');
  return words;
}

export { languageName } from './names';
