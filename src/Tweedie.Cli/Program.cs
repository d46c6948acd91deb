using Tweedie.Cli;
using Tweedie.Platform;
using Tweedie.Training;

if (OpenMpi.IsStarted)
    Environment.SetEnvironmentVariable("TERM", "dumb"); // else the console begins with codes for the terminal that mpirun gives each process
NativeHeap.KeepFreedMemory();
return await CommandLineApp.RunAsync(args).ConfigureAwait(false);
