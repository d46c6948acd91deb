using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>What <c>tweedie eval</c> evaluates, and where its result goes.</summary>
internal sealed record EvalTarget(string Model, string Data, int? Limit, string? Json, Device Device, Precision Precision);
