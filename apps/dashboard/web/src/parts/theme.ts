export type Theme = 'system' | 'dark' | 'light';
const themes: readonly Theme[] = ['system', 'dark', 'light'];

export function theme(): Theme {
  const kept = localStorage.getItem('pawl-theme');
  return themes.find((one) => one === kept) ?? 'system';
}

export function applyTheme(chosen: Theme = theme()): void {
  localStorage.setItem('pawl-theme', chosen);
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

export const nextTheme = (now: Theme): Theme => themes[(themes.indexOf(now) + 1) % themes.length] ?? 'system';
