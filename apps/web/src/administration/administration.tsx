import "./administration.css";
import { Keys } from "./keys.tsx";
import { Tenants } from "./tenants.tsx";

/** Who may use the service, and how much of it: for keys with the scope `admin`, of their own tenant or of all. */
export function Administration() {
  return (
    <>
      <Keys />
      <Tenants />
    </>
  );
}
