using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Spindle.Bench.Loop;

/// <summary>The same server with .NET's own sockets.</summary>
internal sealed class DotnetEcho
{
    private readonly int connections;
    private readonly Lock gate = new();
    private readonly EchoAccount account;
    private readonly TaskCompletionSource over = new();

    public DotnetEcho(int connections)
    {
        this.connections = connections;
        account = new EchoAccount(connections);
    }

    public async Task RunAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        EchoAccount.TellPort(((IPEndPoint)listener.LocalEndPoint!).Port);
        for (int accepted = 0; accepted < connections; accepted++)
        {
            Socket client = await listener.AcceptAsync();
            client.NoDelay = true;
            _ = ServeAsync(client);
        }

        await over.Task;
    }

    private async Task ServeAsync(Socket client)
    {
        byte[] data = new byte[4096];
        int length;
        while ((length = await client.ReceiveAsync(data.AsMemory())) > 0)
        {
            lock (gate)
            {
                account.Count(length);
            }

            await client.SendAsync(data.AsMemory(0, length));
        }

        client.Dispose();
        lock (gate)
        {
            if (account.Close())
            {
                over.SetResult();
            }
        }
    }
}
