// The Studio: the frame around its pages.

import { render } from "preact";
import { useEffect } from "preact/hooks";
import { AccountPage } from "./account";
import { settings } from "./api";
import { Gallery, Jobs, ServicePage } from "./lists";
import { Make } from "./make";
import { resume } from "./making";
import { account, followed, page, PAGES, problem, refreshAccount, tell, theme, type Page } from "./state";

const NAMES: Record<Page, string> = {
  make: "Make",
  gallery: "Gallery",
  jobs: "Jobs",
  service: "Service",
  account: "Account",
};

function Studio() {
  useEffect(() => {
    void (async () => {
      await refreshAccount();
      document.documentElement.dataset.state = "ready";
      const job = followed.get();
      if (job) await resume(job);
    })()
      .catch(tell)
      .finally(() => (document.documentElement.dataset.state = "ready"));
  }, []);
  const dark = () => {
    const now = theme.value || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    theme.value = now === "dark" ? "light" : "dark";
  };
  const locked = settings.auth === "required" && !account.value;
  return (
    <>
      <header class="top">
        <span class="brand">AXIS Studio</span>
        <nav aria-label="Pages">
          {PAGES.map((name) => (
            <a key={name} href={`#/${name}`} aria-current={page.value === name ? "page" : undefined}>
              {NAMES[name]}
            </a>
          ))}
          <a href={`${settings.prefix}/docs`}>API</a>
        </nav>
        <button type="button" onClick={dark}>
          Light or dark
        </button>
      </header>
      {problem.value && (
        <div class="problem" role="alert">
          <span>{problem.value}</span>
          <button type="button" aria-label="Dismiss" onClick={() => (problem.value = "")}>
            ×
          </button>
        </div>
      )}
      <main>{locked ? <AccountPage /> : <Content name={page.value} />}</main>
    </>
  );
}

function Content({ name }: { name: Page }) {
  switch (name) {
    case "gallery":
      return <Gallery />;
    case "jobs":
      return <Jobs />;
    case "service":
      return <ServicePage />;
    case "account":
      return <AccountPage />;
    default:
      return <Make />;
  }
}

const app = document.getElementById("app");
if (app) render(<Studio />, app);
