using Tweedie.Cli;

return await CommandLineApp.RunAsync(args).ConfigureAwait(false);
