using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>What sides of every subject have: a kernel, its time, requests over netlink, settings under <c>/proc/sys/net</c>.</summary>
internal abstract class CheckSide : IDisposable
{
    private readonly Action<TimeSpan> pass;
    private uint sequence;

    protected CheckSide(Kernel kernel, Action<TimeSpan> pass)
    {
        Kernel = kernel;
        this.pass = pass;
        Requests = Require(kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0));
    }

    protected Kernel Kernel { get; }

    /// <summary>The netlink socket that requests go over.</summary>
    protected int Requests { get; }

    /// <summary>Room for one message, whatever it is.</summary>
    protected byte[] Buffer { get; } = new byte[1 << 16];

    public virtual void Dispose() => Kernel.Close(Requests);

    /// <summary>Makes a request; the name of the error that it is answered with. New links are looked at once before this returns.</summary>
    public string Ask(NetlinkStep step)
    {
        string answer = Answer(step);
        if (step.WaitsForLook)
        {
            Pass(NetlinkStep.FirstLook);
        }

        return answer;
    }

    protected static string Text(Result result) =>
        result.IsOk ? result.Value.ToString(CultureInfo.InvariantCulture) : result.Error.ToString();

    /// <exception cref="NamespaceCheckException">The call has failed.</exception>
    protected static int Require(Result result) =>
        result.IsOk ? result.Int : throw new NamespaceCheckException($"the check cannot be set up: {result.Error}");

    protected void Pass(TimeSpan span) => pass(span);

    /// <summary>Makes a request that the check needs.</summary>
    /// <exception cref="NamespaceCheckException">It was refused.</exception>
    protected void Demand(NetlinkStep step)
    {
        if (Answer(step) is var answer && answer != nameof(Errno.None))
        {
            throw new NamespaceCheckException($"{step.Text}: {answer}");
        }
    }

    /// <summary>Sends a request with the next number; how many octets of <see cref="Buffer"/> the first answer has.</summary>
    protected int Send(byte[] request)
    {
        byte[] message = [.. request];
        MemoryMarshal.Write(message.AsSpan(8), ++sequence);
        Require(Kernel.Send(Requests, message));
        return Require(Kernel.Receive(Requests, Buffer));
    }

    /// <summary>Writes a file: how many octets it took, or the name of the error.</summary>
    protected string WriteFile(string path, string value)
    {
        Result file = Kernel.Open(path, FileFlags.Write);
        if (!file.IsOk)
        {
            return Text(file);
        }

        Result written = Kernel.Write(file.Int, Encoding.ASCII.GetBytes(value));
        Kernel.Close(file.Int);
        return Text(written);
    }

    private string Answer(NetlinkStep step) =>
        Send(step.Octets) >= 20 ? ((Errno)(-MemoryMarshal.Read<int>(Buffer.AsSpan(16)))).ToString() : "cut";
}
