using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tweedie.Diffusion;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Web.Batching;
using static TorchSharp.torch;

namespace Tweedie.Tests.Web;

/// <summary>Requests that wait together are computed together, and each has the result that it would have alone.</summary>
public sealed class BatchingTests(ServedFolders folders) : IClassFixture<ServedFolders>
{
    private const double NearTie = 1e-3;

    public static TheoryData<string, SamplingOptions> Samplings => new()
    {
        { "caption-tdd", new() { Steps = 6 } },
        { "caption-tdd", new() { Steps = 6, Sampler = SamplerKind.Posterior, Soft = true } },
        { "caption-tdd", new() { Steps = 6, Sampler = SamplerKind.Ddim, Eta = 0.5, Guidance = 2 } },
        { "caption-tdd", new() { Steps = 6, Sampler = SamplerKind.Commit } },
        { "caption-tdd", new() { Steps = 6, ToOne = ToOneKind.Multinomial, Draws = 2 } },
        { "caption-mdd", new() { Steps = 4 } },
        { "caption-mdd", new() { Steps = 4, Unmasking = UnmaskingKind.Ancestral, ToOne = ToOneKind.Multinomial } },
        { "caption-ar", new() { ToOne = ToOneKind.Multinomial, Temperature = 2 } },
    };

    [Theory]
    [MemberData(nameof(Samplings))]
    public void A_trajectory_is_the_same_alone_and_in_any_batch(string model, SamplingOptions sampling)
    {
        using var captioner = ImageCaptioner.Load(folders.Of(model));
        using var scope = NewDisposeScope();
        var condition = captioner.Encode(captioner.Prepare([.. Enumerable.Range(0, 5).Select(TinyServer.Image)]));
        var (reverse, draws) = (captioner.Model.Reverse(sampling), sampling.Draws);
        IReadOnlyList<long>[] seeds = [.. Enumerable.Range(0, 5).Select(item => ItemNoise.Seeds(100 + item, [0], draws))];
        var knownRows = Enumerable.Range(0, 5).Select(item => captioner.Row(TokenTemplate.Parse(item % 2 == 0 ? "a [_] dog..." : "two [__]", captioner.Tokenizer))).ToArray();

        foreach (var known in new[] { false, true })
        {
            var ties = 0;
            var together = Run(condition, [.. seeds.SelectMany(own => own)], known ? knownRows : null);
            for (var item = 0; item < 5; item++)
            {
                var alone = Run(condition.narrow(0, item, 1), seeds[item], known ? [knownRows[item]] : null);
                var steps = Math.Min(alone.Count, together.Count); // token by token, a batch goes on until its last row has ended
                for (var step = 0; step < steps; step++)
                {
                    var (own, shared) = (alone[step], (Tokens: together[step].Tokens[(item * draws)..((item + 1) * draws)], Scores: together[step].Scores.narrow(0, item * draws, draws)));
                    ((own.Scores - shared.Scores).abs().max().item<float>() / Math.Max(1, own.Scores.abs().max().item<float>())).Should().BeLessThan(1e-5f, $"{model}, item {item}, step {step}");
                    if (own.Tokens.Zip(shared.Tokens, (a, b) => a.SequenceEqual(b)).All(same => same))
                        continue;
                    ties++;
                    var best = own.Scores.topk(2, -1).values;
                    (best.select(-1, 0) - best.select(-1, 1)).min().item<float>().Should().BeLessThan((float)NearTie, "tokens differ only where two are as good as equal");
                    break; // from here on the trajectories differ
                }
            }
            ties.Should().BeLessThan(2, "near ties are rare");
        }

        List<(long[][] Tokens, Tensor Scores)> Run(Tensor of, IReadOnlyList<long> own, long[][]? rows)
        {
            using var constraint = rows is null ? null : captioner.Constrain(rows);
            return [.. captioner.Model.Denoise(of, reverse, own, constraint, CancellationToken.None).Select(step => (step.Snapshot().Tokens.ToArray(), step.Logits.All().clone()))];
        }
    }

    [Fact]
    public void A_batch_of_given_seeds_is_a_batch_of_the_library()
    {
        using var captioner = ImageCaptioner.Load(folders.Of("caption-tdd"));
        using var scope = NewDisposeScope();
        var condition = captioner.Encode(captioner.Prepare([TinyServer.Image(0), TinyServer.Image(1)]));
        var sampling = new SamplingOptions { Steps = 4, Seed = 9 };

        var steps = captioner.Model.Denoise(condition, captioner.Model.Reverse(sampling), ItemNoise.Seeds(9, [0, 1]), null, CancellationToken.None);

        steps.Select(step => step.Snapshot().Tokens).ToList()[^1].Should().BeEquivalentTo(captioner.Denoise(condition, sampling).Select(step => step.Snapshot().Tokens).ToList()[^1]);
        FluentActions.Invoking(() => captioner.Model.Denoise(condition, captioner.Model.Reverse(sampling), [1, 2, 3], null, default)).Should().Throw<ArgumentException>().WithMessage("*a multiple of 2 items, got 3*");
    }

    [Fact]
    public async Task Requests_that_wait_are_joined_where_only_their_seeds_differ()
    {
        const string name = "caption-tdd";
        await using var server = await TinyServer.StartAsync(folders, [name], options => options.BatchSize = 4);
        var alone = new List<string>();
        for (var number = 0; number < 6; number++)
            alone.Add((await AskAsync(number)).ToString());

        var batches = new List<int>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Name == "tweedie.web.batch.rows") listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<int>((_, rows, tags, _) => { if (Thread.CurrentThread.Name == $"Tweedie {name}" && IsOf(tags)) lock (batches) batches.Add(rows); });
        listener.Start();
        List<Task<System.Text.Json.JsonElement>> asked;
        using (server.Block(name))
        {
            lock (batches)
                batches.Clear();
            asked = [.. Enumerable.Range(0, 6).Select(AskAsync), AskInAsync(0, steps: 3)];
            await TinyServer.UntilAsync(() => server.Waiting(name) == 7, "all wait");
        }
        var together = (await Task.WhenAll(asked)).Take(6).Select(result => result.ToString());

        together.Should().Equal(alone);
        lock (batches)
            batches.Should().BeEquivalentTo([4, 2, 1], "four fit into a batch, two are left, and one has another number of steps");

        Task<System.Text.Json.JsonElement> AskInAsync(int number, int steps) =>
            server.ResultAsync($"/api/models/{name}/caption", new { images = new[] { TinyServer.Url(number) }, sampling = new { steps, seed = number }, template = number % 2 == 0 ? "a [_] dog..." : "[__] big..." });
        Task<System.Text.Json.JsonElement> AskAsync(int number) => AskInAsync(number, 4);
        static bool IsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.Length == 1 && Equals(tags[0].Value, name);
    }

    [Fact]
    public async Task Work_that_nobody_waits_for_stops_within_a_step()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd", "text-tdd"]);
        var version = server.Models.Borrow("text-tdd");
        using var gone = new CancellationTokenSource();
        var steps = 0;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Name == "tweedie.sampling.steps") listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (Thread.CurrentThread.Name == "Tweedie text-tdd" && ++steps == 3)
                gone.Cancel(); // in the thread that computes
        });
        listener.Start();

        var job = new DenoisingJob(version.Kind, new(null, [7]), version.Kind.Model.Resolve(new() { Steps = 500 }), streamed: null, gone.Token);
        version.Gate.TryAdd([job]).Should().BeTrue();

        await FluentActions.Awaiting(() => job.Result).Should().ThrowAsync<OperationCanceledException>();
        using (server.Block("text-tdd")) // the thread is free again
            steps.Should().Be(3);
        version.Release();
    }

    [Fact]
    public async Task Whoever_asks_alone_does_not_wait_for_others_and_company_is_waited_for()
    {
        var wait = TimeSpan.FromSeconds(10);
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"], options => options.BatchWait = wait);
        var gate = server.Models.All.Single().Gate;

        var alone = new Timed("alone");
        gate.TryAdd([alone]).Should().BeTrue();
        (await alone.Taken).Should().Be(1);
        alone.Waited.Should().BeLessThan(wait, "the thread was free, and nobody else had come");

        Timed[] together = [new("together"), new("together")];
        gate.TryAdd(together).Should().BeTrue();
        (await together[0].Taken).Should().Be(2);
        var (first, second) = (new Timed("next"), new Timed("next"));
        gate.TryAdd([first]).Should().BeTrue();
        gate.TryAdd([second]).Should().BeTrue();
        (await first.Taken).Should().Be(2, "after a batch of two the thread waits for the second");
    }

    [Fact]
    public async Task A_client_that_leaves_gives_its_place_in_the_queue_back()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"], options => options.QueueLength = 1);
        using var hold = server.Block("text-mdd");
        using var leave = new CancellationTokenSource();
        var left = server.Client.PostAsync("/api/models/text-mdd/generate", new StringContent("{}", null, "application/json"), leave.Token);
        await TinyServer.UntilAsync(() => server.Waiting("text-mdd") == 1, "it waits");
        using var next = new TinyServer.Hold();
        server.Models.All.Single().Gate.TryAdd([next]).Should().BeFalse("the queue is full");

        await leave.CancelAsync();

        await FluentActions.Awaiting(() => left).Should().ThrowAsync<OperationCanceledException>();
        await TinyServer.UntilAsync(() => server.Models.All.Single().Gate.TryAdd([next]), "its place is free");
    }

    [Fact]
    public async Task A_full_queue_refuses_more_and_says_when_to_come_again()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"], options => options.QueueLength = 3);
        Task<(int Status, System.Text.Json.JsonElement)>[] waiting;
        using (server.Block("text-mdd"))
        {
            waiting = [.. Enumerable.Range(0, 3).Select(_ => server.PostAsync("/api/models/text-mdd/generate", new { sampling = new { steps = 2 } }))];
            await TinyServer.UntilAsync(() => server.Waiting("text-mdd") == 3, "the queue is full");

            using var refused = await server.Client.PostAsync("/api/models/text-mdd/generate", new StringContent("{}", null, "application/json"));

            (await TinyServer.ProblemAsync(refused, 429)).Should().StartWith("The model has as many requests waiting");
            refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.Should().BeInRange(1, 60);
        }
        (await Task.WhenAll(waiting)).Select(answer => answer.Status).Should().AllBeEquivalentTo(200);
        (await server.PostAsync("/api/models/text-mdd/generate", new { count = 4, sampling = new { steps = 2 } })).Status.Should().Be(429, "a request of more than the queue takes has never room");
    }

    [Fact]
    public async Task A_deadline_ends_a_request()
    {
        await using var server = await TinyServer.StartAsync(folders, ["text-mdd"]);
        using var hold = server.Block("text-mdd");

        (await server.RefusedAsync("/api/models/text-mdd/generate", new { deadlineSeconds = 0.2 }, 504)).Should().StartWith("The answer was not ready within 0.2 seconds");
    }

    /// <summary>Work that says with how many others it was taken, and how long it waited.</summary>
    private sealed class Timed(string key) : Job(CancellationToken.None)
    {
        private readonly TaskCompletionSource<int> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override object Key => key;

        public override int Rows => 1;

        public Task<int> Taken => _taken.Task;

        public TimeSpan Waited { get; private set; }

        public override void Compute(IReadOnlyList<Job> batch)
        {
            foreach (var job in batch.Cast<Timed>())
            {
                job.Waited = Stopwatch.GetElapsedTime(job.Since);
                job._taken.TrySetResult(batch.Count);
            }
        }

        public override void Fail(Exception error) => _taken.TrySetException(error);
    }
}
