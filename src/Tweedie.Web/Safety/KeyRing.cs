using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tweedie.Web.Safety;

/// <summary>The keys of a server. A key is compared with all of them, in a time that tells nothing about them.</summary>
internal sealed class KeyRing(TweedieWebOptions options)
{
    private const string Scheme = "Bearer ";

    private readonly byte[][] _hashes = [.. options.Keys.Select(Hash)];

    /// <summary>Whether a request needs a key.</summary>
    public bool IsNeeded => _hashes.Length > 0;

    /// <summary>The number of the key that a request has; null where it has none, or a wrong one.</summary>
    public int? Find(HttpRequest request)
    {
        var given = request.Headers["X-Api-Key"].ToString();
        if (given.Length == 0 && request.Headers.Authorization.ToString() is var header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            given = header[Scheme.Length..].Trim();
        var (hash, found) = (Hash(given), -1);
        foreach (var (number, key) in _hashes.Index())
            found = CryptographicOperations.FixedTimeEquals(hash, key) ? number : found;
        return found < 0 ? null : found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
