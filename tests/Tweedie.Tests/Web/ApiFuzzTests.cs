using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tweedie.Tests.Web;

/// <summary>
/// Requests that the OpenAPI document describes, and mutations of them, are sent to every endpoint: the answer is always a result or a problem that names a mistake, and
/// never a fault of the server.
/// </summary>
public sealed class ApiFuzzTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private const int RequestsPerOperation = 60;

    [Fact]
    public async Task No_request_that_the_document_allows_makes_the_server_fail()
    {
        await using var server = await TinyServer.StartAsync(folders, ServedFolders.Names, options => options.Limits = options.Limits with { Steps = 20, Count = 4, Draws = 4, Length = 40, Deadline = TimeSpan.FromSeconds(100) });
        var document = JsonNode.Parse(await server.Client.GetStringAsync("/openapi/v1.json"))!;
        var random = new Random(7);
        var (succeeded, operations) = (new HashSet<string>(), new HashSet<string>());
        foreach (var (path, methods) in document["paths"]!.AsObject())
            foreach (var (method, operation) in methods!.AsObject())
                for (var number = 0; number < RequestsPerOperation; number++)
                {
                    var name = $"{method} {path}";
                    operations.Add(name);
                    var model = number % 10 == 9 ? "nobody" : ServedFolders.Names[random.Next(ServedFolders.Names.Count)];
                    var url = path.Replace("{name}", model, StringComparison.Ordinal);
                    using var request = new HttpRequestMessage(HttpMethod.Parse(method.ToUpperInvariant()), url);
                    var schema = operation!["requestBody"]?["content"]?["application/json"]?["schema"];
                    var body = schema is null ? null : new Values(document, random, number % 3 == 2).Of(schema, 0);
                    if (body is JsonObject members)
                        Help(members, path, model, random);
                    if (schema is not null)
                        request.Content = new StringContent(body?.ToJsonString() ?? "null", new MediaTypeHeaderValue("application/json"));
                    if (number % 4 == 3)
                        request.Headers.Accept.ParseAdd("text/event-stream");

                    using var response = await server.Client.SendAsync(request);

                    var text = await response.Content.ReadAsStringAsync();
                    var status = (int)response.StatusCode;
                    if (status == 200)
                        succeeded.Add(name);
                    var said = $"{name} with {body?.ToJsonString()} says {status} {text}";
                    status.Should().BeOneOf([200, 400, 404, 413], said);
                    text.Should().NotContainAny("\"status\":500", "   at ", folders.Of(""));
                    if (status != 200 && !path.StartsWith("/api/gallery/", StringComparison.Ordinal))
                        JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString().Should().NotBeNullOrEmpty(said);
                }

        operations.Should().HaveCountGreaterThan(12);
        operations.Except(succeeded).Should().BeEquivalentTo(["get /api/gallery/{name}"], "some request of every other operation is one that can be answered");
    }

    // What a document cannot say: images, texts of a vocabulary, and which members a kind of model needs. One request in four goes without that.
    private static void Help(JsonObject request, string path, string model, Random random)
    {
        if (random.Next(4) == 0)
            return;
        var (fills, scores, writes) = (path.EndsWith("fill", StringComparison.Ordinal), path.EndsWith("score", StringComparison.Ordinal), model.StartsWith("text", StringComparison.Ordinal));
        var takesImages = path.EndsWith("classify", StringComparison.Ordinal) || path.EndsWith("caption", StringComparison.Ordinal) || ((fills || scores) && model.StartsWith("caption", StringComparison.Ordinal));
        Set("images", takesImages, () => new JsonArray(TinyServer.Url(random.Next(3))));
        Set("template", (fills && model != "rows") || request.ContainsKey("template"), () => random.Next(4) == 0 ? "nonsense [" : "a [_] dog");
        Set("prompt", request.ContainsKey("prompt") && model != "rows", () => "a small");
        Set("length", request.ContainsKey("length") && writes, () => random.Next(1, 30));
        Set("texts", scores && model != "rows", () => new JsonArray(writes ? "a small dog runs on green grass" : "a small dog"));
        Set("rows", (fills || scores) && model == "rows", () => new JsonArray(new JsonArray(scores ? "red" : null, "small", "disc")));
        Set("count", request.ContainsKey("count") && (writes || !fills), () => random.Next(1, 4));
        Set("model", request.ContainsKey("model"), () => random.Next(2) == 0 ? "text-mdd" : "caption-mdd");
        Set("messages", path.StartsWith("/v1/", StringComparison.Ordinal), () => new JsonArray(new JsonObject
        {
            ["role"] = "user",
            ["content"] = new JsonArray(
                new JsonObject { ["type"] = "text", ["text"] = "two" }, new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = TinyServer.Url() } }),
        }));

        void Set(string member, bool isNeeded, Func<JsonNode?> value)
        {
            request.Remove(member);
            if (isNeeded)
                request[member] = value();
        }
    }

    /// <summary>Values of a schema; wild ones do not keep to it.</summary>
    private sealed class Values(JsonNode document, Random random, bool wild)
    {
        public JsonNode? Of(JsonNode schema, int depth)
        {
            if (schema["$ref"]?.GetValue<string>() is { } reference)
                return Of(reference.Split('/')[1..].Aggregate(document, (node, name) => node[name]!), depth);
            if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray ways)
                return Of(ways[^1]!, depth);
            if (wild && random.Next(6) == 0)
                return Wild();
            if (schema["enum"] is JsonArray names)
                return names[random.Next(names.Count)]?.DeepClone();
            return TypeOf(schema) switch
            {
                "object" => Object(schema, depth),
                "array" => depth > 5 ? new JsonArray() : new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Of(schema["items"] ?? new JsonObject(), depth + 1))]),
                "integer" => JsonValue.Create((long)Number(schema, whole: true)),
                "number" => JsonValue.Create(Number(schema, whole: false)),
                "boolean" => JsonValue.Create(random.Next(2) == 0),
                "string" => JsonValue.Create(random.Next(2) == 0 ? "user" : "a"),
                _ => null,
            };
        }

        private JsonObject Object(JsonNode schema, int depth)
        {
            var value = new JsonObject();
            foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
                if (random.Next(depth == 0 ? 2 : 8) == 0 && member is not null)
                    value[name] = Of(member, depth + 1);
            if (wild && random.Next(4) == 0)
                value["unknown"] = 1;
            return value;
        }

        private double Number(JsonNode schema, bool whole)
        {
            var (least, most) = (schema["minimum"]?.GetValue<double>() ?? 0, schema["maximum"]?.GetValue<double>() ?? 3);
            most = Math.Min(most, Math.Max(least, 0) + (wild ? 50 : 3));
            return whole ? random.NextInt64((long)least, (long)most + 1) : least + (most - least) * random.NextDouble();
        }

        private JsonNode? Wild() => random.Next(9) switch
        {
            0 => null,
            1 => JsonValue.Create(-1),
            2 => JsonValue.Create(1e300),
            3 => JsonValue.Create(long.MaxValue),
            4 => JsonValue.Create("\u0000<b>\"'"),
            5 => new JsonArray(),
            6 => new JsonObject { ["a"] = new JsonArray(1, "2", null) },
            7 => JsonValue.Create(new string('x', 3000)),
            _ => JsonValue.Create(true),
        };

        private static string? TypeOf(JsonNode schema) => schema["type"] switch
        {
            JsonArray types => types.Select(type => type!.GetValue<string>()).FirstOrDefault(type => type != "null" && type != "string") ?? types[0]!.GetValue<string>(),
            { } type => type.GetValue<string>(),
            null => null,
        };
    }
}
