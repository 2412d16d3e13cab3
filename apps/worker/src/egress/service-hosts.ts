/**
 * The hosts that the address of a service names: one, or several as PostgreSQL's clients take them (`a:1,b:2`), also by
 * `?host=`. It may be without a scheme, as in DOCKER_HOST. None for what is only a path of a socket.
 */
export function serviceHosts(address: string): readonly string[] {
  const [, authority = "", query = ""] =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)[^?#]*\??([^#]*)/i.exec(address) ?? [];
  const parameters = new URLSearchParams(query);
  const lists = [
    authority.slice(authority.lastIndexOf("@") + 1),
    ...["host", "hostaddr"].flatMap((name) => parameters.getAll(name)),
  ];
  return lists
    .flatMap((list) => decoded(list).split(","))
    .map(withoutPort)
    .filter(isHost);
}

function withoutPort(place: string): string {
  const [, inBrackets] = /^\[([^\]]*)\]/.exec(place) ?? [];
  // More than one colon, and no brackets: an address of IPv6 by itself.
  return inBrackets ?? (place.split(":").length > 2 ? place : (place.split(":", 1)[0] ?? ""));
}

function isHost(text: string): boolean {
  return text !== "" && !text.startsWith("/");
}

/** As it is where it is not percent-encoded rightly. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
