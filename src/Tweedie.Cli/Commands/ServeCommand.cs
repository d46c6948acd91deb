using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Web;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie serve</c>.</summary>
internal static class ServeCommand
{
    private const string KeysVariable = "TWEEDIE_KEYS";

    public static Command Create()
    {
        var models = new Option<string[]>("--model") { Description = "A model: its folder, that of a training, or a checkpoint; NAME=DIR gives it a name. May be repeated", Required = true, HelpName = "[NAME=]DIR", Arity = ArgumentArity.OneOrMore };
        var urls = CommonOptions.Names("--urls", $"Addresses to listen on, such as http://0.0.0.0:5080; by default {TweedieServer.DefaultAddress}, which this machine alone reaches");
        var keys = new Option<string?>("--keys") { Description = $"File with the keys of which a request must have one, a line each; so does the variable {KeysVariable}", HelpName = "FILE" };
        var noKey = new Option<bool>("--no-key") { Description = "Answer without a key on addresses that other machines reach" };
        var gallery = new Option<string?>("--gallery") { Description = "Folder of images that the page offers", HelpName = "DIR" };
        var batch = new Option<int>("--batch-size") { Description = "Trajectories that are denoised together at most", DefaultValueFactory = _ => 32, HelpName = "N" }.AtLeast(1);
        var wait = new Option<int>("--batch-wait") { Description = "Milliseconds that a free model waits at most for further requests, where the one before had company", DefaultValueFactory = _ => 5, HelpName = "MS" }.AtLeast(0);
        var queue = new Option<int>("--queue-length") { Description = "Images, texts and rows that wait per model; more are refused", DefaultValueFactory = _ => 256, HelpName = "N" }.AtLeast(1);
        var rate = new Option<int?>("--requests-per-minute") { Description = "Requests per minute and key; by default 600 with keys, and no limit without", HelpName = "N" }.AtLeast(1);
        var deadline = new Option<int>("--deadline") { Description = "Seconds that a request may take", DefaultValueFactory = _ => 60, HelpName = "S" }.AtLeast(1);
        var shutdown = new Option<int>("--shutdown-time") { Description = "Seconds that requests may run on when the server is stopped", DefaultValueFactory = _ => 20, HelpName = "S" }.AtLeast(0);
        var verbose = new Option<bool>("--verbose") { Description = "Log every request, without its images and texts" };
        var (compute, precision) = (new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("serve",
            "Serve models over HTTP, with a page on which one watches them denoise. Ctrl-C stops it.\nExample: tweedie serve --model runs/photos --model captions=runs/flickr8k")
        { models, urls, keys, noKey, gallery, batch, wait, queue, rate, deadline, shutdown, verbose, compute.Device, compute.Threads, precision };
        command.SetAction(async (parsed, cancellation) =>
        {
            var device = compute.Open(parsed);
            var weights = parsed.GetValue(precision).WarnIfSlow(device);
            ModelSource[] sources = [.. parsed.GetRequiredValue(models).Select(SourceOf)];
            var secrets = parsed.GetValue(keys) is { } file ? TextFile.Read(file) : Environment.GetEnvironmentVariable(KeysVariable) ?? "";
            return await RunAsync(options =>
            {
                foreach (var source in sources)
                    options.Models.Add(source);
                options.AddKeys(secrets);
                if (parsed.GetValue(keys) is { } named && options.Keys.Count == 0)
                    throw new TweedieException($"{named}: has no key; write one per line.");
                (options.Device, options.Precision, options.Gallery) = (device, weights, parsed.GetValue(gallery));
                (options.AllowWithoutKey, options.RequestsPerMinute) = (parsed.GetValue(noKey), parsed.GetValue(rate));
                (options.BatchSize, options.BatchWait, options.QueueLength) = (parsed.GetValue(batch), TimeSpan.FromMilliseconds(parsed.GetValue(wait)), parsed.GetValue(queue));
                options.ShutdownTime = TimeSpan.FromSeconds(parsed.GetValue(shutdown));
                var time = TimeSpan.FromSeconds(parsed.GetValue(deadline));
                options.Limits = options.Limits with { Deadline = time, LongestDeadline = time > options.Limits.LongestDeadline ? time : options.Limits.LongestDeadline };
            }, parsed.GetRequiredValue(urls), parsed.GetValue(verbose), cancellation).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>Serves until it is interrupted, which is how a server ends.</summary>
    /// <param name="configure">Names the models and sets the options.</param>
    /// <param name="urls">Where it listens; empty for the default.</param>
    /// <param name="logsRequests">Whether every request is logged.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<int> RunAsync(Action<TweedieWebOptions> configure, string[] urls, bool logsRequests, CancellationToken cancellation)
    {
        var app = TweedieServer.Create(configure, urls, builder =>
        {
            builder.Services.AddSingleton<IHostLifetime, Unhandled>();
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // the command says itself why it cannot start
                .AddFilter("Tweedie.Web", logsRequests ? LogLevel.Information : LogLevel.Warning);
        });
        await using (app.ConfigureAwait(false))
        {
            await StartAsync(app, cancellation).ConfigureAwait(false);
            var console = Screen.Create();
            foreach (var url in app.Urls)
                console.WriteLine($"Listening on {url}");
            console.WriteLine("Ctrl-C stops it.");
            var stopped = new TaskCompletionSource();
            using (cancellation.Register(stopped.SetResult))
                await stopped.Task.ConfigureAwait(false);
            console.WriteLine("Stopping; requests that run may end.");
            await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        return ExitCodes.Success;
    }

    private static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException error) // an address is taken
        {
            throw new TweedieException($"The server cannot start: {OneLine.Of(error.Message)}", error, FaultKind.Resources);
        }
    }

    private static ModelSource SourceOf(string word) => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign && !Directory.Exists(word)
        ? new(word[(sign + 1)..], word[..sign]) : new(word);

    /// <summary>The command itself waits for signals.</summary>
    private sealed class Unhandled : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
