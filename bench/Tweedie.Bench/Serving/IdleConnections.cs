using System.Net;
using System.Net.Sockets;

namespace Tweedie.Bench.Serving;

/// <summary>Connections that ask nothing. Half of them send the first bytes of a request.</summary>
internal sealed class IdleConnections : IDisposable
{
    private readonly List<Socket> _sockets = [];

    private IdleConnections()
    {
    }

    /// <summary>How many are open.</summary>
    public int Count => _sockets.Count;

    /// <summary>Opens connections to this machine, one after the other.</summary>
    public static async Task<IdleConnections> OpenAsync(int port, int count, CancellationToken cancellation)
    {
        var connections = new IdleConnections();
        for (var number = 0; number < count; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            connections._sockets.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            if (number % 2 == 0)
                await socket.SendAsync("GET / HT"u8.ToArray(), cancellation);
        }
        return connections;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }
}
