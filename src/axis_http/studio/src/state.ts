// What all pages share: where one is, who one is, what is being made, what went wrong.

import { effect, signal } from "@preact/signals";
import { call, Refused, token, type Job, type Result } from "./api";

export const PAGES = ["make", "gallery", "jobs", "service", "account"] as const;
export type Page = (typeof PAGES)[number];

function pageOf(hash: string): Page {
  const name = hash.replace(/^#\/?/, "").split("/")[0];
  return PAGES.includes(name as Page) ? (name as Page) : "make";
}

export const page = signal<Page>(pageOf(location.hash));
addEventListener("hashchange", () => (page.value = pageOf(location.hash)));

export interface Account {
  user_id: string;
  email: string;
  display_name: string | null;
  plan: string;
  balance: number;
}

export const account = signal<Account | null>(null);
export const problem = signal("");
export const running = signal<(Partial<Job> & { job_id: string }) | null>(null);
export const uploaded = signal<number | null>(null);
export const result = signal<Result | null>(null);
export const original = signal<File | null>(null);

/** The job that is followed, kept over a reload. */
const FOLLOWED = "axis-job";
export const followed = {
  get: () => sessionStorage.getItem(FOLLOWED),
  set: (id: string | null) => (id ? sessionStorage.setItem(FOLLOWED, id) : sessionStorage.removeItem(FOLLOWED)),
};

export function tell(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  problem.value = error instanceof Error ? error.message : String(error);
  if (error instanceof Refused && error.status === 401) signOut();
}

/** Run something and show what went wrong. */
export function attempt(act: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    problem.value = "";
    try {
      await act();
    } catch (error) {
      tell(error);
    }
  };
}

export async function refreshAccount(): Promise<void> {
  account.value = token.get() ? await call<Account>("GET", "/portal/api/account") : null;
}

export function signOut(): void {
  token.set("");
  account.value = null;
}

export const theme = signal<string>(localStorage.getItem("axis-theme") ?? "");
effect(() => {
  if (theme.value) {
    document.documentElement.dataset.theme = theme.value;
    localStorage.setItem("axis-theme", theme.value);
  }
});
