namespace Tweedie.Web.Safety;

/// <summary>What guards an endpoint of the server.</summary>
/// <param name="IsOpen">Whether it needs no key: the page and the checks of health.</param>
/// <param name="Computes">Whether it counts against the rate of its key, and is refused when the server stops.</param>
internal sealed record EndpointKind(bool IsOpen = false, bool Computes = false);
