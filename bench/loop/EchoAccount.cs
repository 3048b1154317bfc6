using System;
using System.Globalization;

namespace Spindle.Bench.Loop;

/// <summary>CPU time of an echo server from its first message to the last goodbye.</summary>
internal sealed class EchoAccount(int connections)
{
    private const double MessageSize = 64;

    private long octets;
    private long started;
    private int closed;

    public static void TellPort(int port) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"port {port}"));

    public void Count(int length)
    {
        if (octets == 0)
        {
            started = Bench.CpuNs();
        }

        octets += length;
    }

    /// <summary>One connection less.</summary>
    /// <returns>True if it was the last.</returns>
    public bool Close()
    {
        if (++closed < connections)
        {
            return false;
        }

        Bench.Put($"echo_{connections}", (Bench.CpuNs() - started) / (octets / MessageSize));
        return true;
    }
}
