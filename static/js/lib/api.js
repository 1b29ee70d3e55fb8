// The REST API as the pages use it: JSON in and out, the session's CSRF token, errors as ApiError.

import { _ } from "./i18n.js";

/** Refused or failed: `status` (0 when the server was not reached), `code`, `message` and the whole `body`. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body.message || _("The server did not answer as expected."));
    this.status = status;
    this.code = body.code || "";
    this.body = body;
  }
}

/** The CSRF token of this session: from the cookie, else from the page. */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? decodeURIComponent(cookie[1]) : document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
}

async function bodyOf(response) {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return { message: response.ok ? "" : `${response.status} ${response.statusText}` };
  }
}

/**
 * Asks `/api/v1/` + `path`; `body` is sent as JSON. Resolves to the answer's JSON (null when empty);
 * rejects with ApiError, or with AbortError when `signal` was aborted.
 */
export async function request(method, path, { body, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method, headers, signal, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { code: "Unreachable", message: _("The server cannot be reached. Nothing is lost; try again.") });
  }
  const answer = await bodyOf(response);
  if (!response.ok) throw new ApiError(response.status, answer || {});
  return answer;
}

export const get = (path, options) => request("GET", path, options);
export const post = (path, body, options) => request("POST", path, { ...options, body });
export const put = (path, body, options) => request("PUT", path, { ...options, body });
export const patch = (path, body, options) => request("PATCH", path, { ...options, body });
export const remove = (path, options) => request("DELETE", path, options);
