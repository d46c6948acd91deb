namespace Tweedie.Cli;

/// <summary>The process's exit codes.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int TimeLimit = 124; // as timeout(1)
    public const int Interrupted = 130; // 128 + SIGINT
    public const int Killed = 137; // 128 + SIGKILL
    public const int Terminated = 143; // 128 + SIGTERM
}
