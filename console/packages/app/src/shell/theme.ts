import { applyTheme } from '@cloudscape-design/components/theming';
import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles';

export type Theme = 'light' | 'dark' | 'system';

const KEY = 'passo.theme';

/** Our own colours, one scale of twelve steps. */
const PRIMARY = {
  50: '#f4f2ff',
  100: '#e8e4ff',
  200: '#d4ccff',
  300: '#b9abff',
  400: '#9f8cff',
  500: '#7c5cff',
  600: '#5b3df5',
  700: '#4a2bd6',
  800: '#3b21ad',
  900: '#2c1880',
  950: '#1e1059',
  1000: '#130a38',
};

const FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

const dark = () => matchMedia('(prefers-color-scheme: dark)');

export function theme(): Theme {
  const chosen = localStorage.getItem(KEY);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

export function isDark(): boolean {
  return theme() === 'dark' || (theme() === 'system' && dark().matches);
}

export function setTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen);
  applyMode(isDark() ? Mode.Dark : Mode.Light);
}

/** Puts colours on, once. */
export function paint(): void {
  applyTheme({
    theme: {
      tokens: { fontFamilyBase: FONT, borderRadiusContainer: '12px', borderRadiusButton: '8px' },
      referenceTokens: { color: { primary: PRIMARY } },
    } as Parameters<typeof applyTheme>[0]['theme'],
  });
  applyDensity(Density.Compact);
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  dark().addEventListener('change', () => applyMode(isDark() ? Mode.Dark : Mode.Light));
}
