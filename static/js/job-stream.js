// @ts-check
/*
 * Follows a job: every event once, in order, whatever the network does.
 *
 * A WebSocket brings the events. When it breaks, the next one asks for what came after the last event seen; when none
 * can be opened (some networks forbid them), the same events are asked for by HTTP, every second or so.
 */

import { ApiError, request } from "./api.js";
import { RunState } from "./run-state.js";

/** @import { JobRow } from "./api.js" */
/** @import { RunEvent, Change } from "./run-state.js" */
/** @typedef {"connecting" | "live" | "reconnecting" | "offline" | "closed"} Connection */

const UNKNOWN_JOB = 4404;
const WAITS = [250, 500, 1000, 2000];
const LONG_HIDDEN = 20_000;

/**
 * @param {JobRow} job
 * @param {object} options
 * @param {string} [options.share] a share link's token
 * @param {(change: Change, event: RunEvent, state: RunState) => void} options.onEvent
 * @param {(connection: Connection) => void} options.onConnection
 * @param {() => void} options.onGone the job is not there (any more), or not for this reader
 * @returns {{state: RunState, close: () => void}}
 */
export function followJob(job, { share, onEvent, onConnection, onGone }) {
  const state = new RunState();
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let closed = false;
  let hiddenSince = 0;

  /** @param {RunEvent} event */
  function take(event) {
    const change = state.take(event);
    if (change === "gap") return reconnect();
    onEvent(change, event, state);
    if (state.final) end();
  }

  function connect() {
    clearTimeout(timer);
    drop(); // one socket at a time: the network may have come back while catchUp waited
    const url = urlAfter(job.ws_url, state.last, share);
    url.protocol = url.protocol.replace("http", "ws");
    const opened = new WebSocket(url);
    socket = opened;
    opened.onopen = () => onConnection("live");
    opened.onmessage = (message) => {
      if (socket !== opened) return;
      failures = 0; // not before: the server opens every socket, and then looks whether it can serve it
      take(JSON.parse(message.data));
    };
    opened.onclose = ({ code }) => {
      if (socket !== opened) return;
      socket = null;
      if (code === UNKNOWN_JOB) gone();
      else retry();
    };
  }

  function drop() {
    const old = socket;
    socket = null; // first, so that its onclose knows it was dropped
    old?.close();
  }

  function reconnect() {
    onConnection("reconnecting");
    connect();
  }

  function retry() {
    onConnection(navigator.onLine ? "reconnecting" : "offline");
    const wait = WAITS[Math.min(failures, WAITS.length - 1)];
    failures += 1;
    timer = setTimeout(catchUp, wait * (0.75 + Math.random() / 2));
  }

  /** By HTTP, in case it is only the socket that does not get through; then the socket again. */
  async function catchUp() {
    try {
      const { events } = await request(urlAfter(job.events_url, state.last, share).href);
      if (closed) return;
      for (const event of events) {
        take(event);
        if (closed) return;
      }
    } catch (error) {
      if (closed) return;
      if (error instanceof ApiError && error.status === 404) return gone();
    }
    connect();
  }

  function gone() {
    end();
    onGone();
  }

  function end() {
    closed = true;
    clearTimeout(timer);
    drop();
    watch.abort();
    onConnection("closed");
  }

  const watch = new AbortController();
  addEventListener("online", reconnect, { signal: watch.signal });
  addEventListener(
    "offline",
    () => {
      clearTimeout(timer);
      drop();
      onConnection("offline");
    },
    { signal: watch.signal },
  );
  document.addEventListener(
    "visibilitychange",
    () => {
      // A laptop that slept may hold a socket that is open in name only.
      if (document.hidden) hiddenSince = Date.now();
      else if (hiddenSince && Date.now() - hiddenSince > LONG_HIDDEN) reconnect();
    },
    { signal: watch.signal },
  );

  onConnection("connecting");
  connect();
  return { state, close: () => closed || end() };
}

/**
 * @param {string} path
 * @param {number} last
 * @param {string} [share]
 */
function urlAfter(path, last, share) {
  const url = new URL(path, location.href);
  url.searchParams.set("after", String(last));
  if (share) url.searchParams.set("share", share);
  return url;
}
