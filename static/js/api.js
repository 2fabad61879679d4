// @ts-check
/* Calls of the HTTP API. Every error, the network's too, becomes an ApiError with a sentence for the reader. */

/**
 * @typedef {object} JobRow
 * @property {string} id
 * @property {string} demo
 * @property {"queued" | "running" | "succeeded" | "failed" | "stopped"} state
 * @property {Record<string, any>} params
 * @property {Record<string, any> | null} result
 * @property {string} error
 * @property {string} created
 * @property {string} events_url
 * @property {string} ws_url
 * @property {boolean} [mine]
 * @property {string | null} [share_url]
 */

export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{status?: number, fields?: Record<string, string[]>, retryAt?: Date | null, answer?: any}} more answer: the
   *   whole body, where it says more than the error
   */
  constructor(code, message, { status = 0, fields = {}, retryAt = null, answer = null } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.retryAt = retryAt;
    this.answer = answer;
  }
}

/**
 * @param {string} path
 * @param {{method?: string, body?: unknown, share?: string, signal?: AbortSignal, keepalive?: boolean}} options
 *   keepalive: it is sent to its end even if the page is left meanwhile
 * @returns {Promise<any>} the answer's JSON
 * @throws {ApiError}
 */
export async function request(path, { method = "GET", body, share, signal, keepalive } = {}) {
  const url = new URL(path, location.href);
  if (share) url.searchParams.set("share", share);
  const headers = new Headers({ Accept: "application/json" });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (method !== "GET") setCsrfToken(headers);
  let response;
  try {
    response = await fetch(url, {
      method,
      headers,
      signal,
      keepalive,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("offline", "The server cannot be reached. Look at your connection, then try again.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw apiError(response.status, answer, response.headers.get("Retry-After"));
}

/**
 * @param {number} status
 * @param {any} answer the body, where it was JSON
 * @param {string | null} retryAfter seconds
 */
export function apiError(status, answer, retryAfter) {
  const error = answer?.error;
  const retryAt = retryAfter ? new Date(Date.now() + Number(retryAfter) * 1000) : null;
  if (error?.message) return new ApiError(error.code, error.message, { status, fields: error.fields, retryAt, answer });
  return new ApiError("server", `The server could not answer (${status}). Try again in a moment.`, { status, retryAt });
}

/**
 * A file, sent as a form sends it.
 * @param {string} path
 * @param {FormData} form
 * @returns {Promise<any>} the answer's JSON
 * @throws {ApiError}
 */
export async function upload(path, form) {
  const headers = new Headers({ Accept: "application/json" });
  setCsrfToken(headers);
  let response;
  try {
    response = await fetch(path, { method: "POST", headers, body: form });
  } catch {
    throw new ApiError("offline", "The server cannot be reached. Look at your connection, then try again.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw apiError(response.status, answer, response.headers.get("Retry-After"));
}

/**
 * Sessions need the token; the sign-out form of the header, which only they have, holds it.
 * @param {Headers} headers
 */
function setCsrfToken(headers) {
  const input = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"));
  if (input) headers.set("X-CSRFToken", input.value);
}

/** @param {string} id */
const job = (id) => `/api/jobs/${encodeURIComponent(id)}/`;

/**
 * @param {string} demo
 * @param {Record<string, any>} params
 * @param {string | undefined} replaces
 * @returns {Promise<JobRow>}
 */
export function submitJob(demo, params, replaces) {
  return request(`/api/demos/${demo}/jobs/`, { method: "POST", body: { params, ...(replaces && { replaces }) } });
}

/**
 * @param {string} id
 * @param {string} [share]
 * @returns {Promise<JobRow>}
 */
export function getJob(id, share) {
  return request(job(id), { share });
}

/**
 * @param {string} demo
 * @returns {Promise<JobRow | null>} one's own job of this demo that has not ended
 */
export async function activeJob(demo) {
  const page = await request(`/api/jobs/?demo=${encodeURIComponent(demo)}&active=1`);
  return page.results[0] ?? null;
}

/**
 * @param {string} demo
 * @param {number} most
 * @returns {Promise<JobRow[]>} one's own jobs of this demo that have a result, newest first
 */
export async function answeredJobs(demo, most) {
  const page = await request(`/api/jobs/?demo=${encodeURIComponent(demo)}&answered=1&page_size=${most}`);
  return page.results;
}

/**
 * @typedef {object} UploadRow
 * @property {string} id
 * @property {string} name
 * @property {number} size in bytes
 * @property {Record<string, any>} facts what the demo found in it; `summary`, where there is one, is for the form
 */

/**
 * @param {string} demo
 * @param {string} field
 * @param {File} file
 * @returns {Promise<UploadRow>}
 */
export function uploadFile(demo, field, file) {
  const form = new FormData();
  form.append("demo", demo);
  form.append("field", field);
  form.append("file", file);
  return upload("/api/uploads/", form);
}

/**
 * @param {string} id
 * @returns {Promise<UploadRow>} one's own
 */
export function getUpload(id) {
  return request(`/api/uploads/${encodeURIComponent(id)}/`);
}

/**
 * @param {string} id
 * @param {"stop" | "retry" | "continue" | "share"} action
 * @returns {Promise<JobRow>}
 */
export function actOnJob(id, action) {
  return request(`${job(id)}${action}/`, { method: "POST" });
}
