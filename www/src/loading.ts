/** Loading the engine, and telling apart what it says when that fails. */

/** A fault of ours: the engine did not load, or it stopped. What somebody typed is never the reason. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}

/** Loads the engine by `start` on the first call; after a failure the next call tries again. */
export function loader<E>(start: () => Promise<E>): () => Promise<E> {
  let loading: Promise<E> | undefined;
  const load = async (): Promise<E> => {
    try {
      return await start();
    } catch (error) {
      loading = undefined;
      const why = typeof WebAssembly === "undefined" ? "this browser has no WebAssembly" : reason(error);
      throw new EngineError(`The validator did not load: ${why}. The fault is ours or the network's, not yours.`);
    }
  };
  return () => (loading ??= load());
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

/** What to say of an error. A trap of WebAssembly is our fault; the rest is said by the engine of its input. */
export function explainError(error: unknown): { message: string; ours: boolean } {
  if (error instanceof EngineError) return { message: error.message, ours: true };
  if (error instanceof WebAssembly.RuntimeError) {
    const message = `The validator stopped: ${reason(error)}. The fault is ours; reload the page to go on.`;
    return { message, ours: true };
  }
  return { message: reason(error), ours: false };
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
