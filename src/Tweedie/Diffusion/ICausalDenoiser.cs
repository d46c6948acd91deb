using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>A denoiser in which a token sees only the tokens before it, so that rows can be written token by token.</summary>
internal interface ICausalDenoiser : IDenoiser
{
    /// <summary>Begins rows of no tokens.</summary>
    /// <param name="rows">Rows of each item, side by side.</param>
    ICausalPass Begin(int rows = 1);
}

/// <summary>A way through rows, token by token. It keeps what it has computed of their tokens.</summary>
internal interface ICausalPass : IDisposable
{
    /// <summary>The number of rows.</summary>
    long Rows { get; }

    /// <summary>The guided scores of the tokens at a position.</summary>
    /// <param name="tokens">The rows, shape (rows, N), int64; only tokens before the position count, and those that were there at earlier calls are unchanged.</param>
    /// <param name="position">The position: 0 at the first call, then one more at each.</param>
    /// <param name="guidance">The guidance scale; 1 needs no unconditional pass.</param>
    /// <returns>Scores of K entries for (rows, 1) tokens; they belong to the caller's dispose scope.</returns>
    Logits Next(Tensor tokens, int position, double guidance);

    /// <summary>Takes the tokens of each row from a row that may be another one.</summary>
    /// <param name="rows">The row that each row continues, shape (rows), int64.</param>
    void Reorder(Tensor rows);
}
