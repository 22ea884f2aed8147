// Who one is: signing up and in, keys, tokens.

import { useEffect, useState } from "preact/hooks";
import { call, settings, token } from "./api";
import { account, attempt, refreshAccount, signOut, tell } from "./state";

interface Key {
  key_id: string;
  name: string;
  prefix: string;
  last4: string;
  scopes: string[];
  created_at: string;
  revoked_at: string | null;
}

export function AccountPage() {
  if (settings.auth === "open")
    return (
      <section aria-label="Account">
        <h1>Account</h1>
        <p>This server is open to this machine alone: there are no accounts, and none is needed.</p>
      </section>
    );
  return account.value ? <Signed /> : <SignIn />;
}

function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = (path: string) =>
    attempt(async () => {
      const answer = await call<{ token: string }>("POST", path, { email, password });
      token.set(answer.token);
      setPassword("");
      await refreshAccount();
    });
  return (
    <section aria-label="Sign in">
      <h1>Sign in</h1>
      <form
        class="narrow"
        onSubmit={(e) => {
          e.preventDefault();
          void enter("/portal/api/login")();
        }}
      >
        <label>
          <span>E-mail</span>
          <input
            type="email"
            autocomplete="username"
            required
            value={email}
            onInput={(e) => setEmail((e.target as HTMLInputElement).value)}
          />
        </label>
        <label>
          <span>Password</span>
          <input
            type="password"
            autocomplete="current-password"
            required
            minLength={10}
            value={password}
            onInput={(e) => setPassword((e.target as HTMLInputElement).value)}
          />
        </label>
        <div class="axis-row">
          <button type="submit" class="main">
            Sign in
          </button>
          {settings.signup === "open" && (
            <button type="button" onClick={enter("/portal/api/signup")}>
              Sign up
            </button>
          )}
        </div>
        <p class="note">A password has 10 to 128 characters.</p>
      </form>
    </section>
  );
}

function Signed() {
  const who = account.value;
  const leave = attempt(async () => {
    await call("POST", "/portal/api/logout").finally(signOut);
  });
  if (!who) return null;
  return (
    <section aria-label="Account">
      <h1>Account</h1>
      <dl class="axis-facts">
        <dt>E-mail</dt>
        <dd>{who.email}</dd>
        <dt>Plan</dt>
        <dd>{who.plan}</dd>
        <dt>Tokens</dt>
        <dd>{who.balance}</dd>
      </dl>
      <button type="button" onClick={leave}>
        Sign out
      </button>
      <Keys />
    </section>
  );
}

function Keys() {
  const [keys, setKeys] = useState<Key[]>([]);
  const [name, setName] = useState("");
  const [secret, setSecret] = useState("");
  const load = () => call<{ keys: Key[] }>("GET", "/portal/api/keys").then((d) => setKeys(d.keys), tell);
  useEffect(() => void load(), []);
  const make = attempt(async () => {
    const made = await call<{ key: string }>("POST", "/portal/api/keys", { name });
    setSecret(made.key);
    setName("");
    await load();
  });
  const revoke = (key: Key) =>
    attempt(async () => {
      await call("DELETE", `/portal/api/keys?key_id=${encodeURIComponent(key.key_id)}`);
      await load();
    });
  return (
    <section aria-label="Keys">
      <h2>Keys</h2>
      <form
        class="axis-row"
        onSubmit={(e) => {
          e.preventDefault();
          void make();
        }}
      >
        <input
          type="text"
          aria-label="Name of the new key"
          placeholder="Name of the new key"
          required
          maxLength={80}
          value={name}
          onInput={(e) => setName((e.target as HTMLInputElement).value)}
        />
        <button type="submit">Make a key</button>
      </form>
      {secret && (
        <p class="note" role="status">
          Copy it now, it is shown once: <code class="secret">{secret}</code>
        </p>
      )}
      <ul class="findings">
        {keys.map((key) => (
          <li key={key.key_id}>
            <strong>{key.name}</strong> {key.prefix}…{key.last4} ({key.scopes.join(", ")}){" "}
            {key.revoked_at ? (
              "revoked"
            ) : (
              <button type="button" aria-label={`Revoke ${key.name}`} onClick={revoke(key)}>
                Revoke
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
