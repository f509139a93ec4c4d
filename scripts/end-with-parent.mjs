// Ends the process that loads this (node --import) as SIGTERM does, when the process that started it is gone: npm that
// was killed passes no signal on. `?parent=PID` says which process that is; without it nothing is watched.
import { isMainThread } from "node:worker_threads";

const LOOK_MS = 500;
const parent = new URL(import.meta.url).searchParams.get("parent");

if (parent !== null && isMainThread) watchParent(Number(parent));

/** A process whose parent ends gets another one: the kernel's own word, also for a parent that nobody collected. */
export function watchParent(pid, onGone = () => process.kill(process.pid, "SIGTERM")) {
  const look = () => {
    if (process.ppid === pid) return;
    clearInterval(timer);
    onGone();
  };
  const timer = setInterval(look, LOOK_MS).unref();
  look();
}
