// The request of a lane as a command and as code, to be copied. The key itself is never in them.

import { addressOf } from './requests.js';

const shell = text => `'${text.replaceAll("'", "'\\''")}'`;

/** For a shell. */
export function curl(request, hasKey) {
  const lines = [`curl -N ${shell(addressOf(request))}`, `-H ${shell('Accept: text/event-stream')}`];
  if (hasKey) lines.push('-H "Authorization: Bearer $TWEEDIE_KEY"');
  if (request.image) lines.push(`-F ${shell(`image=@"${request.image.name.replaceAll('"', '\\"')}"`)}`, `--form-string ${shell(`request=${JSON.stringify(request.body)}`)}`);
  else lines.push(`-H ${shell('Content-Type: application/json')}`, `-d ${shell(JSON.stringify(request.body))}`);
  return lines.join(' \\\n  ');
}

/** For a C# program. */
export function csharp(request, hasKey) {
  const json = raw(JSON.stringify(request.body));
  return [
    request.image ? null : 'using System.Net.Http.Headers;',
    'using System.Net.ServerSentEvents;',
    '',
    'using var client = new HttpClient();',
    hasKey ? 'client.DefaultRequestHeaders.Authorization = new("Bearer", Environment.GetEnvironmentVariable("TWEEDIE_KEY"));' : null,
    'client.DefaultRequestHeaders.Accept.Add(new("text/event-stream"));',
    ...(request.image
      ? ['using var content = new MultipartFormDataContent', '{',
        `    { new StringContent(${json}), "request" },`,
        `    { new ByteArrayContent(File.ReadAllBytes(${literal(request.image.name)})) { Headers = { ContentType = new(${literal(request.image.blob.type || 'image/png')}) } }, "image", ${literal(request.image.name)} },`,
        '};']
      : [`using var content = new StringContent(${json}, new MediaTypeHeaderValue("application/json"));`]),
    `using var request = new HttpRequestMessage(HttpMethod.Post, ${literal(addressOf(request))}) { Content = content };`,
    'using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);',
    'response.EnsureSuccessStatusCode();',
    'await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())',
    '    Console.WriteLine($"{item.EventType}: {item.Data}");',
  ].filter(line => line !== null).join('\n');
}

const literal = text => JSON.stringify(text);

// A raw string literal has more quotes at its ends than any run inside it.
function raw(text) {
  const quotes = '"'.repeat(Math.max(3, ...[...text.matchAll(/"+/g)].map(run => run[0].length + 1)));
  return text.startsWith('"') || text.endsWith('"') ? JSON.stringify(text) : quotes + text + quotes;
}
