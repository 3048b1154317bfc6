using System;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Async;

namespace Spindle.Bench.Loop;

/// <summary>The echo server with <c>await</c>, as one would write it.</summary>
internal sealed class AwaitedEcho
{
    private readonly EventLoop loop = Bench.NewLoop();
    private readonly EchoAccount account;
    private readonly int connections;

    public AwaitedEcho(int connections)
    {
        this.connections = connections;
        account = new EchoAccount(connections);
    }

    public void Run()
    {
        try
        {
            loop.Run(AcceptAsync);
        }
        catch (OperationCanceledException)
        {
            // The last connection quit the loop.
        }
    }

    private async Task AcceptAsync()
    {
        using AsyncFd listener = new(loop, Echo.Listen(out int port));
        EchoAccount.TellPort(port);
        for (int accepted = 0; accepted < connections; accepted++)
        {
            Result result = await listener.AcceptAsync();
            Echo.SetNoDelay(Bench.Checked(result, "accept"));
            _ = ServeAsync(result.Int);
        }

        await listener.ReadableAsync();
    }

    private async Task ServeAsync(int fd)
    {
        using AsyncFd connection = new(loop, fd, ownsDescriptor: true);
        byte[] data = new byte[4096];
        while (true)
        {
            Result result = await connection.ReadAsync(data);
            if (!result.IsOk || result.Int == 0)
            {
                break;
            }

            account.Count(result.Int);
            Bench.Checked(await connection.WriteAllAsync(data.AsMemory(0, result.Int)), "write");
        }

        if (account.Close())
        {
            loop.Quit();
        }
    }
}
