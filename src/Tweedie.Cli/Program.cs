using Tweedie.Cli;
using Tweedie.Platform;

NativeHeap.KeepFreedMemory();
return await CommandLineApp.RunAsync(args).ConfigureAwait(false);
