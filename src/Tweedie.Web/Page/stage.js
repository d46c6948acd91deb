// The lanes side by side, one per chosen model.

import { element } from './dom.js';
import { createLane } from './lane.js';

/** Makes the stage. */
export function createStage(root, page) {
  const { store } = page;
  const lanes = new Map();

  store.watch(['chosen', 'models'], ({ loaded, chosen, models }) => {
    if (!loaded) return;
    for (const [name, lane] of lanes) {
      if (chosen.includes(name)) continue;
      lane.leave();
      lanes.delete(name);
    }
    for (const model of models) if (chosen.includes(model.name) && !lanes.has(model.name)) lanes.set(model.name, createLane(model, page));
    root.replaceChildren(...(chosen.length ? chosen.map(name => lanes.get(name).root) : [element('p', { class: 'empty-stage' }, models.length ? 'Choose a model.' : 'This server has no models.')]));
    root.classList.toggle('several', chosen.length > 1);
  });
  store.watch(['position'], () => lanes.forEach(lane => lane.render()));

  return {
    run() {
      store.set({ position: null });
      page.announcer.clear();
      for (const lane of lanes.values()) lane.run();
    },
    cancel: () => lanes.forEach(lane => lane.cancel()),
    move: by => lanes.values().next().value?.move(by),
    /** Forgets the words that were fixed: they belong to another input. */
    release() {
      for (const lane of lanes.values()) {
        lane.kept = [];
        lane.render();
      }
    },
  };
}
