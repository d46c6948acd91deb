// Server-sent events over fetch: EventSource can neither post nor send a key.

/** The server says something every 15 seconds; after three times as long it counts as gone. */
const SILENCE = 45_000;

/** Reads the events of a response: `{ type, data }` with the data parsed as JSON. Throws a TypeError if the connection breaks or stays silent. */
export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await withinTime(reader.read());
      if (done) return;
      const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => { });
  }
}

function parse(block) {
  let type = 'message';
  const data = [];
  for (const line of block.split('\n')) {
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (name === 'event') type = value;
    else if (name === 'data') data.push(value);
  }
  return data.length ? { type, data: JSON.parse(data.join('\n')) } : null;
}

function withinTime(reading) {
  let timer;
  const silence = new Promise((_, reject) => { timer = setTimeout(() => reject(new TypeError('The server is silent.')), SILENCE); });
  return Promise.race([reading, silence]).finally(() => clearTimeout(timer));
}
