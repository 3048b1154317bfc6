using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Async;

namespace Spindle.Examples;

/// <summary>Talks to an echo server over many connections at once: <c>AsyncClient PORT CONNECTIONS MESSAGES</c>. Written with
/// await, and still one thread: nothing here needs a lock.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        int connections = 0;
        int messages = 0;
        if (arguments.Length != 3
            || !ushort.TryParse(arguments[0], CultureInfo.InvariantCulture, out ushort port)
            || !int.TryParse(arguments[1], CultureInfo.InvariantCulture, out connections) || connections < 1
            || !int.TryParse(arguments[2], CultureInfo.InvariantCulture, out messages) || messages < 1)
        {
            Console.Error.WriteLine("usage: AsyncClient PORT CONNECTIONS MESSAGES");
            return 2;
        }

        using EventLoop loop = new(new LinuxKernel());
        return loop.Run(() => TalkAsync(loop, port, connections, messages));
    }

    private static async Task<int> TalkAsync(EventLoop loop, ushort port, int connections, int messages)
    {
        List<Task<string>> talks = [];
        for (int number = 0; number < connections; number++)
        {
            talks.Add(TalkOnceAsync(loop, port, number, messages));
        }

        int failed = 0;
        foreach (string failure in await Task.WhenAll(talks))
        {
            if (failure.Length > 0)
            {
                failed++;
                Console.Error.WriteLine($"AsyncClient: {failure}");
            }
        }

        Console.WriteLine($"{connections - failed} of {connections} connections, {messages} messages each");
        return failed == 0 ? 0 : 1;
    }

    /// <returns>Why it failed, or nothing.</returns>
    private static async Task<string> TalkOnceAsync(EventLoop loop, ushort port, int number, int messages)
    {
        Result socket = loop.Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0);
        if (!socket.IsOk)
        {
            return $"no socket: {socket.Error}";
        }

        using AsyncFd connection = new(loop, socket.Int, ownsDescriptor: true);
        Result connected = await connection.ConnectAsync(SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), port));
        if (!connected.IsOk)
        {
            return $"port {port}: {connected.Error}";
        }

        byte[] sent = new byte[64];
        byte[] received = new byte[sent.Length];
        for (int message = 0; message < messages; message++)
        {
            sent.AsSpan().Fill((byte)(number + message));
            Result written = await connection.WriteAllAsync(sent);
            if (!written.IsOk)
            {
                return $"connection {number}: {written.Error}";
            }

            for (int got = 0; got < received.Length;)
            {
                Result read = await connection.ReadAsync(received.AsMemory(got));
                if (!read.IsOk || read.Value == 0)
                {
                    return $"connection {number} ended: {read}";
                }

                got += read.Int;
            }

            if (!received.AsSpan().SequenceEqual(sent))
            {
                return $"connection {number}: another answer than what was sent";
            }
        }

        return "";
    }
}
