// The state of the page: one plain object, and listeners that hear of its changes.

/** Holds a state. `set` replaces members; each listener is called with the state and the members that were set. */
export function createStore(state) {
  const listeners = new Set();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, change);
    },
    /** Calls the listener now and after each change that sets one of the members, until the function that it gives back is called. */
    watch(members, listener) {
      const hear = (now, change) => members.some(member => member in change) && listener(now);
      listeners.add(hear);
      listener(state);
      return () => listeners.delete(hear);
    },
  };
}
