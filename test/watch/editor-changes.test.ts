import assert from 'node:assert/strict';
import { changed, EditorChanges } from '../../adapter/watch/editor-changes';
import { Watch } from '../../adapter/watch/watch';
import type { WatchWish } from '../../adapter/watch/watch';

const wish = (more: Partial<WatchWish> = {}): WatchWish => ({
  key: 'a',
  access: 'change',
  threads: 'all',
  target: { kind: 'global', expression: 'a', lengthBytes: 4, typeName: 'int' },
  ...more,
});

describe("changes of the editor's watches", () => {
  const changes = (): { all: EditorChanges; watch: Watch } => {
    const all = new EditorChanges();
    const watch = new Watch(1, wish());
    all.belongs(watch, wish());
    return { all, watch };
  };

  it('last while the editor says the same, and no longer', () => {
    const { all, watch } = changes();
    all.keep(watch, { mode: 'log', condition: '$new > 3' });
    assert.deepEqual(all.apply(wish()), wish({ mode: 'log', condition: '$new > 3' }));
    assert.deepEqual(all.apply(wish({ condition: 'b' })), wish({ mode: 'log', condition: 'b' }));
    assert.deepEqual(all.apply(wish()), wish({ mode: 'log' }), 'what the editor has said itself counts from then on');
  });

  it('belong to one id and access', () => {
    const { all, watch } = changes();
    all.keep(watch, { disabled: true });
    assert.deepEqual(all.apply(wish({ key: 'b' })), wish({ key: 'b' }));
    assert.deepEqual(all.apply(wish({ access: 'read' })), wish({ access: 'read' }));
  });

  it('may take away what the editor says, and end with the watch', () => {
    const { all, watch } = changes();
    all.belongs(watch, wish({ condition: 'x' }));
    all.keep(watch, { condition: undefined });
    assert.deepEqual(all.apply(wish({ condition: 'x' })), wish());
    all.forget(watch);
    assert.deepEqual(all.apply(wish({ condition: 'x' })), wish({ condition: 'x' }));
  });

  it('are not kept of watches that are not its own', () => {
    const all = new EditorChanges();
    all.keep(new Watch(2, wish({ origin: 'view' })), { mode: 'count' });
    assert.deepEqual(all.apply(wish()), wish());
    assert.deepEqual(changed(wish({ hitCondition: '3' }), { hitCondition: undefined }), wish());
  });
});
